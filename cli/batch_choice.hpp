// Which batch of the ledger is meant, and the ledger to ask.
#pragma once

#include <optional>

#include "ledger/book.hpp"
#include "model/batch.hpp"

namespace ukey::cli {

class Context;

/// The store of the book, with all that waited in the spool. Throws ledger, and why, while it is
/// away.
[[nodiscard]] ledger::Store& reached_store(const Context& context, ledger::Book& book);

/// The batch that the operand names (throws not_found for none); without operand the last one of
/// this host that has not come to its end, else its last one; absent when it has none.
[[nodiscard]] std::optional<model::Batch> chosen_batch(const Context& context,
                                                       ledger::Store& store);

}  // namespace ukey::cli
