// Where this run learns of main locks that are not plugged in: the ledger. A ledger that cannot be
// asked is said to be, and keeps nothing else from being done.
#pragma once

#include <vector>

#include "ledger/store.hpp"
#include "model/attempt.hpp"
#include "ops/masters.hpp"

namespace ukey::cli {

class Context;

/// What the ledger knows of main locks. A ledger is not made for it.
[[nodiscard]] ops::MasterSource master_source(Context& context);

/// The units that have several main locks by the ledger alone.
[[nodiscard]] std::vector<model::SeveralMasters> remembered_findings(ledger::Store& store);

}  // namespace ukey::cli
