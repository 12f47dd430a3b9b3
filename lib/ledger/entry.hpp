// What the ledger keeps, one record at a time, and its form in a file while the database is away.
// It refuses texts that are no entry, or of a newer program.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "model/attempt.hpp"
#include "model/batch.hpp"

namespace ukey::ledger {

using Entry = std::variant<model::Attempt, model::Batch, model::BatchItem, model::Supersession>;

/// 32 hexadecimal digits for an attempt or a batch: 16 drawn at random, and 16 that grow while this
/// machine is up, so that what began in one second stands in its order.
[[nodiscard]] std::string new_id();

/// A name that only this revision of this entry has, fit for a file name. Sorted by it, revisions
/// of one entry stand in their order.
[[nodiscard]] std::string entry_key(const Entry& entry);

/// The entry as JSON text, and back. `read_entry` throws Error ledger without subject for a text
/// that is none.
[[nodiscard]] std::string entry_text(const Entry& entry);
[[nodiscard]] Entry read_entry(std::string_view text);

}  // namespace ukey::ledger
