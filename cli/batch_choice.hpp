// Which batch of the ledger is meant, and the ledger to ask.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "ledger/book.hpp"
#include "model/batch.hpp"

namespace ukey::cli {

class Context;

/// The ledger, to be written, and its store, with all that waited in the spool. Throws ledger, and
/// why, before anything is said of records that follow later.
[[nodiscard]] std::shared_ptr<ledger::Book> writable_book(const Context& context);
[[nodiscard]] ledger::Store& reached_store(const Context& context, ledger::Book& book);

/// The ledger for who only asks; made by nobody. Records that wait for it and cannot follow now are
/// said to be.
struct AskedLedger {
  std::optional<ledger::Store> store;  ///< absent: the usual place has none yet
  std::size_t waiting = 0;
};

/// Throws ledger, cause no_ledger where a place that was named has none.
[[nodiscard]] AskedLedger asked_ledger(const Context& context);

/// The batch that the operand names (throws not_found for none); without operand the last one of
/// this host that has not come to its end, else its last one; absent when it has none.
[[nodiscard]] std::optional<model::Batch> chosen_batch(const Context& context,
                                                       ledger::Store& store);

}  // namespace ukey::cli
