// Batches, their items and supersessions as rows of their tables. It refuses to open transactions:
// that is for who knows how much belongs together.
#pragma once

#include <string>
#include <vector>

#include "ledger/database.hpp"
#include "model/batch.hpp"

namespace ukey::ledger {

/// Nothing happens when the same or a higher revision is there.
void put_batch(Database& database, const model::Batch& batch);
void put_item(Database& database, const model::BatchItem& item);

/// The last word counts; of two in one second, the withdrawal.
void put_supersession(Database& database, const model::Supersession& said);

/// Those whose id begins so, all with ""; begun last, first.
[[nodiscard]] std::vector<model::Batch> read_batches(Database& database, const std::string& id);
[[nodiscard]] std::vector<model::BatchItem> read_items(Database& database,
                                                       const std::string& batch);
[[nodiscard]] std::vector<model::Supersession> read_supersessions(Database& database);

}  // namespace ukey::ledger
