#include "p11/watchdog.hpp"

#include <atomic>

#include "base/error.hpp"

namespace ukey::p11 {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestPause{50};

std::atomic<bool> abandoned{false};

}  // namespace

bool any_abandoned() { return abandoned; }

void Completion::finish() {
  const std::lock_guard guard{mutex_};
  finished_ = true;
  changed_.notify_all();
}

bool Completion::wait(milliseconds patience) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [this] { return finished_; });
}

void watch(Door& door, const Limits& limits, std::thread& thread, Completion& completion) {
  milliseconds pause = std::clamp(limits.per_call, milliseconds{1}, kLongestPause);
  while (!completion.wait(pause)) {
    pause = kLongestPause;
    const auto call = door.running(thread.get_id());
    if (!call) continue;
    const auto limit =
        call->patience == Patience::long_call ? limits.key_generation : limits.per_call;
    const auto left = limit - (std::chrono::steady_clock::now() - call->since);
    if (left.count() > 0) {
      pause = std::min(pause, std::chrono::ceil<milliseconds>(left));
      continue;
    }
    if (!door.abandon(thread.get_id(), call->since)) continue;
    abandoned = true;
    thread.detach();
    throw base::Error(base::Code::module_timeout, call->file,
                      base::Pkcs11Answer{call->call, 0, {}, {}});
  }
  thread.join();
}

}  // namespace ukey::p11
