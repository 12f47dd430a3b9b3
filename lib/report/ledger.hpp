// What the ledger holds, as JSON and as pages: attempts, batches and their items.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "model/batch.hpp"
#include "report/describe.hpp"
#include "report/style.hpp"

namespace ukey::report {

/// The array `attempts`.
[[nodiscard]] Json describe_attempts(std::span<const model::Attempt> attempts,
                                     const Options& options);

/// {"id", "host", "user", "begun", "ended", "renewed", "skipped", "failed", "left"}.
[[nodiscard]] Json describe_batch(const model::Batch& batch, const model::BatchSummary& summary);

/// The array `items`.
[[nodiscard]] Json describe_batch_items(std::span<const model::BatchItem> items,
                                        const Options& options);

/// The array `superseded`: those that hold.
[[nodiscard]] Json describe_supersessions(std::span<const model::Supersession> rows);

/// `attempts` as comma-separated values, a line each.
[[nodiscard]] std::string attempts_csv(const Json& document);

/// `batch status`.
[[nodiscard]] std::string batch_status_page(const Json& document, const Style& style);

}  // namespace ukey::report
