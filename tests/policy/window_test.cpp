#include "policy/window.hpp"

#include <doctest/doctest.h>

#include "tests/policy/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::policy_test;
using model::NextStep;
using model::Role;
using model::Verdict;

constexpr const char* kIssued = "2026-01-31T16:00:00Z";
constexpr const char* kAfter = "2027-01-31T15:59:59Z";  // 23:59:59 on 31 January in Beijing

model::RenewalVerdict judged(const char* when, const char* not_after = kAfter,
                             const model::Platform& platform = qinghai(),
                             const model::CaRef& ca = bjca()) {
  std::vector<model::CertificateRow> rows{row(Role::sign, kIssued, not_after)};
  policy::judge_rows(rows, at(when), platform);
  return policy::judge_renewal(rows, ca, std::nullopt, false, at(when), platform);
}

}  // namespace

TEST_CASE(
    "the window opens at midnight in Beijing thirty days before the date of notAfter, to the "
    "second") {
  CHECK(base::rfc3339(policy::window_of(at(kAfter), qinghai()).opens) == "2026-12-31T16:00:00Z");
  CHECK(judged("2026-12-31T15:59:59Z").verdict == Verdict::too_early);
  CHECK(judged("2026-12-31T16:00:00Z").verdict == Verdict::open);
}

TEST_CASE("the window is open at notAfter and the certificate expired one second later") {
  CHECK(judged("2027-01-31T15:59:59Z").verdict == Verdict::open);
  CHECK(judged("2027-01-31T16:00:00Z").verdict == Verdict::expired);
}

TEST_CASE(
    "days left are calendar days in Beijing, thirty on the day the window opens and zero on the "
    "last") {
  CHECK(judged("2026-12-31T15:59:59Z").days_left->count() == 31);
  CHECK(judged("2026-12-31T16:00:00Z").days_left->count() == 30);
  CHECK(judged("2027-01-30T16:00:00Z").days_left->count() == 0);
  CHECK(judged("2027-01-31T16:00:00Z").days_left->count() == -1);
}

TEST_CASE("a notAfter of 16:00:00Z belongs to the next day in Beijing") {
  CHECK(base::rfc3339(policy::window_of(at("2027-01-31T16:00:00Z"), qinghai()).opens) ==
        "2027-01-01T16:00:00Z");
}

TEST_CASE("a window that reaches over a leap day counts it") {
  CHECK(base::rfc3339(policy::window_of(at("2028-03-15T15:59:59Z"), qinghai()).opens) ==
        "2028-02-13T16:00:00Z");
}

TEST_CASE("before notBefore the verdict is not yet valid and the step is to check the clock") {
  CHECK(judged("2026-01-31T15:59:59Z").verdict == Verdict::not_yet_valid);
  CHECK(judged("2026-01-31T15:59:59Z").next_step == NextStep::check_clock);
  CHECK(judged("2026-01-31T16:00:00Z").verdict == Verdict::too_early);
}

TEST_CASE(
    "a CA that is not renewed is refused even inside the window, and a known one leads to a first "
    "issue") {
  const model::CaRef jsca{"jsca", {}, false};
  CHECK(judged("2027-01-10T00:00:00Z", kAfter, qinghai(), jsca).verdict ==
        Verdict::ca_not_renewable);
  CHECK(judged("2027-01-10T00:00:00Z", kAfter, qinghai(), jsca).next_step == NextStep::first_issue);
  CHECK(judged("2027-01-10T00:00:00Z", kAfter, qinghai(), {}).next_step == NextStep::contact_ca);
}

TEST_CASE("a grace period keeps the verdict open until its last second") {
  auto platform = qinghai();
  platform.grace = std::chrono::days{365};
  CHECK(judged("2028-01-31T15:59:59Z", kAfter, platform).verdict == Verdict::open);
  CHECK(judged("2028-01-31T16:00:00Z", kAfter, platform).verdict == Verdict::expired);
}

TEST_CASE("the recommended day is the second working day before the date of notAfter") {
  CHECK(base::iso_date(policy::recommended_by(at(kAfter), qinghai())) == "2027-01-28");  // Sunday
  CHECK(base::iso_date(policy::recommended_by(at("2027-02-03T15:59:59Z"), qinghai())) ==
        "2027-02-01");
  CHECK(base::iso_date(policy::recommended_by(at("2027-02-01T15:59:59Z"), qinghai())) ==
        "2027-01-28");
  CHECK(base::iso_date(policy::recommended_by(at("2027-01-31T16:00:00Z"), qinghai())) ==
        "2027-01-28");
}

