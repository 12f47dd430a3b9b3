#include <doctest/doctest.h>

#include "base/error.hpp"
#include "makers.hpp"
#include "x509/chain.hpp"

using namespace ukey;
using model::CheckReason;
using model::CheckResult;
using x509::KeyKind;
using Judged = std::pair<CheckResult, CheckReason>;

namespace {

constexpr Judged kNotRevoked{CheckResult::ok, CheckReason::none};

/// A chain and what its CA's list says; the list's dates are fixed.
struct Desk {
  explicit Desk(KeyKind kind_) : kind(kind_), chain(test::chain_of(kind)) {}

  [[nodiscard]] base::Bytes crl(std::vector<base::Bytes> revoked, int signer = 1) const {
    x509::CrlRequest request;
    request.issuer_certificate = chain.intermediate;
    request.this_update = test::at("2026-06-01T00:00:00Z");
    request.next_update = test::at("2026-07-01T00:00:00Z");
    request.revoked = std::move(revoked);
    return x509::issue_crl(request, test::key(kind, signer));
  }

  [[nodiscard]] Judged judged(std::vector<base::Bytes> crls,
                              const char* at = "2026-06-15T00:00:00Z") const {
    const x509::Trust trust{{chain.root, chain.intermediate}, std::move(crls)};
    const auto rows = x509::verify(x509::parse_certificate(chain.leaf), trust, test::at(at));
    CHECK(rows[0].result == CheckResult::ok);  // the chain holds whatever the lists say
    return {rows[3].result, rows[3].reason};
  }

  KeyKind kind;
  test::Chain chain;
};

const base::Bytes kLeafSerial{0x1a, 0x10, 0x00, 0x01};
const base::Bytes kOtherSerial{0x1a, 0x10, 0x00, 0x02};

}  // namespace

TEST_CASE("A list revokes the serials on it and no others, with SM2, P-256 and RSA keys") {
  for (const auto kind : {KeyKind::sm2, KeyKind::ec_p256, KeyKind::rsa_2048}) {
    const Desk desk{kind};
    CHECK(desk.judged({}) == Judged{CheckResult::not_checked, CheckReason::no_crl});
    CHECK(desk.judged({desk.crl({})}) == kNotRevoked);
    CHECK(desk.judged({desk.crl({kOtherSerial})}) == kNotRevoked);
    CHECK(desk.judged({desk.crl({kOtherSerial, kLeafSerial})}) ==
          Judged{CheckResult::failed, CheckReason::revoked});
  }
}

TEST_CASE("A list past its next update fails, and still revokes what is on it") {
  const Desk desk{KeyKind::sm2};
  CHECK(desk.judged({desk.crl({})}, "2026-06-30T23:59:59Z") == kNotRevoked);
  CHECK(desk.judged({desk.crl({})}, "2026-07-01T00:00:01Z") ==
        Judged{CheckResult::failed, CheckReason::crl_expired});
  CHECK(desk.judged({desk.crl({kLeafSerial})}, "2026-07-01T00:00:01Z") ==
        Judged{CheckResult::failed, CheckReason::revoked});
  CHECK(desk.judged({desk.crl({})}, "2026-05-31T23:59:59Z") ==
        Judged{CheckResult::failed, CheckReason::not_yet_valid});
}

TEST_CASE("A forged list revokes nothing, and does not hide a genuine one") {
  const Desk desk{KeyKind::sm2};
  const auto forged = desk.crl({kLeafSerial}, 3);
  CHECK(desk.judged({forged}) == Judged{CheckResult::failed, CheckReason::bad_signature});
  CHECK(desk.judged({forged, desk.crl({})}) == kNotRevoked);
  CHECK(desk.judged({desk.crl({}, 3), desk.crl({kLeafSerial})}) ==
        Judged{CheckResult::failed, CheckReason::revoked});
}

TEST_CASE("A list of another CA says nothing") {
  const Desk desk{KeyKind::sm2};
  x509::CrlRequest request;
  request.issuer_certificate = desk.chain.root;
  request.this_update = test::at("2026-06-01T00:00:00Z");
  request.next_update = test::at("2026-07-01T00:00:00Z");
  request.revoked = {kLeafSerial};
  const auto foreign = x509::issue_crl(request, test::sm2(0));
  CHECK(desk.judged({foreign}) == Judged{CheckResult::not_checked, CheckReason::crl_not_of_issuer});
  CHECK(desk.judged({foreign, desk.crl({})}) == kNotRevoked);
}

TEST_CASE("Without the issuer's certificate a list cannot be believed") {
  const Desk desk{KeyKind::sm2};
  const auto leaf = x509::parse_certificate(desk.chain.leaf);
  const auto revocation = [&](std::vector<base::Bytes> trusted) {
    const x509::Trust trust{std::move(trusted), {desk.crl({kLeafSerial})}};
    return x509::verify(leaf, trust, test::at("2026-06-15T00:00:00Z"))[3].reason;
  };
  CHECK(revocation({}) == CheckReason::no_trust);
  CHECK(revocation({desk.chain.root}) == CheckReason::issuer_not_found);
}

TEST_CASE("A list that cannot be read is bad input") {
  const Desk desk{KeyKind::sm2};
  auto cut = desk.crl({kLeafSerial});
  cut.pop_back();
  CHECK_THROWS_AS((void)desk.judged({cut}), base::Error);
}
