#include "x509/chain.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "makers.hpp"
#include "x509/openssl.hpp"

using namespace ukey;
using model::Check;
using model::CheckReason;
using model::CheckResult;
using x509::KeyKind;
using x509::Trust;

namespace {

const base::Time kDuring = test::at("2026-06-15T00:00:00Z");

using Judged = std::pair<CheckResult, CheckReason>;
constexpr Judged kOk{CheckResult::ok, CheckReason::none};

constexpr Judged failed(CheckReason reason) { return {CheckResult::failed, reason}; }
constexpr Judged unchecked(CheckReason reason) { return {CheckResult::not_checked, reason}; }

Judged row(Check check, const base::Bytes& leaf, const Trust& trust, base::Time at = kDuring) {
  for (const auto& found : x509::verify(x509::parse_certificate(leaf), trust, at))
    if (found.check == check) return {found.result, found.reason};
  return unchecked(CheckReason::none);
}

Judged chain(const base::Bytes& leaf, std::vector<base::Bytes> trust, base::Time at = kDuring) {
  return row(Check::chain, leaf, {std::move(trust), {}}, at);
}

/// The last octets of a certificate are its signature's.
base::Bytes tampered(base::Bytes der) {
  der.back() ^= 0x01;
  return der;
}

}  // namespace

TEST_CASE("A leaf under an intermediate under a root verifies with SM2, P-256 and RSA keys") {
  for (const auto kind : {KeyKind::sm2, KeyKind::ec_p256, KeyKind::rsa_2048}) {
    const auto made = test::chain_of(kind);
    CHECK(chain(made.leaf, {made.root, made.intermediate}) == kOk);
    CHECK(chain(made.leaf, {made.intermediate, made.root}) == kOk);
    CHECK(chain(made.intermediate, {made.root}) == kOk);
    CHECK(chain(tampered(made.leaf), {made.root, made.intermediate}) ==
          failed(CheckReason::bad_signature));
    CHECK(chain(made.leaf, {made.root, tampered(made.intermediate)}) ==
          failed(CheckReason::bad_signature));
    CHECK(chain(made.leaf, {tampered(made.root), made.intermediate}) ==
          failed(CheckReason::bad_signature));
  }
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("The rows come in a fixed order") {
  const auto made = test::chain_of(KeyKind::sm2);
  const auto rows = x509::verify(x509::parse_certificate(made.leaf), {}, kDuring);
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].check == Check::chain);
  CHECK(rows[1].check == Check::dates);
  CHECK(rows[2].check == Check::purpose);
  CHECK(rows[3].check == Check::revocation);
}

TEST_CASE("Without trust the chain is not checked, and without the issuer it fails") {
  const auto made = test::chain_of(KeyKind::sm2);
  CHECK(chain(made.leaf, {}) == unchecked(CheckReason::no_trust));
  CHECK(chain(made.leaf, {made.root}) == failed(CheckReason::issuer_not_found));
  const auto other = x509::issue(test::ca_request("Practice CA", test::sm2(3)), test::sm2(3));
  CHECK(chain(made.intermediate, {other}) == failed(CheckReason::issuer_not_found));
}

TEST_CASE("A chain may end in an intermediate only when no self-signed certificate is given") {
  const auto made = test::chain_of(KeyKind::sm2);
  CHECK(chain(made.leaf, {made.intermediate}) == kOk);
  CHECK(chain(tampered(made.leaf), {made.intermediate}) == failed(CheckReason::bad_signature));
  const auto stranger = x509::issue(test::ca_request("Practice Other", test::sm2(3)), test::sm2(3));
  CHECK(chain(made.leaf, {made.intermediate, stranger}) == failed(CheckReason::issuer_not_found));
}

TEST_CASE("A certificate is never its own anchor, unless it is a trusted self-signed one") {
  const auto made = test::chain_of(KeyKind::sm2);
  CHECK(chain(made.leaf, {made.leaf}) == failed(CheckReason::issuer_not_found));
  CHECK(chain(made.root, {made.root}) == kOk);
  CHECK(chain(made.root, {made.intermediate}) == failed(CheckReason::issuer_not_found));
}

TEST_CASE("Issuer names are compared without case") {
  const auto made = test::chain_of(KeyKind::sm2);
  auto request = test::leaf_request(test::sm2(2));
  request.issuer_certificate = made.intermediate;
  request.issuer_name = {{"C", "CN"}, {"O", "PRACTICE"}, {"CN", "practice ca"}};
  const auto leaf = x509::issue(request, test::sm2(1));
  CHECK(chain(leaf, {made.root, made.intermediate}) == kOk);
}

