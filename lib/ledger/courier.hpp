// A thread that goes to a server in the place of ours, and is given up, with whatever it holds,
// when it does not come back in time. It refuses to wait for a server that is there and answers
// nothing.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace ukey::ledger {

/// True once a courier was given up: the process must then leave by _exit, for its thread still
/// holds a connection.
[[nodiscard]] bool any_given_up();

class Courier {
 public:
  Courier();
  ~Courier();
  Courier(const Courier&) = delete;             // its thread is one
  Courier& operator=(const Courier&) = delete;  // same

  /// What `work` returns or throws. Whatever it uses must be owned by its closure, never be on the
  /// caller's stack: a thread that was given up may outlive the caller. Throws Error ledger, cause
  /// `unreachable`, when it lasts longer than `limit`, and at once ever after.
  template <class T>
  T within(std::chrono::milliseconds limit, std::function<T()> work) {
    const auto task = std::make_shared<std::packaged_task<T()>>(std::move(work));
    auto end = task->get_future();
    send([task] { (*task)(); });
    if (end.wait_for(limit) != std::future_status::ready) give_up();
    return end.get();
  }

 private:
  struct Errands;  // what both threads know

  void send(std::function<void()> errand);
  [[noreturn]] void give_up();

  std::shared_ptr<Errands> errands_;
  std::thread thread_;
};

}  // namespace ukey::ledger
