#include <doctest/doctest.h>

#include "ca_fixture.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;
namespace base = ukey::base;
namespace model = ukey::model;
namespace x509 = ukey::x509;
using base::rfc3339;

namespace {

constexpr int kRejection = 2;

int bit(int failure) { return 1 << failure; }

base::Time at(const char* text) { return *base::parse_time(text, {}); }

bool certifies(const model::Certificate& certificate, const Key& key) {
  const auto x = x509::decode_certificate(certificate.der);
  return EVP_PKEY_eq(X509_get0_pubkey(x.get()), key.get()) == 1;
}

}  // namespace

TEST_CASE("a year later is the same second of the clock in Beijing, at the ends of February too") {
  CHECK(rfc3339(later_by(at("2026-12-12T15:59:59Z"), 1)) == "2027-12-12T15:59:59Z");
  CHECK(rfc3339(later_by(at("2028-02-29T15:59:59Z"), 1)) == "2029-02-28T15:59:59Z");
  CHECK(rfc3339(later_by(at("2027-02-28T15:59:59Z"), 1)) == "2028-02-28T15:59:59Z");
  CHECK(rfc3339(later_by(at("2026-12-31T16:00:00Z"), 2)) == "2028-12-31T16:00:00Z");
}

TEST_CASE("a term is rounded to one or two years, and is refused beyond half a year of them") {
  const auto from = kNow;
  const std::chrono::seconds year{31'556'952};
  CHECK(whole_years(from, from + std::chrono::days(365)) == 1);
  CHECK(whole_years(from, from + std::chrono::days(365 + 30)) == 1);
  CHECK(whole_years(from, from + std::chrono::days(730)) == 2);
  CHECK(whole_years(from, from + year / 2) == 1);
  CHECK(!whole_years(from, from + year / 2 - std::chrono::seconds(1)));
  CHECK(whole_years(from, from + year * 3 / 2 - std::chrono::seconds(1)) == 1);
  CHECK(whole_years(from, from + year * 3 / 2) == 2);
  CHECK(!whole_years(from, from + year * 5 / 2));
  CHECK(!whole_years(from, from - std::chrono::days(365)));
}

TEST_CASE("a renewal keeps holder and use, and brings the encryption certificate along") {
  for (const auto kind : {KeyKind::rsa_2048, KeyKind::ec_p256}) {
    for (const int command : {7, 2, 4}) {
      CAPTURE(command);
      const PracticeCa ca(kind);
      const auto holder = ca.customer("T1");
      const auto fresh = Key::generate(kind);
      Responder responder(ca.conduct());
      auto ask = renewal_of(holder, fresh);
      ask.command = command;
      const auto got = ask_for(ca, responder, ask);
      CAPTURE(got.reason);
      REQUIRE(got.certificate);
      CHECK(certifies(*got.certificate, fresh));
      CHECK(got.certificate->subject == holder.old_sign.subject);
      CHECK(got.certificate->issuer == holder.old_sign.issuer);
      CHECK(got.certificate->holder.uscc == holder.old_sign.holder.uscc);
      CHECK(got.certificate->role == model::Role::sign);
      CHECK(got.certificate->not_before == kNow);
      CHECK(rfc3339(holder.old_sign.not_after) == "2026-12-12T15:59:59Z");
      CHECK(rfc3339(got.certificate->not_after) == "2027-12-12T15:59:59Z");
      REQUIRE(got.others.size() == 1);
      CHECK(got.others[0].role == model::Role::encrypt);
      CHECK(certifies(got.others[0], holder.encrypt));
      CHECK(got.others[0].not_after == got.certificate->not_after);
      CHECK(responder.open() == 0);
      CHECK(ca.registry().issues().back().state == IssueState::confirmed);
    }
  }
}

TEST_CASE("the subject is taken over octet for octet") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  Responder responder(ca.conduct());
  const auto got = ask_for(ca, responder, renewal_of(holder, holder.sign));
  REQUIRE(got.certificate);
  const auto name = [](const model::Certificate& certificate) {
    const unsigned char* octets = nullptr;
    std::size_t size = 0;
    const auto x = x509::decode_certificate(certificate.der);
    X509_NAME_get0_der(X509_get_subject_name(x.get()), &octets, &size);
    return base::Bytes(octets, octets + size);
  };
  CHECK(name(*got.certificate) == name(holder.old_sign));
}

TEST_CASE("one or two years are what is asked for, else what the CA gives") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  auto conduct = ca.conduct();
  Responder responder(conduct);
  conduct.years = 2;
  Responder generous(conduct);
  const auto until = [&](Responder& asked, int days) {
    const auto key = Key::generate(KeyKind::ec_p256);
    auto ask = renewal_of(holder, key);
    ask.days = days;
    const auto got = ask_for(ca, asked, ask);
    return got.certificate ? rfc3339(got.certificate->not_after) : got.reason;
  };
  CHECK(until(responder, 0) == "2027-12-12T15:59:59Z");
  CHECK(until(generous, 0) == "2028-12-12T15:59:59Z");
  CHECK(until(generous, 365) == "2027-12-12T15:59:59Z");
  CHECK(until(responder, 730) == "2028-12-12T15:59:59Z");
  CHECK(until(responder, 30).ends_with("the term may only be 1 or 2 years"));
  CHECK(until(responder, 1096).ends_with("the term may only be 1 or 2 years"));
}

