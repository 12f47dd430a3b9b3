// The one door through which every call to a module goes: it measures, tells the observer, and
// knows which call has not come back. It never sees an argument, so no PIN can pass into a record.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/token.hpp"

namespace ukey::p11 {

/// How long a call may take: as any other, or as one that makes a key or waits for a PIN typed on
/// the token itself.
enum class Patience { usual, long_call };

/// A call under way.
struct Running {
  std::thread::id thread;
  std::string call;
  std::string file;  ///< of the module
  Patience patience = Patience::usual;
  std::chrono::steady_clock::time_point since;
  bool abandoned = false;
};

/// Shared by a module and whoever watches it. Set `observer` before the first call; it is called on
/// the thread of the call, by one thread at a time, must make no PKCS#11 call itself, and hears
/// nothing of an abandoned thread.
struct Door {
  std::function<void(const model::CallRecord&)> observer;  ///< may be empty

  /// The call that `thread` is in, if it is in one.
  [[nodiscard]] std::optional<Running> running(std::thread::id thread) const;

  /// Gives up the call of `thread` that began at `since`: should it ever come back, its thread
  /// stops there for good. False when it came back before that.
  [[nodiscard]] bool abandon(std::thread::id thread, std::chrono::steady_clock::time_point since);

 private:
  friend class Passage;
  void enter(Running call);
  Running leave();

  mutable std::mutex mutex_;
  std::vector<Running> under_way_;  // one at most for each thread
  std::mutex telling_;
};

/// One way through the door, from before a call until its answer.
class Passage {
 public:
  Passage(Door& door, std::string call, std::string file, Patience patience);
  ~Passage();
  Passage(const Passage&) = delete;  // it stands for one call on one thread
  Passage& operator=(const Passage&) = delete;

  /// Ends the call and tells the observer; returns `rv`. Does not return on a thread that was given
  /// up.
  unsigned long done(unsigned long rv);

 private:
  Door& door_;
  bool open_ = true;
};

/// Runs `work`, which returns a CK_RV, as the call named `call` of the module `file`; returns what
/// it returned.
template <class Work>
unsigned long traced(Door& door, std::string call, std::string file, Patience patience,
                     Work&& work) {
  Passage passage{door, std::move(call), std::move(file), patience};
  return passage.done(std::forward<Work>(work)());
}

}  // namespace ukey::p11
