// Carries a batch out: several items at once, each remembered before and after its work, each PIN
// source used for one token alone until a login from it has succeeded. It knows neither tokens nor
// processes: `launch` does the work of one item.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger/entry.hpp"
#include "model/batch.hpp"

namespace ukey::ops {

struct BatchHooks {
  /// Works on one item, on a thread of the batch; `progress` is to be called as its work goes on.
  /// With `withdrawn` its PIN must not be sent. What it throws is the item's failure.
  std::function<model::ItemEnd(const model::BatchItem& item, bool withdrawn,
                               const std::function<void(model::RenewalStep)>& progress)>
      launch;
  std::function<void(const ledger::Entry&)> record;  ///< survives this process when it returns
  std::function<std::string()> new_id;
  std::function<base::Time()> clock;
  std::function<bool()> stopping;  ///< true: no further item is begun
  // Heard one at a time, on whatever thread; may be empty.
  std::function<void(const model::BatchItem&)> began;
  std::function<void(const model::BatchItem&, model::RenewalStep)> progressed;
  std::function<void(const model::BatchItem&, const model::ItemEnd&)> ended;
};

/// Works on the items that are waiting or running (those were interrupted), at most `jobs` at once,
/// in their order as far as their PIN sources allow, and returns how all items stand. A PIN that
/// was sent and not found right withdraws its source: no other token gets a PIN from it. The batch
/// gets its end when nothing is left to do and nobody stopped it. Throws what `record` throws; then
/// no further item is begun, and those under way come to their end first.
[[nodiscard]] model::BatchSummary carry_out(model::Batch& batch,
                                            std::vector<model::BatchItem>& items, unsigned jobs,
                                            const BatchHooks& hooks);

/// The counts of these items.
[[nodiscard]] model::BatchSummary summary_of(const std::vector<model::BatchItem>& items);

}  // namespace ukey::ops
