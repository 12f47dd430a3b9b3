// Runs work that calls a module on a thread of its own and gives the thread up when one call hangs.
// Time outside calls (a prompt, a CA) does not count.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include "p11/door.hpp"

namespace ukey::p11 {

/// How long one PKCS#11 call may last.
struct Limits {
  std::chrono::milliseconds per_call{30'000};
  std::chrono::milliseconds key_generation{180'000};  ///< also a PIN typed on the token itself

  /// `limit` for every call, as when someone set it.
  [[nodiscard]] static Limits all(std::chrono::milliseconds limit) { return {limit, limit}; }
};

/// True once a thread was given up: the process must then leave by _exit, for that thread still
/// holds the module.
[[nodiscard]] bool any_abandoned();

/// The end of a supervised work, as its thread tells it.
class Completion {
 public:
  void finish();
  /// True as soon as the work is finished, false after `patience` without that.
  [[nodiscard]] bool wait(std::chrono::milliseconds patience);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool finished_ = false;
};

/// Waits until `thread` is through with its work and joins it. Throws Error module_timeout
/// (subject: the module's file, answer: the call, rv 0) when one call through `door` outlasts its
/// limit; the thread is detached then.
void watch(Door& door, const Limits& limits, std::thread& thread, Completion& completion);

/// What `work` returns or throws; it runs on its own thread, and what it owns is destroyed there,
/// watched too. Every module that it uses must have been loaded with `door`. Whatever it uses must
/// be owned by its closure, by value or shared_ptr, never be on the caller's stack: a thread that
/// was given up may outlive the caller. Throws Error module_timeout when one PKCS#11 call outlasts
/// its limit.
template <class T>
T supervised(std::shared_ptr<Door> door, Limits limits, std::function<T()> work) {
  using Value = std::conditional_t<std::is_void_v<T>, bool, T>;
  struct Outcome {
    Completion completion;
    std::optional<Value> value;
    std::exception_ptr failure;
  };
  if (!door) door = std::make_shared<Door>();
  const auto outcome = std::make_shared<Outcome>();
  std::thread thread([outcome, door, work = std::move(work)]() mutable {
    try {
      if constexpr (std::is_void_v<T>)
        work();
      else
        outcome->value.emplace(work());
    } catch (...) {  // carried to the caller as it is
      outcome->failure = std::current_exception();
    }
    work =
        nullptr;  // a module that goes with it is finalised now, while the calls are still watched
    outcome->completion.finish();
  });
  watch(*door, limits, thread, outcome->completion);
  if (outcome->failure) std::rethrow_exception(std::exchange(outcome->failure, nullptr));
  if constexpr (!std::is_void_v<T>) return std::move(*outcome->value);
}

/// The same with a limit for one call; making a key may take 180 s even when that is more.
template <class T>
T supervised(std::shared_ptr<Door> door, std::chrono::milliseconds limit_per_call,
             std::function<T()> work) {
  const Limits limits{limit_per_call, std::max(limit_per_call, Limits{}.key_generation)};
  return supervised<T>(std::move(door), limits, std::move(work));
}

}  // namespace ukey::p11
