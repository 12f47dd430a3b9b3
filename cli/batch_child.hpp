// The children of a batch: this program itself, started anew for one token or to see which tokens
// are there, so that a module that crashes or hangs takes nobody along.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "cli/batch_lines.hpp"
#include "model/batch.hpp"
#include "model/token.hpp"

namespace ukey::cli {

class Context;

/// Does it, and returns the exit status.
int run_child(Context& context, const ChildTask& task);

/// "FILE#0x5".
[[nodiscard]] std::string slot_mark(const std::string& file, unsigned long slot);

struct Scan {
  std::vector<model::SeenSlot> tokens;
  std::vector<model::ModuleRow> modules;
};

/// Looks which tokens are there, in a child; a slot that kills or hangs it is named as failed, and
/// the others are looked at all the same. Throws the error of a scan that failed whole.
[[nodiscard]] Scan scan_tokens(const Context& context);

/// What the child for one item is started with beside its task.
struct ItemLaunch {
  ChildTask task;
  std::vector<std::string> words;              ///< options of the item
  std::vector<std::string> pin_words;          ///< those that name the source of its PIN
  std::shared_ptr<const base::Secret> secret;  ///< its stdin; may be null
  std::chrono::seconds limit{0};
};

/// Thrown for a child that ended without saying how.
struct ItemDied {
  base::Error error;
  bool pin_in_doubt = false;              ///< it was sent a PIN, and may have died of it
  std::vector<model::RenewalStep> steps;  ///< that it said to have done
};

/// Runs the child of an item to its end. Throws ItemDied. `progress` hears its steps.
[[nodiscard]] model::ItemEnd run_item(const Context& context, const ItemLaunch& launch,
                                      const std::function<void(model::RenewalStep)>& progress);

}  // namespace ukey::cli
