#include "policy/masters.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ukey::policy {

namespace {

/// Two that are plugged in are two, whatever they are called.
bool is_same(const model::KnownMaster& one, const model::KnownMaster& other) {
  return !(one.present && other.present) &&
         model::lasting_name(one.token, one.label) == model::lasting_name(other.token, other.label);
}

/// True when `one` tells more of the same token than `other`.
bool says_more(const model::KnownMaster& one, const model::KnownMaster& other) {
  return std::pair{one.present, one.seen} > std::pair{other.present, other.seen};
}

using Unit = std::vector<model::KnownMaster>;

model::SeveralMasters finding(const std::string& uscc, const Unit& unit) {
  const auto best = std::ranges::max_element(
      unit, [](const auto& one, const auto& other) { return says_more(other, one); });
  return {uscc, best->holder, unit};
}

}  // namespace

std::optional<model::KnownMaster> master_of(const model::Card& card, base::Time now) {
  const auto& holder = card.holder;
  if (card.state != model::TokenState::ready || card.lock.kind != model::LockKind::master ||
      holder.uscc.value_or("").empty())
    return std::nullopt;
  model::KnownMaster out;
  out.token = card.token.identity();
  out.label = card.token.label;
  out.holder = holder.organisation.value_or(holder.name.value_or(""));
  out.uscc = *holder.uscc;
  out.seen = now;
  out.present = true;
  return out;
}

std::vector<model::SeveralMasters> several_masters(std::vector<model::KnownMaster> masters,
                                                   const std::set<std::string>& superseded) {
  std::map<std::string, Unit> units;
  for (auto& master : masters) {
    if (master.uscc.empty() || superseded.contains(master.token.serial)) continue;
    auto& unit = units[master.uscc];
    const auto known =
        std::ranges::find_if(unit, [&master](const auto& other) { return is_same(master, other); });
    if (known == unit.end())
      unit.push_back(std::move(master));
    else if (says_more(master, *known))
      *known = std::move(master);
  }
  std::vector<model::SeveralMasters> out;
  for (const auto& [uscc, unit] : units)
    if (unit.size() > 1) out.push_back(finding(uscc, unit));
  return out;
}

}  // namespace ukey::policy
