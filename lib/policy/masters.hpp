// Units of which several main locks are known: something to look into, never a bar to a renewal.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/attempt.hpp"
#include "model/card.hpp"

namespace ukey::policy {

/// The plugged-in token of this card as its unit's main lock, seen at `now`; absent unless its kind
/// is `master` and the unit's USCC was read.
[[nodiscard]] std::optional<model::KnownMaster> master_of(const model::Card& card, base::Time now);

/// The units among `masters` with two tokens or more, in order of their USCC, their tokens in the
/// order given. Of one token the entry that is plugged in counts, else the one seen last; tokens
/// whose serial is in `superseded` do not count, plugged in or not.
[[nodiscard]] std::vector<model::SeveralMasters> several_masters(
    std::vector<model::KnownMaster> masters, const std::set<std::string>& superseded);

}  // namespace ukey::policy
