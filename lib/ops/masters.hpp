// Several main locks of one unit, among the tokens that are plugged in and those that are
// remembered. Where they are remembered is its caller's affair.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/attempt.hpp"
#include "model/card.hpp"

namespace ukey::ops {

/// What is remembered of main locks.
struct MasterMemory {
  std::vector<model::KnownMaster> masters;
  std::set<std::string> superseded;  ///< serials that do not count, plugged in or not
};

/// Gives what is remembered of the units with these USCCs. Empty: nothing is.
using MasterSource = std::function<MasterMemory(const std::vector<std::string>& usccs)>;

/// The units of the main locks among `cards`, which are plugged in at `now`, that have several.
/// `remembered` is asked once, and not at all when no card is of a main lock.
[[nodiscard]] std::vector<model::SeveralMasters> masters_among(
    const std::vector<const model::Card*>& cards, base::Time now, const MasterSource& remembered);

}  // namespace ukey::ops
