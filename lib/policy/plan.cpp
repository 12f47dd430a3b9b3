#include "policy/plan.hpp"

namespace ukey::policy {

namespace {

using model::PinLevel;
using model::PlanVerdict;
using model::Verdict;

/// What keeps the row from being of one token that is there; `renew` when nothing does.
PlanVerdict of_row(const PlanFacts& facts) {
  if (facts.row != nullptr && facts.row->error) return PlanVerdict::bad_row;
  if (facts.fits == 0) return PlanVerdict::not_present;
  if (facts.row == nullptr && facts.row_needed) return PlanVerdict::unknown_token;
  const bool read = facts.card != nullptr && facts.card->state == model::TokenState::ready;
  if (facts.card != nullptr && !read) return PlanVerdict::unknown_token;
  if (facts.fits > 1) return PlanVerdict::ambiguous;
  return facts.repeated ? PlanVerdict::repeated : PlanVerdict::renew;
}

/// What its certificates say; `renew` when they may be renewed now.
PlanVerdict of_certificates(const model::Card& card) {
  const auto verdict = card.renewal.verdict;
  if (verdict == Verdict::no_certificate) return PlanVerdict::no_certificate;
  if (!card.ca.renewable) return PlanVerdict::wrong_ca;
  switch (verdict) {
    case Verdict::no_certificate:
    case Verdict::ca_not_renewable:
      return PlanVerdict::wrong_ca;
    case Verdict::revoked:
      return PlanVerdict::revoked;
    case Verdict::not_yet_valid:
      return PlanVerdict::not_yet_valid;
    case Verdict::expired:
      return PlanVerdict::expired;
    case Verdict::too_early:
      return PlanVerdict::not_due;
    case Verdict::open:
      break;
  }
  return PlanVerdict::renew;
}

}  // namespace

PlanVerdict plan_verdict(const PlanFacts& facts) {
  const auto row = of_row(facts);
  if (row != PlanVerdict::renew || facts.card == nullptr) return row;
  if (facts.interrupted) return PlanVerdict::interrupted;
  const auto certificates = of_certificates(*facts.card);
  if (certificates != PlanVerdict::renew) return certificates;
  const auto level = facts.card->pin.user;
  if (level == PinLevel::locked) return PlanVerdict::locked;
  if (level == PinLevel::final_try && !facts.use_final_try) return PlanVerdict::final_try;
  const bool can_log_in = facts.has_pin && level != PinLevel::not_set;
  return can_log_in ? PlanVerdict::renew : PlanVerdict::no_pin;
}

}  // namespace ukey::policy