TEST_CASE("who asks again for the same key gets the same certificates, also of another process") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  const auto fresh = Key::generate(KeyKind::ec_p256), other = Key::generate(KeyKind::ec_p256);
  Responder first(ca.conduct()), second(ca.conduct());
  const auto got = ask_for(ca, first, renewal_of(holder, fresh));
  const auto again = ask_for(ca, second, renewal_of(holder, fresh));
  REQUIRE(got.certificate);
  REQUIRE(again.certificate);
  CHECK(again.certificate->sha256 == got.certificate->sha256);
  CHECK(again.others.at(0).sha256 == got.others.at(0).sha256);
  CHECK(ca.registry().issues().size() == 2);
  CHECK(ask_for(ca, first, renewal_of(holder, other)).certificate->sha256 !=
        got.certificate->sha256);
  CHECK(ca.registry().issues().size() == 3);
}

TEST_CASE(
    "a certificate that the client does not want is withdrawn, and asking again makes another") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  Responder responder(ca.conduct());
  auto ask = renewal_of(holder, holder.sign);
  ask.accepts = false;
  (void)ask_for(ca, responder, ask);
  CHECK(ca.registry().issues().back().state == IssueState::withdrawn);
  const auto withdrawn = ca.registry().issues().back().certificates.front();
  ask.accepts = true;
  const auto got = ask_for(ca, responder, ask);
  REQUIRE(got.certificate);
  CHECK(got.certificate->sha256 != withdrawn.sha256);
  CHECK(ca.registry().issues().back().state == IssueState::confirmed);
  ask.accepts = false;  // too late: it was confirmed
  (void)ask_for(ca, responder, ask);
  CHECK(ca.registry().issues().back().state == IssueState::confirmed);
  auto with_withdrawn = renewal_of(holder, holder.sign);
  with_withdrawn.signer = &withdrawn;
  CHECK(ask_for(ca, responder, with_withdrawn).failures ==
        bit(OSSL_CMP_PKIFAILUREINFO_certRevoked));
}

TEST_CASE("two tokens of one holder are kept apart") {
  const PracticeCa ca;
  const auto main = ca.customer("T1"), sub = ca.customer("T2", Brand::bjca, 12);
  Responder responder(ca.conduct());
  const auto got = ask_for(ca, responder, renewal_of(sub, sub.sign));
  REQUIRE(got.certificate);
  CHECK(rfc3339(got.certificate->not_after) == "2027-12-04T15:59:59Z");
  CHECK(certifies(got.others.at(0), sub.encrypt));
  auto ask = renewal_of(main, main.sign);
  ask.old = &sub.old_sign;
  const auto refused = ask_for(ca, responder, ask);
  CHECK(!refused.certificate);
  CHECK(refused.failures == bit(OSSL_CMP_PKIFAILUREINFO_notAuthorized));
}

TEST_CASE("the encryption certificate alone is renewed when the request names it") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  const auto fresh = Key::generate(KeyKind::ec_p256);
  Responder responder(ca.conduct());
  auto ask = renewal_of(holder, fresh);
  ask.old = &holder.old_encrypt;
  const auto got = ask_for(ca, responder, ask);
  REQUIRE(got.certificate);
  CHECK(got.certificate->role == model::Role::encrypt);
  CHECK(certifies(*got.certificate, fresh));
  CHECK(got.others.empty());
  const auto later = ask_for(ca, responder, renewal_of(holder, holder.sign));
  REQUIRE(later.certificate);
  CHECK(certifies(later.others.at(0), fresh));  // the newest encryption key of the token
}

TEST_CASE("requests that the rules do not allow are refused with a reason and a failure bit") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1"), late = ca.customer("T2", Brand::bjca, -1);
  const auto legacy = ca.customer("T3", Brand::jsca);
  Responder responder(ca.conduct());
  const auto check = [&](const Ask& ask, int failure, std::string_view reason) {
    CAPTURE(reason);
    const auto got = ask_for(ca, responder, ask);
    CHECK(!got.certificate);
    CHECK(got.status == kRejection);
    CHECK(got.failures == bit(failure));
    CHECK(got.reason.ends_with(reason));
  };
  check(renewal_of(late, late.sign), OSSL_CMP_PKIFAILUREINFO_signerNotTrusted, "has expired");
  check(renewal_of(legacy, legacy.sign), OSSL_CMP_PKIFAILUREINFO_unacceptedPolicy,
        "no longer renews");
  auto ask = renewal_of(holder, holder.sign);
  ask.subject = "elsewhere";
  check(ask, OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "not that of the old certificate");
  ask.command = 2;
  check(ask, OSSL_CMP_PKIFAILUREINFO_badCertTemplate, "not that of the old certificate");
  ask = renewal_of(holder, holder.sign);
  ask.command = 0;
  check(ask, OSSL_CMP_PKIFAILUREINFO_badRequest, "only renewals are handled here");
  const auto stranger =
      ca.certificate(holder.sign, Brand::bjca, 30, x509::KeyUsage::digital_signature);
  ask = renewal_of(holder, holder.sign);
  ask.old = &stranger;
  check(ask, OSSL_CMP_PKIFAILUREINFO_badCertId, "was not issued here");
  CHECK(ca.registry().issues().size() == 3);
}

TEST_CASE("the last second of a certificate is good, the next is not") {
  const PracticeCa ca;
  const auto holder = ca.customer("T1");
  auto conduct = ca.conduct();
  auto now = holder.old_sign.not_after + std::chrono::seconds(1);
  conduct.now = [&now] { return now; };
  Responder responder(conduct);
  CHECK(!ask_for(ca, responder, renewal_of(holder, holder.sign)).certificate);
  now = holder.old_sign.not_before - std::chrono::seconds(1);
  CHECK(ask_for(ca, responder, renewal_of(holder, holder.sign)).reason.ends_with("not valid yet"));
  now = holder.old_sign.not_after;
  CHECK(ask_for(ca, responder, renewal_of(holder, holder.sign)).certificate);
}
