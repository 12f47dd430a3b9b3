// What a batch says while it goes on and of what was: events as JSON, and lines for people.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "model/batch.hpp"
#include "report/describe.hpp"
#include "report/style.hpp"

namespace ukey::report {

/// {"serial", "label", "manufacturer", "model"}; null while no token was found.
[[nodiscard]] Json describe_identity(const model::TokenIdentity& token, const std::string& label,
                                     const Options& options);

/// The name of its row or token: a label with persons' numbers masked, a serial as it is.
[[nodiscard]] Json describe_selector(const model::BatchItem& item, const Options& options);

/// The certificates of one side: [{"role", "serial", "not_after", "sha256"}].
[[nodiscard]] Json describe_marks(const std::vector<model::AttemptCertificate>& rows,
                                  model::CertificateMark model::AttemptCertificate::*side);

/// {"event": "start", "batch", "items", "jobs"}.
[[nodiscard]] Json describe_batch_start(const model::Batch& batch, std::size_t items,
                                        unsigned jobs);

/// {"event": "progress", "number", "token", "step"}; `step` absent: the item is begun, null.
[[nodiscard]] Json describe_item_progress(const model::BatchItem& item,
                                          std::optional<model::RenewalStep> step,
                                          const Options& options);

/// {"event": "item", "number", "line", "selector", "token", "holder", "result", "reason", "old",
/// "new", "error", "attempt"}.
[[nodiscard]] Json describe_item_end(const model::BatchItem& item, const model::ItemEnd& end,
                                     const Options& options);

/// {"event": "summary", "batch", "renewed", "skipped", "failed", "left", "reasons"}.
[[nodiscard]] Json describe_batch_summary(const model::Batch& batch,
                                          const model::BatchSummary& summary);

/// One line for an item that came to its end, the `done`-th of `total` (0: nobody knows of
/// how many); a second one with the error of one that failed.
[[nodiscard]] std::string item_line(const model::BatchItem& item, const model::ItemEnd& end,
                                    std::size_t done, std::size_t total, const Style& style);

/// What went wrong with an item, in the lines of an error. Precondition: the end has an error.
[[nodiscard]] std::string item_failure(const model::ItemEnd& end, const Style& style);

/// That the token is done and may be taken out, one line.
[[nodiscard]] std::string take_out_note(const Style& style);

/// How it ended, in a few lines: counts, reasons, what to do next.
[[nodiscard]] std::string batch_summary_text(const model::Batch& batch,
                                             const model::BatchSummary& summary,
                                             const Style& style);

/// A bar of how far it is, to be drawn over itself: no line end, `style.width` columns at most.
[[nodiscard]] std::string batch_bar(std::size_t done, std::size_t total, std::size_t running,
                                    const Style& style);

/// That a batch was asked to stop, and waits for what is under way; one line.
[[nodiscard]] std::string stopping_note(const Style& style);

/// What a child said on its stderr about its token, one line.
[[nodiscard]] std::string child_note(std::string_view token, std::string_view line,
                                     const Style& style);

/// The word of a reason: a PlanVerdict's or an error's; a few of its own.
[[nodiscard]] std::string reason_word(const model::ItemReason& why, Lang lang);

}  // namespace ukey::report
