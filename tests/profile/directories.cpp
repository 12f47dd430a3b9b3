#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "profile/reader.hpp"
#include "tests/profile/scratch.hpp"

using namespace ukey;
using namespace ukey::profile;
using ukey::profile::test::kShipped;
using ukey::profile::test::Scratch;

namespace {

std::string token(const std::string& id, const std::string& maker) {
  return "id = \"" + id +
         "\"\nname = { zh = \"甲\", en = \"a\" }\nautoload = false\nmatch = [{ manufacturer = \"" +
         maker + "\", model = \"M\" }]\n[seals]\nprivacy = \"never\"\n";
}

std::string ca(const std::string& id, const std::string& organisation) {
  return "id = \"" + id +
         "\"\nname = { zh = \"甲\", en = \"a\" }\ncertificates = \"dual\"\nissuers = [{ O = \"" +
         organisation + "\" }]\n";
}

base::Error refusal(const std::vector<std::string>& directories) {
  try {
    static_cast<void>(read_profiles(directories));
  } catch (const base::Error& error) {
    return error;
  }
  FAIL("read");
  return base::Error(base::Code::bug);
}

std::vector<std::string> subjects(const std::vector<base::Error>& errors) {
  std::vector<std::string> out;
  for (const auto& error : errors) out.push_back(error.subject());
  return out;
}

}  // namespace

TEST_CASE("the earlier directory wins for each kind and name, and the later ones supply the rest") {
  const Scratch first, second;
  first.put("tokens/a.toml", token("a", "First"));
  second.put("tokens/a.toml", token("a", "Second"));
  second.put("tokens/b.toml", token("b", "Other"));
  second.put("cas/a.toml", ca("a", "Test A"));
  const auto profiles = read_profiles({first.path(), second.path()});
  REQUIRE(profiles.tokens.size() == 2);
  CHECK(profiles.tokens[0].match[0].manufacturer == "First");
  CHECK(profiles.tokens[0].file == first.path("tokens/a.toml"));
  CHECK(profiles.tokens[1].id == "b");
  REQUIRE(profiles.cas.size() == 1);
  CHECK(profiles.cas[0].id == "a");
  const auto swapped = read_profiles({second.path(), first.path()});
  CHECK(swapped.tokens[0].match[0].manufacturer == "Second");
}

TEST_CASE("a broken file that another takes the place of does no harm, but the checker shows it") {
  const Scratch first, second;
  first.put("tokens/a.toml", token("a", "First"));
  const auto broken = second.put("tokens/a.toml", "id = 7\n");
  CHECK(read_profiles({first.path(), second.path()}).tokens.size() == 1);
  const auto errors = check_profiles({first.path(), second.path()});
  REQUIRE_FALSE(errors.empty());
  for (const auto& error : errors) CHECK(error.subject().starts_with(broken + ":1: "));
  CHECK(refusal({second.path(), first.path()}).subject().starts_with(broken + ":1: "));
}

TEST_CASE("a directory that is not there is skipped, and none at all is an error about the first") {
  const Scratch scratch;
  scratch.put("tokens/a.toml", token("a", "First"));
  CHECK(read_profiles({scratch.path("none"), scratch.path()}).tokens.size() == 1);
  const auto error = refusal({scratch.path("none"), scratch.path("neither")});
  CHECK(error.code() == base::Code::bad_profile);
  CHECK(error.subject() == scratch.path("none"));
  CHECK(refusal({}).code() == base::Code::bad_profile);
  CHECK(check_profiles({scratch.path("none")}).size() == 1);
}

TEST_CASE("a directory without tokens, cas and platforms is not usable") {
  const Scratch scratch;
  scratch.put("readme", "");
  CHECK(refusal({scratch.path()}).code() == base::Code::bad_profile);
}

TEST_CASE("a directory that cannot be listed is a file error") {
  const Scratch scratch;
  scratch.put("cas/a.toml", ca("a", "Test A"));
  scratch.put("tokens", "a file");
  CHECK(refusal({scratch.path()}).code() == base::Code::file_io);
  CHECK(refusal({scratch.path()}).subject() == scratch.path("tokens"));
  CHECK(refusal({scratch.path("tokens")}).code() == base::Code::file_io);
  if (geteuid() == 0) return;  // root may list everything
  const Scratch other;
  other.put("tokens/a.toml", token("a", "First"));
  std::filesystem::permissions(other.path("tokens"), std::filesystem::perms::none);
  const auto error = refusal({other.path()});
  std::filesystem::permissions(other.path("tokens"), std::filesystem::perms::owner_all);
  CHECK(error.code() == base::Code::file_io);
}

TEST_CASE("what is no profile is not looked at, and a link that leads nowhere is a file error") {
  const Scratch scratch;
  scratch.put("tokens/a.toml", token("a", "First"));
  scratch.put("tokens/a.toml~", "not TOML");
  scratch.put("tokens/.b.toml", "not TOML");
  scratch.put("tokens/README", "not TOML");
  CHECK(read_profiles({scratch.path()}).tokens.size() == 1);
  std::filesystem::create_symlink("nowhere", scratch.path("tokens/c.toml"));
  CHECK(refusal({scratch.path()}).code() == base::Code::file_io);
}

TEST_CASE(
    "the checker finds a CA that a platform names and no file describes, in the other kinds' "
    "absence too") {
  const Scratch scratch;
  scratch.put("platforms/qinghai.toml", test::slurp(kShipped + "/platforms/qinghai.toml"));
  const auto file = scratch.path("platforms/qinghai.toml");
  const auto errors = subjects(check_profiles({scratch.path()}));
  CHECK(errors.size() == 4);  // two renewable CAs, two contacts
  CHECK(std::ranges::all_of(errors, [&](const auto& s) { return s.starts_with(file + ":"); }));
  CHECK(check_profiles({scratch.path(), kShipped}).empty());
  CHECK(read_profiles({scratch.path()}).platforms.size() == 1);
}

TEST_CASE(
    "the checker finds two files that hold the same match or issuer, unless one takes the other's "
    "place") {
  const Scratch first, second;
  first.put("tokens/a.toml", token("a", "Same"));
  second.put("tokens/a.toml", token("a", "Same"));
  CHECK(check_profiles({first.path(), second.path()}).empty());
  const auto token_file = second.put("tokens/b.toml", token("b", "Same"));
  const auto ca_file = second.put("cas/d.toml", ca("d", "same org"));
  second.put("cas/c.toml", ca("c", "Same Org"));
  CHECK(subjects(check_profiles({first.path(), second.path()})) ==
        std::vector<std::string>{token_file + ":4: match[0].manufacturer",
                                 ca_file + ":4: issuers[0]"});
}
