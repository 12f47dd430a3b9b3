#include "cli/masters.hpp"

#include <utility>

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/workplace.hpp"
#include "policy/masters.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

std::set<std::string> superseded(ledger::Store& store) {
  std::set<std::string> out;
  for (const auto& row : store.supersessions())
    if (!row.withdrawn) out.insert(row.serial);
  return out;
}

ops::MasterMemory asked(const std::string& place, const std::vector<std::string>& usccs) {
  ops::MasterMemory out;
  auto store = place.empty() ? std::nullopt : ledger::Store::open_existing(place);
  if (!store) return out;
  for (const auto& uscc : usccs)
    for (auto& master : store->masters(uscc)) out.masters.push_back(std::move(master));
  out.superseded = superseded(*store);
  return out;
}

}  // namespace

ops::MasterSource master_source(Context& context) {
  return [&context, place = ledger_place(context)](const std::vector<std::string>& usccs) {
    try {
      return asked(place, usccs);
    } catch (const base::Error& error) {
      if (error.code() != base::Code::ledger) throw;
      context.note(report::unasked_ledger_note(error, context.style(true)));
      return ops::MasterMemory{};
    }
  };
}

std::vector<model::SeveralMasters> remembered_findings(ledger::Store& store) {
  return policy::several_masters(store.masters(""), superseded(store));
}

}  // namespace ukey::cli
