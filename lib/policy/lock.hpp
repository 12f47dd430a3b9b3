// What kind of lock a token is, on evidence: never "sub-lock" because something was merely not
// seen.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/certificate.hpp"
#include "model/lock.hpp"
#include "model/profile.hpp"

namespace ukey::policy {

/// The seal that a label names by the profile's patterns: exact first, then contained, the longest
/// pattern wins.
[[nodiscard]] std::optional<model::SealRole> seal_role(std::string_view label,
                                                       const model::SealLabels& patterns);

/// What was looked at, as far as it decides the kind of lock.
struct LockFacts {
  std::vector<model::SealObject> seals;  ///< every data object; with basis content, `format` is set
  model::LockBasis basis = model::LockBasis::label;
  model::HolderKind holder = model::HolderKind::unknown;
  bool has_encryption_certificate = false;
  bool is_empty = false;  ///< no object at all was seen
  bool logged_in = false;
  const model::TokenProfile* profile = nullptr;  ///< nullptr: the token matches none
};

/// The kind of lock, with a row of evidence for each seal that
/// the platform requires of this holder (of an unknown holder: all three).
[[nodiscard]] model::LockVerdict judge_lock(const LockFacts& facts,
                                            const model::Platform& platform);

}  // namespace ukey::policy