TEST_CASE(
    "of several generations the latest of each role counts, and of the roles the one that ends "
    "first") {
  std::vector<model::CertificateRow> rows{
      row(Role::sign, "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
      row(Role::sign, "2026-01-01T00:00:00Z", "2027-02-01T00:00:00Z"),
      row(Role::encrypt, "2026-01-01T00:00:00Z", "2027-01-15T00:00:00Z"),
      row(Role::ca, "2000-01-01T00:00:00Z", "2026-06-01T00:00:00Z")};
  policy::judge_rows(rows, at("2026-12-25T00:00:00Z"), qinghai());
  CHECK_FALSE(rows[0].current);
  CHECK(rows[0].state == model::Validity::expired);
  CHECK(rows[1].current);
  CHECK(rows[2].current);
  CHECK_FALSE(rows[3].current);
  CHECK(policy::deciding_row(rows) == &rows[2]);
}

TEST_CASE("a stray certificate of another holder neither decides nor makes the holder's own old") {
  std::vector<model::CertificateRow> rows{
      row(Role::sign, "2025-12-01T00:00:00Z", "2026-12-01T15:59:59Z"),
      row(Role::encrypt, "2025-12-01T00:00:00Z", "2026-12-01T15:59:59Z"),
      row(Role::sign, "2026-01-01T00:00:00Z", "2028-01-01T15:59:59Z")};
  rows[0].certificate.holder.uscc = rows[1].certificate.holder.uscc = "91630000PRACT0016T";
  rows[2].certificate.holder.uscc = "91630000PRACT0024M";
  policy::judge_rows(rows, at("2026-11-23T00:00:00Z"), qinghai());
  CHECK(rows[0].current);
  CHECK(rows[1].current);
  CHECK_FALSE(rows[2].current);
  CHECK(base::rfc3339(policy::deciding_row(rows)->certificate.not_after) == "2026-12-01T15:59:59Z");
}

TEST_CASE("a certificate that could not be read decides nothing") {
  std::vector<model::CertificateRow> rows{row(Role::sign, kIssued, kAfter)};
  rows[0].error = base::Error{base::Code::bad_input};
  policy::judge_rows(rows, at("2027-01-10T00:00:00Z"), qinghai());
  const auto verdict = policy::judge_renewal(rows, bjca(), std::nullopt, false,
                                             at("2027-01-10T00:00:00Z"), qinghai());
  CHECK(verdict.verdict == Verdict::no_certificate);
  CHECK(verdict.next_step == NextStep::contact_ca);
  CHECK_FALSE(verdict.opens.has_value());
}

TEST_CASE("a token without any certificate leads to a first issue") {
  CHECK(policy::judge_renewal({}, {}, std::nullopt, false, at(kIssued), qinghai()).next_step ==
        NextStep::first_issue);
}

TEST_CASE("without a visible certificate the step is to log in while objects may be hidden") {
  const auto verdict = policy::judge_renewal({}, {}, std::nullopt, true, at(kIssued), qinghai());
  CHECK(verdict.next_step == NextStep::login);
}

TEST_CASE("a revoked certificate is not renewed, and one whose list says nothing is") {
  std::vector<model::CertificateRow> rows{row(Role::sign, kIssued, kAfter)};
  const auto when = at("2027-01-10T00:00:00Z");
  policy::judge_rows(rows, when, qinghai());
  CHECK(policy::judge_renewal(rows, bjca(), true, false, when, qinghai()).verdict ==
        Verdict::revoked);
  CHECK(policy::judge_renewal(rows, bjca(), false, false, when, qinghai()).verdict ==
        Verdict::open);
}

TEST_CASE("both ends of validity are inclusive to the second") {
  const auto certificate = row(Role::sign, kIssued, kAfter).certificate;
  CHECK(policy::validity(certificate, at("2026-01-31T15:59:59Z")) ==
        model::Validity::not_yet_valid);
  CHECK(policy::validity(certificate, at(kIssued)) == model::Validity::valid);
  CHECK(policy::validity(certificate, at(kAfter)) == model::Validity::valid);
  CHECK(policy::validity(certificate, at("2027-01-31T16:00:00Z")) == model::Validity::expired);
}
