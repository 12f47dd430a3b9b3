#include "cli/batch_choice.hpp"

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/workplace.hpp"
#include "ledger/place.hpp"
#include "ledger/spool.hpp"
#include "report/note.hpp"

namespace ukey::cli {

std::shared_ptr<ledger::Book> writable_book(const Context& context) {
  if (const auto place = ledger_place(context); !place.empty())
    ledger::Store::open(place).require_writable();
  return open_book(context);
}

ledger::Store& reached_store(const Context& context, ledger::Book& book) {
  (void)book.flush();
  if (auto* const store = book.store()) return *store;
  const auto place = ledger_place(context);
  ledger::Store::open(place).require_writable();  // says why
  throw base::Error{base::Code::ledger, ledger::shown_place(place)};
}

AskedLedger asked_ledger(const Context& context) {
  const auto place = ledger_place(context);
  if (place.empty()) throw base::Error{base::Code::ledger, "HOME"};
  AskedLedger out{ledger::Store::open_existing(place), 0};
  if (!out.store && place_is_named(context))
    throw base::Error{base::Code::ledger, ledger::shown_place(place)}.because(
        base::Cause::no_ledger);
  out.waiting = ledger::Spool{spool_folder(), place}.size();
  if (out.waiting == 0 || !out.store) return out;
  ledger::Book book{place, spool_folder(), nullptr};
  (void)book.flush();
  out.waiting = book.pending();
  if (out.waiting > 0) context.note(report::waiting_note(out.waiting, context.style(true)));
  return out;
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
