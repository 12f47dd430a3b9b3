// Ctrl-C while the program works, a module's call included: the run ends at once, and says so. It
// refuses to do anything inside a signal handler.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace ukey::cli {

class Interruption {
 public:
  /// From now on SIGINT makes a thread of its own call `tell`, and ends the process with status 130
  /// then; where SIGINT is ignored it stays so. To be made before any other thread, for those
  /// inherit that the signal is not theirs.
  explicit Interruption(std::function<void()> tell);
  ~Interruption() { end(); }

  /// The first SIGINT from now on calls `once` instead, on the thread of this object; the run goes
  /// on.
  void soften(std::function<void()> once);

  Interruption(const Interruption&) = delete;             // the signal has one reader
  Interruption& operator=(const Interruption&) = delete;  // same

  /// Before the answer of the run is written: SIGINT is what it was before. Does not return when
  /// `tell` was begun, so that one answer is written.
  void end();

 private:
  void wait();

  std::function<void()> tell_;
  std::mutex mutex_;
  std::function<void()> once_;
  sigset_t mask_before_{};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace ukey::cli
