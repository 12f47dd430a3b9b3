// One item of a batch on its token: what is left of an earlier run is finished first, what is not
// due is left alone, the rest is renewed. It is meant for a process of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "model/batch.hpp"
#include "ops/recording.hpp"
#include "ops/renewal.hpp"

namespace ukey::ops {

struct ItemTask {
  model::TokenRef token;
  bool has_pin = false;               ///< a source of its PIN was named
  bool withdrawn = false;             ///< one was, but a login from it failed: it is not asked
  bool again = false;                 ///< it was begun before: who still works on it is waited for
  std::chrono::seconds patience{60};  ///< how long for
  /// `again`: learns what was recorded meanwhile, when nobody works on the token any more; what it
  /// throws ends the work. May be empty.
  std::function<void()> catch_up;
};

/// The end of an item that this error ended.
[[nodiscard]] model::ItemEnd failed_end(const base::Error& error);

/// Works on the token that the bench selects. The order follows the recording already, whose
/// attempt the journal names; the end of the work is told it here. What goes wrong is in the
/// result.
[[nodiscard]] model::ItemEnd renew_item(const SharedBench& bench, RenewalOrder order,
                                        const ItemTask& task,
                                        const std::shared_ptr<Recording>& recording);

/// What became of an item whose process ended without saying it, with this error: what its journal
/// says. An attempt that a resume has to finish stays as it was recorded.
[[nodiscard]] model::ItemEnd settle_item(const std::string& state_folder,
                                         const model::TokenRef& token, const base::Error& error,
                                         Recording& recording);

}  // namespace ukey::ops
