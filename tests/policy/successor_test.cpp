#include "policy/successor.hpp"

#include <doctest/doctest.h>

#include "policy/window.hpp"
#include "tests/policy/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::policy_test;
using model::CheckResult;
using model::Fitness;
using model::Role;

constexpr const char* kJudged = "2027-01-15T02:00:00Z";
constexpr const char* kOldEnd = "2027-01-31T15:59:59Z";  // 31 January in Beijing

model::Platform platform() {
  auto out = qinghai();
  out.term_years = {1, 2};
  out.term_tolerance = std::chrono::days{3};
  return out;
}

/// A certificate of the practice unit, and one that may follow it.
struct Scene {
  model::Certificate former = row(Role::sign, "2026-01-31T16:00:00Z", kOldEnd).certificate;
  model::Certificate fresh =
      row(Role::sign, "2027-01-15T01:00:00Z", "2028-01-31T15:59:59Z").certificate;
  policy::Candidate candidate;

  Scene() {
    former.subject = fresh.subject = "CN=Practice Ltd,O=Practice Ltd,C=CN";
    former.holder.uscc = fresh.holder.uscc = "91630000PRACT00012";
    candidate.fresh = &fresh;
    candidate.former = &former;
    candidate.holder = former.holder;
    candidate.key_on_token = true;
    candidate.ca = candidate.former_ca = bjca();
    candidate.chain = CheckResult::ok;
  }
  Scene(const Scene&) = delete;             // the candidate points into it
  Scene& operator=(const Scene&) = delete;  // same

  [[nodiscard]] std::vector<model::FitnessRow> judged(std::optional<unsigned> years = {}) const {
    return policy::fitness_of(candidate, years, at(kJudged), platform());
  }
  /// The rules that are not kept.
  [[nodiscard]] std::vector<Fitness> broken(std::optional<unsigned> years = {}) const {
    std::vector<Fitness> out;
    for (const auto& rule : judged(years))
      if (rule.result != CheckResult::ok) out.push_back(rule.check);
    return out;
  }
};

using Broken = std::vector<Fitness>;

}  // namespace

TEST_CASE("a certificate that keeps every rule is fit, and each rule is told") {
  const Scene scene;
  CHECK(scene.broken().empty());
  CHECK(scene.judged().size() == 8);
  CHECK(policy::fit(scene.judged()));
  CHECK_FALSE(policy::fit({}));
}

TEST_CASE("a certificate whose key is not on the token is not fit") {
  Scene scene;
  scene.candidate.key_on_token = false;
  CHECK(scene.broken() == Broken{Fitness::key});
}

TEST_CASE("a certificate for a use that no current one has is not fit") {
  Scene scene;
  scene.candidate.former = nullptr;
  CHECK(scene.broken() == Broken{Fitness::role, Fitness::later, Fitness::term});
}

TEST_CASE("another credit code is another holder, whatever the subject says") {
  Scene scene;
  scene.fresh.holder.uscc = "91630000PRACT00020";
  CHECK(scene.broken() == Broken{Fitness::holder});
}

TEST_CASE("the same credit code is the same holder though the subject was worded anew") {
  Scene scene;
  scene.fresh.subject = "CN=Practice Limited,C=CN";
  CHECK(scene.broken().empty());
}

TEST_CASE("without a number on both sides the subject must be the same") {
  Scene scene;
  scene.fresh.holder.uscc.reset();
  CHECK(scene.broken().empty());
  scene.fresh.subject = "CN=Practice Limited,C=CN";
  CHECK(scene.broken() == Broken{Fitness::holder});
}

TEST_CASE("another personal number is another holder even with the same credit code") {
  Scene scene;
  scene.candidate.holder.person_id = "630101190001010015";
  scene.fresh.holder.person_id = "630101190001010023";
  CHECK(scene.broken() == Broken{Fitness::holder});
}

TEST_CASE("a certificate of another CA, or of one that does not renew, is not fit") {
  Scene scene;
  scene.candidate.ca.id = "hbca";
  CHECK(scene.broken() == Broken{Fitness::ca});
  scene.candidate.ca = scene.candidate.former_ca = {"jsca", {}, false};
  CHECK(scene.broken() == Broken{Fitness::ca});
}

TEST_CASE("a chain that fails, or could not be checked for want of trust, is not fit") {
  Scene scene;
  scene.candidate.chain = CheckResult::failed;
  CHECK(scene.broken() == Broken{Fitness::chain});
  scene.candidate.chain = CheckResult::not_checked;
  CHECK(scene.broken() == Broken{Fitness::chain});
}

