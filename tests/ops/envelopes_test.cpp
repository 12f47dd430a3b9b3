// Envelopes and the one token: folders, bids, whom to encrypt to, when the PIN is asked for.
#include "ops/envelopes.hpp"

#include "base/file.hpp"
#include "fixture.hpp"
#include "ops/certificates.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;
using model::EnvelopeOpens;

namespace {

constexpr const char* kMaster = "练习-企业主锁-临期";
constexpr const char* kOther = "练习-企业副锁-临期";

std::string file_in(const TempFolder& folder, const std::string& name, std::string_view contents) {
  auto path = (folder.path() / name).string();
  base::write_file(path, base::as_bytes(contents));
  return path;
}

/// An envelope for the token's current encryption certificate that holds "bid".
std::string envelope_for(const TempFolder& folder, const std::string& name, const char* label) {
  const auto read = read_token_certificates(bench_of(label), false);
  base::Bytes octets;
  make_envelope(
      file_in(folder, "plain", "bid"), receivers(read.rows, false), true,
      [&octets](base::ByteView piece) { octets.insert(octets.end(), piece.begin(), piece.end()); });
  return file_in(folder, name, base::as_text(octets));
}

}  // namespace

TEST_CASE(
    "a file is opened with the token, after one login, and the PIN is not asked for in vain") {
  const NineTokens tokens;
  const TempFolder folder;
  const auto sealed = envelope_for(folder, "sealed", kMaster);
  const auto bench = bench_of(kMaster);
  const Asked asked(*bench);
  std::string got;
  const auto unlocked = unlock_envelope(bench, sealed);
  pour_envelope(unlocked, [&got](base::ByteView piece) { got += base::as_text(piece); });
  CHECK(got == "bid");
  CHECK(unlocked.row.opens == EnvelopeOpens::current);
  CHECK(asked.serials().size() == 1);

  const auto foreign = envelope_for(folder, "foreign", kOther);
  CHECK(error_of([&] { (void)unlock_envelope(bench, foreign); }).code() == Code::not_found);
  const auto garbage = file_in(folder, "garbage", "none");
  CHECK(error_of([&] { (void)unlock_envelope(bench, garbage); }).code() == Code::bad_input);
  CHECK(error_of([&] { (void)unlock_envelope(bench, folder.path() / "nothing"); }).code() ==
        Code::file_io);
  CHECK(asked.serials().size() == 1);
}

TEST_CASE("all files below a folder are examined in order, links in a circle do no harm") {
  const NineTokens tokens;
  const TempFolder folder;
  const auto bids = folder.path() / "bids";
  std::filesystem::create_directories(bids / "b");
  std::filesystem::create_directory_symlink(bids, bids / "b" / "circle");
  const auto sealed = envelope_for(folder, "sealed", kMaster);
  std::filesystem::copy_file(sealed, bids / "c");
  std::filesystem::copy_file(sealed, bids / "b" / "a");
  file_in(folder, "bids/a.txt", "not encrypted");
  const std::vector<std::string> paths{bids.string()};
  const auto rows = check_envelopes(bench_of(kMaster), paths).rows;
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].file == (bids / "a.txt").string());
  CHECK(rows[0].error);
  CHECK(rows[1].file == (bids / "b" / "a").string());
  CHECK(rows[1].opens == EnvelopeOpens::current);
  CHECK(rows[2].file == (bids / "c").string());
  CHECK_FALSE(all_open(rows));
  CHECK(all_open(std::span{rows}.subspan(1)));
  CHECK_FALSE(all_open({}));
}

TEST_CASE("a folder without a file is a finding") {
  const TempFolder folder;
  const std::vector<std::string> paths{folder.path().string()};
  const auto rows = examine_envelopes(paths, {});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].error->code() == Code::bad_input);
}

TEST_CASE("bids are what a current certificate opens; what nobody can read is told apart") {
  const NineTokens tokens;
  const TempFolder folder;
  const std::vector<std::string> paths{envelope_for(folder, "mine", kMaster),
                                       envelope_for(folder, "theirs", kOther),
                                       file_in(folder, "broken", "0")};
  auto rows = read_token_certificates(bench_of(kMaster), false).rows;
  const auto bids = bid_envelopes(paths, rows);
  REQUIRE(bids.current.size() == 1);
  CHECK(bids.current[0].file == paths[0]);
  REQUIRE(bids.unread.size() == 1);
  CHECK(bids.unread[0].file == paths[2]);
  CHECK(bids.others == 1);
  for (auto& row : rows) row.current = false;
  CHECK(bid_envelopes(paths, rows).current.empty());
  CHECK(bid_envelopes(paths, rows).others == 2);
}

TEST_CASE("nothing is encrypted to a certificate that has ended, has not begun or only signs") {
  const NineTokens tokens;
  auto bench = bench_of(kMaster);
  const auto rows = read_token_certificates(bench, false).rows;
  const auto chosen = receivers(rows, false);
  REQUIRE(chosen.size() == 1);
  CHECK(chosen[0].certificate.role == model::Role::encrypt);
  CHECK(error_of([&] { (void)receivers(rows, true); }).code() == Code::certificate_unfit);
  CHECK(error_of([] { (void)receivers({}, false); }).code() == Code::not_found);
  for (const auto* when : {"2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z"}) {
    bench->as_of = at(when);
    const auto then = read_token_certificates(bench, false).rows;
    CHECK(error_of([&] { (void)receivers(then, false); }).code() == Code::certificate_unfit);
  }
}

TEST_CASE("a changed encrypted key is told of the file, whatever the token answers to it") {
  const NineTokens tokens;
  const TempFolder folder;
  const auto sealed = envelope_for(folder, "sealed", kMaster);
  const auto bench = bench_of(kMaster);
  const Asked asked(*bench);
  for (const char* answer : {"0x5", "0x6", "0x20", "0x21", "0x40", "0x41"}) {
    CAPTURE(answer);
    const Demand fault{std::string{"C_Decrypt:1="} + answer};
    const auto error = error_of([&] { (void)unlock_envelope(bench, sealed); });
    CHECK(error.code() == Code::bad_input);
    CHECK(error.subject() == sealed);
    CHECK_FALSE(error.answer());
  }
}

TEST_CASE("what the token refuses otherwise is told with its answer") {
  const NineTokens tokens;
  const TempFolder folder;
  const auto sealed = envelope_for(folder, "sealed", kMaster);
  const auto bench = bench_of(kMaster);
  const Asked asked(*bench);
  const auto answer = [&](const char* spec) {
    const Demand fault{spec};
    const auto error = error_of([&] { (void)unlock_envelope(bench, sealed); });
    CHECK(error.code() != Code::bad_input);
    return error.answer() ? std::string{error.answer()->ckr} : "";
  };
  CHECK(answer("C_Decrypt:1=0x30") == "CKR_DEVICE_ERROR");
  CHECK(answer("C_Decrypt:1=0x32") == "CKR_DEVICE_REMOVED");
  CHECK(answer("C_Decrypt:1=0x101") == "CKR_USER_NOT_LOGGED_IN");
  CHECK(answer("C_DecryptInit:1=0x5") == "CKR_GENERAL_ERROR");
}
