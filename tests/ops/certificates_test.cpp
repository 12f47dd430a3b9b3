// Certificates of tokens and files: rows, choice among them, checks.
#include "ops/certificates.hpp"

#include <fstream>

#include "contents.hpp"
#include "fixture.hpp"
#include "x509/bundle.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;
using model::Check;
using model::CheckReason;
using model::CheckResult;
using model::Role;

namespace {

const model::CertificateRow& row_of(const std::vector<model::CertificateRow>& rows,
                                    std::string_view label) {
  for (const auto& row : rows)
    if (row.label == label) return row;
  FAIL("no certificate " << std::string{label});
  return rows.front();
}

const model::CheckRow& check_of(const std::vector<model::CheckRow>& checks, Check check) {
  for (const auto& row : checks)
    if (row.check == check) return row;
  FAIL("no such check");
  return checks.front();
}

std::string write(const TempFolder& folder, const std::string& text) {
  auto path = (folder.path() / "file.pem").string();
  std::ofstream{path, std::ios::binary} << text;
  return path;
}

x509::Trust practice_trust() {
  return x509::read_trust({}, {NineTokens::drawer().authority_folder().string()});
}

}  // namespace

TEST_CASE("whether a certificate has its private key is known only after a login") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "with", "1", unit_certificate(0));
    put_certificate(writer, "without", "2", unit_certificate(1));
    put_certificate(writer, "nameless", "", unit_certificate(2));
    put_key(writer, true, "1", 0);
    put_key(writer, true, "", 2);
    put_key(writer, false, "2", 1);
  });
  const auto bench = bench_over();
  for (const auto& row : read_token_certificates(bench, false).rows)
    CHECK_FALSE(row.has_private_key.has_value());
  const Asked asked(*bench);
  const auto rows = read_token_certificates(bench, false).rows;
  REQUIRE(rows.size() == 3);
  CHECK(row_of(rows, "with").has_private_key == true);
  CHECK(row_of(rows, "without").has_private_key == false);
  CHECK(row_of(rows, "nameless").has_private_key == false);
}

TEST_CASE("a certificate object that holds garbage keeps its row, and the others go on") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "good", "1", unit_certificate(0));
    put_certificate(writer, "garbage", "2", octets("no certificate"));
    auto cut = unit_certificate(1);
    cut.pop_back();
    put_certificate(writer, "cut", "3", cut);
  });
  const auto card = read_only_card(bench_over(), Depth::labels);
  REQUIRE(card.certificates.size() == 3);
  CHECK_FALSE(row_of(card.certificates, "good").error);
  CHECK(row_of(card.certificates, "good").current);
  for (const char* label : {"garbage", "cut"}) {
    const auto& row = row_of(card.certificates, label);
    REQUIRE(row.error);
    CHECK(row.error->code() == Code::bad_input);
    CHECK(row.error->subject() == label);
    CHECK(row.key_id.size() == 2);
    CHECK_FALSE(row.current);
  }
  CHECK(card.holder.organisation == "演练测试有限公司");
}

TEST_CASE("a token with nothing but garbage certificates is ready and of nobody") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "garbage", "2", octets("no certificate"));
  });
  const auto card = read_only_card(bench_over(), Depth::labels);
  CHECK(card.state == model::TokenState::ready);
  CHECK(card.holder.kind == model::HolderKind::unknown);
  CHECK(card.lock.kind == model::LockKind::undetermined);
  CHECK(card.renewal.verdict == model::Verdict::no_certificate);
}

TEST_CASE("a certificate is picked by label, id, serial, fingerprint or role") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "sign", "\x01\xaf", unit_certificate(0));
    put_certificate(writer, "second", "\x02", unit_certificate(1, false));
    put_certificate(writer, "garbage", "\x03", octets("no certificate"));
  });
  const auto rows = read_token_certificates(bench_over(), false).rows;
  const auto labels = [&rows](const std::string& selector) {
    std::vector<std::string> out;
    for (const auto& row : picked(rows, selector)) out.push_back(row.label);
    return out;
  };
  const auto sha256 = row_of(rows, "second").certificate.sha256;
  auto upper = sha256;
  for (auto& c : upper) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
  CHECK(labels("").size() == 3);
  for (const std::string& second :
       {std::string{"second"}, std::string{"02"}, std::string{"1a100002"}, std::string{"1A100002"},
        sha256, upper, sha256.substr(0, 8), std::string{"encrypt"}}) {
    CAPTURE(second);
    CHECK(labels(second) == std::vector<std::string>{"second"});
  }
  CHECK(labels("01AF") == std::vector<std::string>{"sign"});
  CHECK(labels("sign") == std::vector<std::string>{"sign"});
  CHECK(labels("03") == std::vector<std::string>{"garbage"});
  for (const std::string& nothing :
       {sha256.substr(0, 7), sha256 + "0", std::string{"ca"}, std::string{"Second"},
        std::string{"sign_encrypt"}, std::string{"100002"}}) {
    CAPTURE(nothing);
    const auto error = error_of([&] { (void)picked(rows, nothing); });
    CHECK(error.code() == Code::not_found);
    CHECK(error.subject() == nothing);
  }
}

