// What a plan says of a token or of a manifest's row: pure judgement on what was read. It refuses
// to look for anything itself.
#pragma once

#include <cstddef>

#include "model/batch.hpp"
#include "model/card.hpp"

namespace ukey::policy {

/// What is known of one item before it is judged.
struct PlanFacts {
  const model::ManifestRow* row = nullptr;  ///< nullptr: it has none
  bool row_needed = false;                  ///< a manifest was given
  std::size_t fits = 0;                     ///< tokens that fit the row; without a row 1
  bool repeated = false;                    ///< a row before this one is of the same token
  const model::Card* card = nullptr;        ///< nullptr: no token, or not one alone
  bool interrupted = false;                 ///< an interrupted renewal of it waits
  bool has_pin = false;                     ///< a source of its PIN is known
  bool use_final_try = false;               ///< its last PIN try may be spent
};

/// The first that applies, in the order of model::PlanVerdict.
[[nodiscard]] model::PlanVerdict plan_verdict(const PlanFacts& facts);

}  // namespace ukey::policy
