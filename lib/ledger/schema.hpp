// The ledger's tables, the same in both databases, and how an older ledger becomes a newer one. It
// refuses a ledger that a newer program has changed.
#pragma once

#include "ledger/database.hpp"

namespace ukey::ledger {

/// Makes the tables that are missing, in one transaction; two programs may do so at once. Throws
/// Error ledger, cause `newer_ledger` for one of a newer program, `no_ledger` for an SQLite file
/// with something else in it.
void make_tables(Database& database);

/// True when there are tables, which are brought up to date; false when there are none. Throws as
/// `make_tables` does.
[[nodiscard]] bool find_tables(Database& database);

}  // namespace ukey::ledger
