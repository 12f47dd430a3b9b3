// What a batch and its children say to each other: a task in the environment, events as lines of
// JSON. Neither holds a secret.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/batch.hpp"
#include "model/token.hpp"
#include "report/describe.hpp"

namespace ukey::cli {

/// What a child is to do.
struct ChildTask {
  bool scan = false;              ///< say which tokens are there, no more
  std::vector<std::string> skip;  ///< scan: slots ("FILE#0x5") that are not to be looked at
  std::string batch, attempt;     ///< ids
  model::TokenRef token;
  std::optional<unsigned long> slot;      ///< where the token was
  std::vector<std::string> certificates;  ///< SHA-256 of those that were seen on it, if any were
  bool has_pin = false;
  bool again = false;                 ///< the item was begun before
  bool withdrawn = false;             ///< its PIN must not be sent
  bool typed = false;                 ///< the answer about bids was typed at a terminal
  bool bid_open = false;              ///< it was answered that one is
  std::chrono::seconds patience{60};  ///< how long who still works on it is waited for
  unsigned revision = 0;              ///< of what is recorded of the attempt, at most
};

/// "UKEY_ITEM=…", for the environment of the child.
[[nodiscard]] std::string task_variable(const ChildTask& task);

/// The task of this process, once; absent when it is no child. Programs that it starts do not find
/// it any more. Throws usage for one that cannot be read: to take a child's words for those of a
/// whole batch would do far more than was meant.
[[nodiscard]] std::optional<ChildTask> child_task();

// What a child said, read back. They throw Json::exception for what is not of their form.
[[nodiscard]] std::optional<base::Error> error_of(const report::Json& line);
[[nodiscard]] model::SeenSlot sighting_of(const report::Json& line);
[[nodiscard]] model::ModuleRow module_row_of(const report::Json& json);
[[nodiscard]] model::ItemEnd item_end_of(const report::Json& line);

/// The end of an item's work, for the parent: more than its document has.
[[nodiscard]] report::Json item_end_line(const model::BatchItem& item, const model::ItemEnd& end,
                                         report::Lang lang);

}  // namespace ukey::cli
