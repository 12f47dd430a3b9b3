#include "ops/masters.hpp"

#include <algorithm>
#include <iterator>

#include "policy/masters.hpp"

namespace ukey::ops {

std::vector<model::SeveralMasters> masters_among(const std::vector<const model::Card*>& cards,
                                                 base::Time now, const MasterSource& remembered) {
  std::vector<model::KnownMaster> masters;
  std::set<std::string> units;
  for (const auto* card : cards)
    if (auto master = policy::master_of(*card, now)) {
      units.insert(master->uscc);
      masters.push_back(std::move(*master));
    }
  if (units.empty()) return {};
  MasterMemory memory;
  if (remembered) memory = remembered({units.begin(), units.end()});
  std::ranges::move(memory.masters, std::back_inserter(masters));
  return policy::several_masters(std::move(masters), memory.superseded);
}

}  // namespace ukey::ops
