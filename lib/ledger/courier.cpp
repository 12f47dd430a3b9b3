#include "ledger/courier.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/error.hpp"

namespace ukey::ledger {

namespace {

std::atomic<bool> given_up{false};

[[noreturn]] void throw_unreachable() {
  throw base::Error{base::Code::ledger}.because(base::Cause::unreachable);
}

}  // namespace

bool any_given_up() { return given_up; }

struct Courier::Errands {
  std::mutex guard;
  std::condition_variable changed;
  std::function<void()> next;
  bool last = false;  ///< nothing comes after it

  void run() {
    std::unique_lock lock{guard};
    for (;;) {
      changed.wait(lock, [this] { return next || last; });
      if (!next) return;
      auto errand = std::exchange(next, nullptr);
      lock.unlock();
      errand();
      errand = nullptr;
      lock.lock();
    }
  }
};

Courier::Courier()
    : errands_(std::make_shared<Errands>()), thread_([errands = errands_] { errands->run(); }) {}

Courier::~Courier() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock{errands_->guard};
    errands_->last = true;
  }
  errands_->changed.notify_one();
  thread_.join();
}

void Courier::send(std::function<void()> errand) {
  if (!thread_.joinable()) throw_unreachable();
  {
    const std::lock_guard lock{errands_->guard};
    errands_->next = std::move(errand);
  }
  errands_->changed.notify_one();
}

void Courier::give_up() {
  given_up = true;
  {
    const std::lock_guard lock{errands_->guard};
    errands_->last = true;
  }
  thread_.detach();
  throw_unreachable();
}

}  // namespace ukey::ledger