TEST_CASE("a certificate must have begun, to the second, and must not have ended") {
  Scene scene;
  scene.fresh.not_before = at(kJudged);
  CHECK(scene.broken().empty());
  scene.fresh.not_before = at(kJudged) + std::chrono::seconds{1};
  CHECK(scene.broken() == Broken{Fitness::begins});
  scene.fresh.not_before = at("2024-01-31T16:00:00Z");
  scene.fresh.not_after = at(kJudged) - std::chrono::seconds{1};
  CHECK(scene.broken() == Broken{Fitness::begins, Fitness::later, Fitness::term});
}

TEST_CASE("a certificate that ends with the former one, or before it, is not later") {
  Scene scene;
  scene.fresh.not_after = scene.former.not_after;
  CHECK(scene.broken() == Broken{Fitness::later, Fitness::term});
}

TEST_CASE("a term counts from the old end or from the new beginning, three days off at most") {
  Scene scene;
  scene.fresh.not_after = at("2028-01-15T15:59:59Z");  // a year from notBefore
  CHECK(scene.broken().empty());
  scene.fresh.not_after = at("2029-02-03T15:59:59Z");  // two years and three days from the old end
  CHECK(scene.broken().empty());
  scene.fresh.not_after = at("2029-02-04T15:59:59Z");
  CHECK(scene.broken() == Broken{Fitness::term});
  scene.fresh.not_after = at("2027-07-31T15:59:59Z");
  CHECK(scene.broken() == Broken{Fitness::term});
}

TEST_CASE("a term that was asked for must be the one that came") {
  Scene scene;
  CHECK(scene.broken(1).empty());
  CHECK(scene.broken(2) == Broken{Fitness::term});
}

TEST_CASE("a year from 29 February ends on the 28th") {
  CHECK(policy::is_term(at("2028-02-29T04:00:00Z"), at("2029-02-28T04:00:00Z"), 1, platform()));
  CHECK(policy::is_term(at("2028-02-29T04:00:00Z"), at("2030-02-28T04:00:00Z"), 2, platform()));
}

namespace {

std::vector<model::CertificateRow> pair_of_rows() {
  std::vector<model::CertificateRow> rows{row(Role::sign, "2026-01-31T16:00:00Z", kOldEnd),
                                          row(Role::encrypt, "2026-01-31T16:00:00Z", kOldEnd),
                                          row(Role::sign, "2025-01-31T16:00:00Z", kJudged)};
  rows[0].key_id = "01";
  rows[1].key_id = "02";
  for (auto& one : rows) one.has_private_key = true;
  policy::judge_rows(rows, at(kJudged), platform());
  return rows;
}

}  // namespace

TEST_CASE("of a CA with dual certificates only the current signing one is requested") {
  const auto rows = pair_of_rows();
  const auto wanted = policy::rows_to_request(rows, model::CertificateKind::dual);
  REQUIRE(wanted.size() == 1);
  CHECK(wanted.front() == &rows[0]);
}

TEST_CASE("of other CAs each current certificate is requested") {
  const auto rows = pair_of_rows();
  CHECK(policy::rows_to_request(rows, model::CertificateKind::each_key).size() == 2);
}

TEST_CASE("nothing is requested for a certificate whose key is not there, or not known to be") {
  auto rows = pair_of_rows();
  rows[0].has_private_key = false;
  CHECK(policy::rows_to_request(rows, model::CertificateKind::dual).empty());
  rows[0].has_private_key.reset();
  CHECK(policy::rows_to_request(rows, model::CertificateKind::dual).empty());
}

TEST_CASE("a certificate follows the current one of its role, of several the one with its key") {
  auto rows = pair_of_rows();
  rows[2].certificate.not_after = rows[0].certificate.not_after;
  rows[2].key_id = "03";
  policy::judge_rows(rows, at(kJudged), platform());
  model::Certificate fresh = rows[0].certificate;
  CHECK(policy::predecessor_of(fresh, "03", rows) == &rows[2]);
  CHECK(policy::predecessor_of(fresh, "99", rows) == &rows[0]);
  fresh.role = Role::sign_encrypt;
  CHECK(policy::predecessor_of(fresh, "01", rows) == nullptr);
}

TEST_CASE("a certificate that is on the token already follows what came before it") {
  auto rows = pair_of_rows();
  rows[0].certificate.sha256 = "aa";
  rows[1].certificate.sha256 = "bb";
  rows[2].certificate.sha256 = "cc";
  CHECK(policy::predecessor_of(rows[0].certificate, "01", rows) == &rows[2]);
  CHECK(policy::predecessor_of(rows[2].certificate, "01", rows) == &rows[0]);
}

TEST_CASE(
    "the only certificate of its role, on the token already, follows itself: it is not later") {
  auto rows = pair_of_rows();
  rows[1].certificate.sha256 = "bb";
  CHECK(policy::predecessor_of(rows[1].certificate, "02", rows) == &rows[1]);
}
