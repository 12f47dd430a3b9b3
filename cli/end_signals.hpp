// SIGINT and SIGTERM as the proper end of a command that goes on until somebody ends it.
#pragma once

#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace ukey::cli {

class EndSignals {
 public:
  /// From now on either signal is only noted, also where it was ignored; threads that begin
  /// meanwhile inherit that. With a `grace` the process leaves at once when it still runs that long
  /// after the signal, as in a call that hangs. The signals must be nobody else's
  /// (Context::take_interrupts).
  explicit EndSignals(std::optional<std::chrono::milliseconds> grace = {});
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;             // the signals have one reader
  EndSignals& operator=(const EndSignals&) = delete;  // same

  /// Waits until one of them comes.
  void wait();

  /// Lets `time` pass; false as soon as one of them came.
  [[nodiscard]] bool pause(std::chrono::milliseconds time);

  /// The exit status of a command that ends now: 130 after SIGINT, else 0.
  [[nodiscard]] int status() const;

 private:
  void listen();

  const std::optional<std::chrono::milliseconds> grace_;
  sigset_t before_{};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int number_ = 0;  // of the signal that came
  bool over_ = false;
  std::thread thread_;
};

}  // namespace ukey::cli