TEST_CASE("An issuer whose name does not fit at all is found by its key") {
  const auto made = test::chain_of(KeyKind::sm2);
  auto request = test::leaf_request(test::sm2(2));
  request.issuer_certificate = made.intermediate;
  request.issuer_name = {{"C", "CN"}, {"O", "Practice"}, {"OU", "other"}, {"CN", "Practice CA"}};
  const auto leaf = x509::issue(request, test::sm2(1));
  CHECK(chain(leaf, {made.root, made.intermediate}) == kOk);
  CHECK(chain(leaf, {made.intermediate}) == kOk);
  CHECK(chain(tampered(leaf), {made.root, made.intermediate}) ==
        failed(CheckReason::issuer_not_found));
}

TEST_CASE("Of two certificates of one CA key the one with a trusted root is taken") {
  const auto made = test::chain_of(KeyKind::sm2);
  auto second = test::ca_request("Practice Root Two", test::sm2(3));
  second.not_after = test::at("2045-01-01T00:00:00Z");
  const auto root_two = x509::issue(second, test::sm2(3));
  auto cross = test::ca_request("Practice CA", test::sm2(1));
  cross.not_after = test::at("2044-01-01T00:00:00Z");  // OpenSSL alone would prefer the later one
  cross.issuer_certificate = root_two;
  const auto crossed = x509::issue(cross, test::sm2(3));
  CHECK(chain(made.leaf, {crossed, made.intermediate, made.root}) == kOk);
  CHECK(chain(made.leaf, {made.intermediate, crossed, root_two}) == kOk);
}

TEST_CASE("The leaf's dates are a row of their own, inclusive to the second") {
  const auto made = test::chain_of(KeyKind::sm2);
  const Trust trust{{made.root, made.intermediate}, {}};
  for (const auto& [time, judged] : std::vector<std::pair<const char*, Judged>>{
           {"2026-01-31T15:59:59Z", failed(CheckReason::not_yet_valid)},
           {"2026-01-31T16:00:00Z", kOk},
           {"2027-01-31T15:59:59Z", kOk},
           {"2027-01-31T16:00:00Z", failed(CheckReason::expired)}}) {
    CAPTURE(time);
    CHECK(row(Check::dates, made.leaf, trust, test::at(time)) == judged);
    CHECK(row(Check::chain, made.leaf, trust, test::at(time)) == kOk);
  }
}

TEST_CASE("An issuer's dates belong to the chain, inclusive to the second") {
  auto root = test::ca_request("Practice Root", test::sm2(0));
  root.not_before = test::at("2026-02-01T00:00:00Z");
  root.not_after = test::at("2026-12-31T15:59:59Z");
  const auto issuer = x509::issue(root, test::sm2(0));
  auto request = test::leaf_request(test::sm2(2));
  request.issuer_certificate = issuer;
  const auto leaf = x509::issue(request, test::sm2(0));
  CHECK(chain(leaf, {issuer}, test::at("2026-01-31T23:59:59Z")) ==
        failed(CheckReason::not_yet_valid));
  CHECK(chain(leaf, {issuer}, test::at("2026-02-01T00:00:00Z")) == kOk);
  CHECK(chain(leaf, {issuer}, test::at("2026-12-31T15:59:59Z")) == kOk);
  CHECK(chain(leaf, {issuer}, test::at("2026-12-31T16:00:00Z")) ==
        failed(CheckReason::issuer_expired));
}

TEST_CASE("An issuer without the right to issue is told apart from a missing one") {
  const auto made = test::chain_of(KeyKind::sm2);
  auto plain = test::leaf_request(test::sm2(3));
  plain.issuer_certificate = made.intermediate;
  const auto not_ca = x509::issue(plain, test::sm2(1));
  auto request = test::leaf_request(test::sm2(2));
  request.issuer_certificate = not_ca;
  const auto leaf = x509::issue(request, test::sm2(3));
  CHECK(chain(leaf, {not_ca, made.intermediate, made.root}) ==
        failed(CheckReason::issuer_not_a_ca));
}

TEST_CASE("The purpose fails for a CA and for a key without use") {
  const auto made = test::chain_of(KeyKind::sm2);
  CHECK(row(Check::purpose, made.leaf, {}) == kOk);
  CHECK(row(Check::purpose, made.root, {}) == failed(CheckReason::no_key_usage));
  auto request = test::leaf_request(test::sm2());
  request.key_usage = {x509::KeyUsage::crl_sign};
  CHECK(row(Check::purpose, x509::issue(request, test::sm2()), {}) ==
        failed(CheckReason::no_key_usage));
}

TEST_CASE("A certificate in the trust that cannot be read is bad input") {
  const auto made = test::chain_of(KeyKind::sm2);
  CHECK_THROWS_AS((void)chain(made.leaf, {{0x30, 0x00}}), base::Error);
}
