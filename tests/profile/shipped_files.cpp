#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "profile/reader.hpp"
#include "tests/profile/scratch.hpp"

using namespace ukey;
using namespace ukey::profile;
using ukey::profile::test::kShipped;
using ukey::profile::test::Scratch;
using ukey::profile::test::slurp;

namespace {

const model::TokenProfile& token(const model::Profiles& profiles, std::string_view id) {
  const auto row = std::ranges::find(profiles.tokens, id, &model::TokenProfile::id);
  REQUIRE(row != profiles.tokens.end());
  return *row;
}

const model::CaProfile& ca(const model::Profiles& profiles, std::string_view id) {
  const auto row = std::ranges::find(profiles.cas, id, &model::CaProfile::id);
  REQUIRE(row != profiles.cas.end());
  return *row;
}

bool names(const model::CaProfile& ca, const model::IssuerPattern& pattern) {
  return std::ranges::find(ca.issuers, pattern) != ca.issuers.end();
}

}  // namespace

TEST_CASE("every shipped file is read, and the checker finds nothing in any of them") {
  const auto profiles = read_profiles({kShipped});
  std::set<std::string> ids;
  for (const auto& row : profiles.tokens) ids.insert(row.id);
  CHECK(ids == std::set<std::string>{"bjca", "feitian", "longmai", "opencryptoki", "opensc",
                                     "practice", "remote", "softhsm", "watchdata"});
  ids.clear();
  for (const auto& row : profiles.cas) ids.insert(row.id);
  CHECK(ids == std::set<std::string>{"bjca", "hbca", "jsca"});
  for (const auto& row : profiles.cas) CHECK_FALSE(row.renewal);  // no CA has published a server
  REQUIRE(profiles.platforms.size() == 1);
  CHECK(profiles.platforms.front().id == "qinghai");
  CHECK(check_profiles({kShipped}).empty());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kShipped))
    if (entry.is_regular_file()) CHECK(check_file(entry.path().string()).empty());
}

TEST_CASE(
    "the practice token locks at the sixth try, keeps its seals public, and loads only when it is "
    "asked for") {
  const auto profiles = read_profiles({kShipped});
  const auto& practice = token(profiles, "practice");
  CHECK(practice.retry_limit == 6U);
  CHECK(practice.seal_privacy == model::SealPrivacy::never);
  CHECK_FALSE(practice.autoload);
  CHECK(practice.module_files == std::vector<std::string>{"ukey-practice.so"});
  REQUIRE(practice.match.size() == 1);
  CHECK(practice.match[0].manufacturer == "ukey");
  CHECK(practice.match[0].model == "practice UKey");
  CHECK(practice.unconfirmed.empty());
}

TEST_CASE("SoftHSM has no retry limit because it never locks, and openCryptoki has three") {
  const auto profiles = read_profiles({kShipped});
  CHECK_FALSE(token(profiles, "softhsm").retry_limit.has_value());
  CHECK(token(profiles, "softhsm").autoload);
  const auto& ibm = token(profiles, "opencryptoki");
  CHECK(ibm.retry_limit == 3U);
  CHECK(ibm.mechanisms.at(0x8005000c) == "CKM_IBM_SM2_SM3");
  CHECK(ibm.key_types.at(0x80050002) == "CKK_IBM_SM2");
  const bool debian = std::ranges::any_of(ibm.match, [](const auto& row) {
    return row.manufacturer == "IBM Corp." && row.model == "IBM SoftTok";
  });
  CHECK(debian);
}

