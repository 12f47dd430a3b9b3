// The signals that end a run while it works, in a module's call too: Ctrl-C, which is answered, and
// SIGTERM and SIGHUP. It refuses to do anything inside a signal handler.
#pragma once

#include <signal.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

namespace ukey::cli {

class Interruption {
 public:
  /// From now on each of them makes a thread of its own call `leave` with its number, and ends the
  /// process then: with status 130 after SIGINT, by the signal after the others; where one is
  /// ignored it stays so. To be made before any other thread, for those inherit that the signals
  /// are not theirs.
  explicit Interruption(std::function<void(int)> leave);
  ~Interruption() { end(); }

  /// The first SIGINT from now on calls `once` instead, on the thread of this object; the run goes
  /// on.
  void soften(std::function<void()> once);

  Interruption(const Interruption&) = delete;             // the signals have one reader
  Interruption& operator=(const Interruption&) = delete;  // same

  /// Before the answer of the run is written: the signals are what they were before. Does not
  /// return when `leave` was begun, so that one answer is written.
  void end();

 private:
  void wait();

  std::function<void(int)> leave_;
  std::mutex mutex_;
  std::function<void()> once_;
  sigset_t ours_{};
  int wake_ = 0;  // one of ours; 0 when there is none
  sigset_t mask_before_{};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace ukey::cli
