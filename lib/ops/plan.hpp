// The plan of a batch: every token that is plugged in, and every row of the manifest, with what
// would become of it. It logs in nowhere, reads no PIN and writes nothing.
#pragma once

#include <optional>

#include "model/batch.hpp"
#include "ops/bench.hpp"
#include "ops/masters.hpp"

namespace ukey::ops {

struct PlanOptions {
  bool has_pin = false;     ///< there is a source of every token's PIN, beside those of the rows
  MasterSource remembered;  ///< may be empty
};

/// Without a manifest an item for each initialised token. With one an item for each row, in their
/// order, then one for each initialised token that no row fits (unknown_token: it is never
/// renewed). With a selector only the tokens that it fits, and the rows that fit one of them or
/// have an error. The PIN source of the bench is not used. Throws as find_tokens does;
/// ambiguous_token when the selector fits several; no_token when nothing is left, but for a
/// manifest without rows and no token.
[[nodiscard]] model::Plan make_plan(const SharedBench& bench,
                                    const std::optional<model::Manifest>& manifest,
                                    const PlanOptions& options);

}  // namespace ukey::ops
