#include "cli/interruption.hpp"

#include <unistd.h>

#include <utility>

#include "base/error.hpp"

namespace ukey::cli {

namespace {

constexpr int kEnds[] = {SIGINT, SIGTERM, SIGHUP};

bool ignored(int number) {
  struct sigaction now {};
  return sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

[[noreturn]] void die(int number) {
  if (number != SIGINT) {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    raise(number);
  }
  _exit(base::exit_status(base::Code::interrupted));
}

}  // namespace

Interruption::Interruption(std::function<void(int)> leave) : leave_(std::move(leave)) {
  sigemptyset(&ours_);
  for (const int number : kEnds) {
    if (ignored(number)) continue;  // a blocked signal would be kept, an ignored one is not
    sigaddset(&ours_, number);
    wake_ = number;
  }
  if (wake_ == 0) return;
  pthread_sigmask(SIG_BLOCK, &ours_, &mask_before_);
  thread_ = std::thread{[this] { wait(); }};
}

void Interruption::soften(std::function<void()> once) {
  const std::lock_guard guard{mutex_};
  once_ = std::move(once);
}

void Interruption::wait() {
  int number = 0;
  for (;;) {
    while (sigwait(&ours_, &number) != 0) continue;
    if (over_) return;
    std::unique_lock lock{mutex_};
    const auto once = number == SIGINT ? std::exchange(once_, nullptr) : nullptr;
    lock.unlock();
    if (!once) break;
    once();
  }
  leave_(number);
  die(number);
}

void Interruption::end() {
  if (!thread_.joinable()) return;
  over_ = true;
  pthread_kill(thread_.native_handle(), wake_);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

}  // namespace ukey::cli
