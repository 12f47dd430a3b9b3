#include "policy/lock.hpp"

#include <doctest/doctest.h>

#include "tests/policy/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::policy_test;
using model::HolderKind;
using model::LockBasis;
using model::LockKind;
using model::LockReason;
using model::SealFormat;
using model::SealPrivacy;
using model::SealRole;

model::SealObject seal(SealRole role, std::optional<SealFormat> format = {}) {
  model::SealObject out;
  out.label = "label";
  out.size = 30'000;
  out.role = role;
  out.format = format;
  return out;
}

model::TokenProfile profile(SealPrivacy privacy) {
  model::TokenProfile out;
  out.seal_privacy = privacy;
  return out;
}

const model::TokenProfile kPublic = profile(SealPrivacy::never);
const model::TokenProfile kMaybePrivate = profile(SealPrivacy::maybe);
const model::TokenProfile kHidden = profile(SealPrivacy::hidden);

policy::LockFacts facts(std::vector<SealRole> seals, const model::TokenProfile* profile,
                        bool logged_in = false) {
  policy::LockFacts out;
  for (const auto role : seals) out.seals.push_back(seal(role));
  out.holder = HolderKind::enterprise;
  out.has_encryption_certificate = true;
  out.logged_in = logged_in;
  out.profile = profile;
  return out;
}

const std::vector<SealRole> kAll{SealRole::unit, SealRole::legal_rep, SealRole::signature};

LockKind kind_of(const policy::LockFacts& given) {
  return policy::judge_lock(given, qinghai()).kind;
}

}  // namespace

TEST_CASE("all three seals of an enterprise make a main lock, whether or not anyone logged in") {
  CHECK(kind_of(facts(kAll, &kMaybePrivate)) == LockKind::master);
  CHECK(kind_of(facts(kAll, nullptr)) == LockKind::master);
}

TEST_CASE("no seal seen without login is no sub-lock where seals may be private") {
  const auto verdict = policy::judge_lock(facts({}, &kMaybePrivate), qinghai());
  CHECK(verdict.kind == LockKind::undetermined);
  CHECK(verdict.reason == LockReason::login_needed);
  CHECK(kind_of(facts({}, &kMaybePrivate, true)) == LockKind::sub);
  CHECK(kind_of(facts({}, &kPublic)) == LockKind::sub);
}

TEST_CASE("a token that matches no profile, or whose middleware hides seals, is never a sub-lock") {
  CHECK(policy::judge_lock(facts({}, nullptr, true), qinghai()).reason == LockReason::no_profile);
  CHECK(policy::judge_lock(facts({}, &kHidden, true), qinghai()).reason ==
        LockReason::seals_not_visible);
  CHECK(kind_of(facts({}, nullptr, true)) == LockKind::undetermined);
  CHECK(kind_of(facts({}, &kHidden, true)) == LockKind::undetermined);
}

TEST_CASE(
    "some seals make an incomplete main lock that names what is missing, once all places were "
    "read") {
  const auto verdict =
      policy::judge_lock(facts({SealRole::unit, SealRole::signature}, &kPublic), qinghai());
  CHECK(verdict.kind == LockKind::partial_master);
  REQUIRE(verdict.missing.size() == 1);
  CHECK(verdict.missing.front() == SealRole::legal_rep);
  CHECK(kind_of(facts({SealRole::unit}, &kMaybePrivate)) == LockKind::undetermined);
}

TEST_CASE("an expert's key needs only the signature") {
  auto given = facts({SealRole::signature}, &kPublic);
  given.holder = HolderKind::individual;
  const auto verdict = policy::judge_lock(given, qinghai());
  CHECK(verdict.kind == LockKind::master);
  CHECK(verdict.evidence.size() == 1);
}

TEST_CASE("a sub-lock needs a certificate for encryption") {
  auto given = facts({}, &kPublic);
  given.has_encryption_certificate = false;
  CHECK(kind_of(given) == LockKind::undetermined);
}

TEST_CASE("an empty token is blank when every place was read, else undetermined") {
  auto given = facts({}, &kPublic);
  given.is_empty = true;
  given.has_encryption_certificate = false;
  given.holder = HolderKind::unknown;
  CHECK(kind_of(given) == LockKind::blank);
  given.profile = &kMaybePrivate;
  CHECK(kind_of(given) == LockKind::undetermined);
}

TEST_CASE("an unknown holder is undetermined unless all three seals are there") {
  auto given = facts({SealRole::unit}, &kPublic);
  given.holder = HolderKind::unknown;
  CHECK(policy::judge_lock(given, qinghai()).reason == LockReason::holder_unknown);
  given = facts(kAll, &kPublic);
  given.holder = HolderKind::unknown;
  CHECK(kind_of(given) == LockKind::master);
}

TEST_CASE("by content, what is neither picture nor seal structure is no seal") {
  auto given = facts({}, &kPublic);
  given.basis = LockBasis::content;
  given.seals = {seal(SealRole::unit, SealFormat::png),
                 seal(SealRole::legal_rep, SealFormat::unknown),
                 seal(SealRole::signature, SealFormat::ses_v4)};
  const auto verdict = policy::judge_lock(given, qinghai());
  CHECK(verdict.kind == LockKind::partial_master);
  CHECK(verdict.evidence[1].reason == model::EvidenceReason::not_a_seal);
  CHECK_FALSE(verdict.evidence[1].found);
}

TEST_CASE("a good seal counts even when a broken object of the same label comes first") {
  auto given = facts(kAll, &kPublic);
  auto broken = seal(SealRole::unit);
  broken.size = 0;
  given.seals.insert(given.seals.begin(), broken);
  CHECK(kind_of(given) == LockKind::master);
}

TEST_CASE("a seal that cannot be read leaves the kind open") {
  auto given = facts({}, &kPublic);
  given.seals = {seal(SealRole::unit)};
  given.seals.front().error = base::Error{base::Code::token_refused};
  CHECK(kind_of(given) == LockKind::undetermined);
}

TEST_CASE("a label names a seal exactly before it contains one, and the longest pattern wins") {
  const model::SealLabels patterns{{SealRole::unit, {"单位公章", "公章"}},
                                   {SealRole::legal_rep, {"法人章", "法定代表人章"}},
                                   {SealRole::signature, {"手写签名", "签名"}}};
  CHECK(policy::seal_role("公章", patterns) == SealRole::unit);
  CHECK(policy::seal_role("某公司公章2", patterns) == SealRole::unit);
  CHECK(policy::seal_role("公章和法定代表人章", patterns) == SealRole::legal_rep);
  CHECK(policy::seal_role("签名", patterns) == SealRole::signature);
  CHECK_FALSE(policy::seal_role("合同", patterns).has_value());
  CHECK_FALSE(policy::seal_role("", patterns).has_value());
}