TEST_CASE(
    "a vendor profile that nobody confirmed hides its seals and says what is unconfirmed, a match "
    "included") {
  const auto profiles = read_profiles({kShipped});
  for (const auto* id : {"bjca", "longmai", "feitian", "watchdata"}) {
    CAPTURE(id);
    const auto& row = token(profiles, id);
    CHECK(row.match.empty() == (row.id != "feitian"));
    CHECK(row.seal_privacy == model::SealPrivacy::hidden);
    CHECK_FALSE(row.unconfirmed.empty());
    const auto says = [&row](std::string_view key) {
      return std::ranges::find(row.unconfirmed, key) != row.unconfirmed.end();
    };
    CHECK(says("seals.privacy"));
    CHECK(says("match[0]") == !row.match.empty());
    CHECK(says("errors") == !row.errors.empty());
    CHECK(says("retry_limit") == row.retry_limit.has_value());
  }
  CHECK(token(profiles, "feitian").key_types.at(0x80000021) == "CKK_SSF33");
  CHECK(token(profiles, "bjca").errors.contains(0x0b0000a9));
  CHECK(token(profiles, "remote").match.empty());
  CHECK_FALSE(token(profiles, "remote").autoload);
  using base::Code;
  for (const auto code :
       {Code::no_token, Code::not_supported, Code::module_broken, Code::module_timeout})
    CHECK(token(profiles, "remote").hints.contains(code));
}

TEST_CASE("a profile without labels has the usual ones") {
  const auto profiles = read_profiles({kShipped});
  CHECK(token(profiles, "practice").seal_labels == default_seal_labels());
  CHECK(default_seal_labels().size() == 3);
  CHECK(default_seal_labels().at(model::SealRole::unit).front() == "单位公章");
}

TEST_CASE(
    "the CAs know their issuers, ask for the signing key only, and leave contacts to the "
    "platform") {
  const auto profiles = read_profiles({kShipped});
  CHECK(names(ca(profiles, "bjca"), {{"O", "BJCA"}}));
  CHECK(names(ca(profiles, "bjca"), {{"O", "BJCA"}, {"CN", "Beijing SM2 CA"}}));
  CHECK(names(ca(profiles, "hbca"), {{"O", "Hubei Digital Certificate Authority Center CO Ltd."}}));
  CHECK(names(ca(profiles, "jsca"),
              {{"O", "江苏省电子商务服务中心有限责任公司"}, {"CN", "JSCA_CA_SM2"}}));
  CHECK(ca(profiles, "bjca").trust_sha256.size() == 4);
  CHECK(ca(profiles, "hbca").trust_sha256.empty());
  for (const auto& row : profiles.cas) {
    CAPTURE(row.id);
    CHECK(row.certificates == model::CertificateKind::dual);
    CHECK(row.contact.hotline.empty());
    CHECK_FALSE(row.unique_id_oids.empty());
    for (const auto& digest : row.trust_sha256) CHECK(digest == base::ascii_lower(digest));
  }
}

TEST_CASE("a shipped file cut off anywhere is read or refused, and nothing worse happens") {
  const Scratch scratch;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kShipped)) {
    if (!entry.is_regular_file()) continue;
    const auto whole = slurp(entry.path());
    const auto kind = entry.path().parent_path().filename().string();
    const auto name = kind + "/" + entry.path().filename().string();
    for (std::size_t size = 0; size < whole.size(); size += 50) {
      const auto file = scratch.put(name, whole.substr(0, size));
      CAPTURE(name);
      CAPTURE(size);
      for (const auto& error : check_file(file)) {
        CHECK(error.code() == base::Code::bad_profile);
        CHECK(error.subject().starts_with(file + ":"));
      }
    }
    CHECK(slurp(entry.path()) == whole);
  }
}

TEST_CASE("a shipped file with one octet changed is read or refused, and nothing worse happens") {
  const Scratch scratch;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kShipped)) {
    if (!entry.is_regular_file()) continue;
    auto text = slurp(entry.path());
    const auto kind = entry.path().parent_path().filename().string();
    for (std::size_t at = 7; at < text.size(); at += 101) {
      const char kept = text[at];
      text[at] = "\"[].\xff\n={#"[at % 9];
      const auto file = scratch.put(kind + "/" + entry.path().filename().string(), text);
      CAPTURE(at);
      for (const auto& error : check_file(file)) CHECK(error.code() == base::Code::bad_profile);
      text[at] = kept;
    }
  }
}
