// Attempts as rows of their tables. It refuses to open transactions: that is for who knows how much
// belongs together.
#pragma once

#include <string>
#include <vector>

#include "ledger/database.hpp"
#include "model/attempt.hpp"

namespace ukey::ledger {

/// Nothing happens when the same or a higher revision is there.
void put_attempt(Database& database, const model::Attempt& attempt);

/// The attempts that `chosen` chooses, in its order: what follows the table's name (`WHERE …`,
/// `ORDER BY …`, `LIMIT …`), with `:v0` … for `values`.
[[nodiscard]] std::vector<model::Attempt> read_attempts(Database& database,
                                                        const std::string& chosen,
                                                        const Row& values);

/// See Store::masters.
[[nodiscard]] std::vector<model::KnownMaster> read_masters(Database& database,
                                                           const std::string& uscc);

}  // namespace ukey::ledger
