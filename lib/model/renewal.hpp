// What the rules say of renewing, as data.
#pragma once

#include <chrono>
#include <optional>

#include "base/time.hpp"

namespace ukey::model {

enum class Verdict {
  no_certificate,
  not_yet_valid,
  revoked,
  ca_not_renewable,
  expired,
  too_early,
  open
};

enum class NextStep { renew_now, wait, first_issue, contact_ca, check_clock, login, none };

/// The renewal window: both ends inclusive to the second. Without a certificate the optionals are
/// absent.
struct RenewalVerdict {
  Verdict verdict = Verdict::no_certificate;
  std::optional<base::Time> opens, closes;
  std::optional<std::chrono::days> days_left;
  std::optional<base::Date> recommended_by;
  NextStep next_step = NextStep::none;
};

}  // namespace ukey::model
