#include "policy/lock.hpp"

#include <algorithm>

namespace ukey::policy {

namespace {

using model::EvidenceReason;
using model::LockBasis;
using model::LockKind;
using model::LockReason;
using model::SealFormat;
using model::SealRole;

std::vector<SealRole> required_seals(model::HolderKind holder, const model::Platform& platform) {
  const auto row = platform.required_seals.find(holder);
  if (row != platform.required_seals.end()) return row->second;
  return {SealRole::unit, SealRole::legal_rep, SealRole::signature};
}

/// Whether this object counts as a seal, and why (not).
EvidenceReason weigh(const model::SealObject& object, LockBasis basis) {
  if (object.error) return EvidenceReason::unreadable;
  if (object.size.value_or(1) == 0) return EvidenceReason::empty;
  if (basis == LockBasis::label) return EvidenceReason::by_label;
  if (!object.format) return EvidenceReason::unreadable;
  return *object.format == SealFormat::unknown ? EvidenceReason::not_a_seal
                                               : EvidenceReason::by_content;
}

bool counts(EvidenceReason reason) {
  return reason == EvidenceReason::by_label || reason == EvidenceReason::by_content;
}

/// The best object for a seal: one that counts before one that does not.
model::Evidence evidence_for(SealRole seal, const LockFacts& facts) {
  model::Evidence out{.seal = seal,
                      .found = false,
                      .reason = EvidenceReason::not_seen,
                      .object = "",
                      .format = {},
                      .bytes = {}};
  for (const auto& object : facts.seals) {
    if (object.role != seal) continue;
    const EvidenceReason reason = weigh(object, facts.basis);
    if (out.found || (!out.object.empty() && !counts(reason))) continue;
    out = {seal,
           counts(reason),
           reason,
           object.label,
           facts.basis == LockBasis::content ? object.format : std::nullopt,
           object.size};
  }
  return out;
}

/// Whether every place where seals may lie has been read; if not, what stands in the way.
std::optional<LockReason> obstacle(const LockFacts& facts) {
  if (facts.profile == nullptr) return LockReason::no_profile;
  switch (facts.profile->seal_privacy) {
    case model::SealPrivacy::hidden:
      return LockReason::seals_not_visible;
    case model::SealPrivacy::maybe:
      if (!facts.logged_in) return LockReason::login_needed;
      break;
    case model::SealPrivacy::never:
      break;
  }
  return std::nullopt;
}

struct Outcome {
  LockKind kind;
  LockReason reason;
};

Outcome outcome_of(const LockFacts& facts, std::size_t found, std::size_t missing) {
  const bool unknown_holder = facts.holder == model::HolderKind::unknown;
  if (missing == 0) return {LockKind::master, LockReason::all_found};
  if (const auto reason = obstacle(facts)) return {LockKind::undetermined, *reason};
  const bool unreadable =
      std::ranges::any_of(facts.seals, [](const auto& s) { return s.error.has_value(); });
  if (unreadable) return {LockKind::undetermined, LockReason::seals_not_visible};
  if (facts.is_empty) return {LockKind::blank, LockReason::nothing_on_token};
  if (found > 0)
    return unknown_holder ? Outcome{LockKind::undetermined, LockReason::holder_unknown}
                          : Outcome{LockKind::partial_master, LockReason::some_missing};
  if (unknown_holder) return {LockKind::undetermined, LockReason::holder_unknown};
  // A seal that the platform does not require of this holder is a seal all the same: not a
  // sub-lock.
  const bool other_seal = std::ranges::any_of(facts.seals, [&facts](const auto& s) {
    return s.role.has_value() && counts(weigh(s, facts.basis));
  });
  if (other_seal) return {LockKind::partial_master, LockReason::some_missing};
  if (facts.has_encryption_certificate) return {LockKind::sub, LockReason::none_found};
  return {LockKind::undetermined, LockReason::none_found};
}

}  // namespace

std::optional<SealRole> seal_role(std::string_view label, const model::SealLabels& patterns) {
  std::optional<SealRole> best;
  std::size_t longest = 0;
  for (const auto& [role, labels] : patterns) {
    for (const auto& pattern : labels) {
      if (label == pattern) return role;
      if (pattern.size() > longest && label.find(pattern) != std::string_view::npos) {
        best = role;
        longest = pattern.size();
      }
    }
  }
  return best;
}

model::LockVerdict judge_lock(const LockFacts& facts, const model::Platform& platform) {
  model::LockVerdict out;
  out.basis = facts.basis;
  std::size_t found = 0;
  for (const SealRole seal : required_seals(facts.holder, platform)) {
    out.evidence.push_back(evidence_for(seal, facts));
    if (out.evidence.back().found)
      ++found;
    else
      out.missing.push_back(seal);
  }
  const auto [kind, reason] = outcome_of(facts, found, out.missing.size());
  out.kind = kind;
  out.reason = reason;
  if (kind == LockKind::undetermined) out.missing.clear();  // nobody knows
  return out;
}

}  // namespace ukey::policy
