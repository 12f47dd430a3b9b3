#include <doctest/doctest.h>

#include <map>
#include <sstream>

#include "profile/reader.hpp"
#include "tests/profile/scratch.hpp"

using namespace ukey;
using namespace ukey::profile;
using ukey::profile::test::Scratch;

namespace {

/// The literal displays of the page that follow a comment naming a file, by that name.
std::map<std::string, std::string> examples(const std::string& page) {
  constexpr std::string_view kMark = ".\\\" file: ";
  std::map<std::string, std::string> out;
  std::istringstream lines(page);
  std::string line, name;
  bool inside = false;
  while (std::getline(lines, line)) {
    if (line.starts_with(kMark)) name = line.substr(kMark.size());
    if (line == ".Ed") {
      inside = false;
      name.clear();
    }
    if (inside && !name.empty()) out[name] += line + "\n";
    if (line == ".Bd -literal") inside = true;
  }
  return out;
}

}  // namespace

TEST_CASE(
    "the examples in ukey-profile(5) are complete files that the reader takes without a finding") {
  const auto found = examples(test::slurp(UKEY_SOURCE_DIR "/man/ukey-profile.5"));
  REQUIRE(found.size() == 3);
  const Scratch scratch;
  for (const auto& [name, text] : found) {
    CAPTURE(name);
    CHECK(text.find('\\') == std::string::npos);  // nothing that mandoc would read as an escape
    scratch.put(name, text);
  }
  CHECK(check_profiles({scratch.path()}).empty());
  const auto profiles = read_profiles({scratch.path()});
  REQUIRE(profiles.tokens.size() == 1);
  REQUIRE(profiles.cas.size() == 1);
  REQUIRE(profiles.platforms.size() == 1);
  CHECK(profiles.tokens[0].errors.at(0x800000a0).en == "the fingerprint does not match");
  CHECK(profiles.tokens[0].hints.at(base::Code::module_broken).en ==
        "Start the example service first.");
  CHECK(profiles.tokens[0].seal_labels.at(model::SealRole::unit).back() == "UNIT SEAL");
  CHECK(profiles.cas[0].contact.hotline == "000-0000000");
  REQUIRE(profiles.cas[0].renewal);
  CHECK(profiles.cas[0].renewal->url == "https://cmp.example/pkix/");
  CHECK(profiles.platforms[0].window == std::chrono::days{60});
  CHECK(profiles.platforms[0].services.size() == 2);
}
