#include "cli/batch_choice.hpp"

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/workplace.hpp"

namespace ukey::cli {

ledger::Store& reached_store(const Context& context, ledger::Book& book) {
  (void)book.flush();
  if (auto* const store = book.store()) return *store;
  (void)ledger::Store::open(ledger_place(context));  // says why
  throw base::Error{base::Code::ledger}.because(base::Cause::unreachable);
}

std::optional<model::Batch> chosen_batch(const Context& context, ledger::Store& store) {
  const auto id = context.operand();
  if (!id.empty()) {
    if (auto named = store.batch(id)) return named;
    throw base::Error{base::Code::not_found, id}.because(base::Cause::no_batch);
  }
  const auto host = host_name();
  std::optional<model::Batch> last;
  for (auto& batch : store.batches()) {
    if (batch.host != host) continue;
    if (!batch.ended) return batch;
    if (!last) last = std::move(batch);
  }
  return last;
}

}  // namespace ukey::cli