TEST_CASE("the checks come in their order, and a practice certificate passes them on its token") {
  const NineTokens tokens;
  const auto bench = bench_of(label_of("master"));
  const Asked asked(*bench);
  const auto read = read_token_certificates(bench, true);
  const auto trust = practice_trust();
  for (const auto& row : read.rows) {
    const auto checks = verified(*bench, row, trust, &read.keys);
    REQUIRE(checks.size() == 5);
    const Check order[] = {Check::chain, Check::dates, Check::purpose, Check::key_match,
                           Check::revocation};
    for (std::size_t i = 0; i < checks.size(); ++i) CHECK(checks[i].check == order[i]);
    for (const auto check : {Check::chain, Check::dates, Check::purpose, Check::key_match})
      CHECK(check_of(checks, check).result == CheckResult::ok);
    CHECK(check_of(checks, Check::revocation).reason == CheckReason::no_crl);
  }
}

TEST_CASE("without trust the chain is not checked; at another time the dates fail") {
  const NineTokens tokens;
  const auto bench = bench_of(label_of("master"));
  bench->as_of = at("2030-01-01T00:00:00Z");
  const auto read = read_token_certificates(bench, false);
  const auto checks = verified(*bench, read.rows.at(0), {}, &read.keys);
  CHECK(check_of(checks, Check::chain).reason == CheckReason::no_trust);
  CHECK(check_of(checks, Check::chain).result == CheckResult::not_checked);
  CHECK(check_of(checks, Check::dates).reason == CheckReason::expired);
  CHECK(check_of(checks, Check::key_match).result == CheckResult::not_checked);
  CHECK(check_of(checks, Check::key_match).reason == CheckReason::key_not_visible);
}

TEST_CASE("a key match is said of a private key that was seen, never of a public one alone") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "whole", "1", unit_certificate(0));
    for (const bool hidden : {false, true}) put_key(writer, hidden, "1", 0);
    put_certificate(writer, "swapped", "2", unit_certificate(1));
    for (const bool hidden : {false, true}) put_key(writer, hidden, "2", 3);
    put_certificate(writer, "lost", "3", unit_certificate(2));
    put_key(writer, false, "3", 2);
  });
  const auto bench = bench_over();
  const auto match = [&bench](std::string_view label) {
    const auto read = read_token_certificates(bench, true);
    return check_of(verified(*bench, row_of(read.rows, label), {}, &read.keys), Check::key_match);
  };
  for (const char* label : {"whole", "swapped", "lost"}) {
    CHECK(match(label).result == CheckResult::not_checked);
    CHECK(match(label).reason == CheckReason::key_not_visible);
  }
  const Asked asked(*bench);
  CHECK(match("whole").result == CheckResult::ok);
  CHECK(match("swapped").result == CheckResult::failed);
  CHECK(match("swapped").reason == CheckReason::key_differs);
  CHECK(match("lost").result == CheckResult::failed);
  CHECK(match("lost").reason == CheckReason::key_missing);
}

TEST_CASE("a private key matches by its public numbers, whatever its CKA_ID") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "moved", "1", unit_certificate(0));
    for (const bool hidden : {false, true}) put_key(writer, hidden, "9", 0);
  });
  const auto bench = bench_over();
  const Asked asked(*bench);
  const auto read = read_token_certificates(bench, true);
  const auto match = check_of(verified(*bench, read.rows.at(0), {}, &read.keys), Check::key_match);
  CHECK(match.result == CheckResult::ok);
}

TEST_CASE("where no public key lies beside it, the RSA private key tells after a login") {
  const NineTokens tokens;
  const auto bench = bench_of(label_of("expert"));
  const Asked asked(*bench);
  auto read = read_token_certificates(bench, true);
  read.keys.publics.clear();
  for (const auto& row : read.rows)
    CHECK(check_of(verified(*bench, row, {}, &read.keys), Check::key_match).result ==
          CheckResult::ok);
}

TEST_CASE("the certificates of a file are judged likewise, without a token to match") {
  const TempFolder folder;
  const auto path = write(folder, x509::pem(unit_certificate(0)) + x509::pem(unit_certificate(1)));
  const auto bench = bench_over();
  const auto rows = file_rows(*bench, path);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].days_left == std::chrono::days(70));
  CHECK(rows[0].state == model::Validity::valid);
  CHECK(rows[1].certificate.serial == "1a100002");
  CHECK_FALSE(rows[0].has_private_key.has_value());
  const auto match = check_of(verified(*bench, rows[0], {}, nullptr), Check::key_match);
  CHECK(match.result == CheckResult::not_checked);
  CHECK(match.reason == CheckReason::no_token);
}

TEST_CASE("a file that is missing or holds no certificate is an error about its path") {
  const TempFolder folder;
  const auto bench = bench_over();
  const auto missing = (folder.path() / "missing.pem").string();
  const auto none = error_of([&] { (void)file_rows(*bench, missing); });
  CHECK(none.code() == Code::file_io);
  CHECK(none.subject() == missing);
  const auto broken = x509::pem(octets("no certificate"));
  for (const std::string& text :
       {std::string{}, std::string{"hello"}, broken, x509::pem(unit_certificate(0)) + broken}) {
    const auto path = write(folder, text);
    const auto error = error_of([&] { (void)file_rows(*bench, path); });
    CHECK(error.code() == Code::bad_input);
    CHECK(error.subject() == path);
  }
}
