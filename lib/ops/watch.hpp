// Waits for tokens and tells of each as it comes and goes. Nothing is logged in to and nothing
// written; what is to be done with a token that came is its caller's.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "model/sighting.hpp"
#include "ops/bench.hpp"
#include "ops/presence.hpp"
#include "ops/roster.hpp"
#include "p11/slot_watch.hpp"

namespace ukey::ops {

/// A token that came and was told of.
struct Arrival {
  const Present& token;
  const model::Card& card;
  bool was_in = false;   ///< it was in when the watch began
  bool handled = false;  ///< what `handled` said of it
};

/// Whom a watch works for.
struct Watcher {
  /// Lets that time pass; false when the watch shall end.
  std::function<bool(std::chrono::milliseconds)> pause;
  /// Hears what there is to tell; false when the watch shall end.
  std::function<bool(const model::Sighting&)> tell;
  /// Whether the token was handled before, so that it needs nothing now; may be empty.
  std::function<bool(const model::Card&)> handled;
  /// Has the token to itself right after it was told of; may be empty.
  std::function<void(const Arrival&)> arrived;
};

class Watch {
 public:
  /// Loads the modules of the bench and looks who is in. Throws as `find_tokens`; no token at all
  /// is no error.
  explicit Watch(SharedBench bench);

  [[nodiscard]] const std::vector<model::ModuleRow>& modules() const { return rows_; }

  /// Tells of the tokens that are in, then of each that comes and goes, until the watcher ends it.
  /// A token that cannot be read is told with its error; uninitialised ones, and with a selector
  /// those that it does not fit, are not told of. A module that hangs or fails is given up; throws
  /// its error when it was the last.
  void run(const Watcher& watcher);

 private:
  /// A module under watch; shared with the work on it, which outlives us when it hangs.
  struct Watched;
  struct Finding;

  [[nodiscard]] static std::vector<Finding> read(const Bench& bench,
                                                 const std::shared_ptr<Watched>& watched,
                                                 const std::vector<p11::Suspect>& suspects);
  void begin(const ModuleChoice& choice);
  void poll(std::size_t module);
  void settle(std::size_t module, const Finding& finding);
  void come(std::size_t module, const Finding& finding);
  void go(std::size_t module, unsigned long slot);
  void give_up(std::size_t module, const base::Error& error);
  void tell_newcomers(model::WatchEvent event);
  void tell(const model::Sighting& sighting);
  [[nodiscard]] SharedBench bench_now() const;

  SharedBench bench_;
  std::vector<std::shared_ptr<Watched>> modules_;  // null: given up
  std::vector<model::ModuleRow> rows_;             // as modules_
  Roster roster_;
  const Watcher* watcher_ = nullptr;  // while it runs
  bool going_ = true;
};

}  // namespace ukey::ops
