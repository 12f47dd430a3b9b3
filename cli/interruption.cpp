#include "cli/interruption.hpp"

#include <unistd.h>

#include <utility>

#include "base/error.hpp"

namespace ukey::cli {

namespace {

sigset_t interrupts() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGINT);
  return out;
}

bool ignored() {
  struct sigaction now {};
  return sigaction(SIGINT, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

Interruption::Interruption(std::function<void()> tell) : tell_(std::move(tell)) {
  if (ignored()) return;  // a blocked signal would be kept, an ignored one is not
  const sigset_t ours = interrupts();
  pthread_sigmask(SIG_BLOCK, &ours, &mask_before_);
  thread_ = std::thread{[this] { wait(); }};
}

void Interruption::soften(std::function<void()> once) {
  const std::lock_guard guard{mutex_};
  once_ = std::move(once);
}

void Interruption::wait() {
  const sigset_t ours = interrupts();
  int number = 0;
  for (;;) {
    while (sigwait(&ours, &number) != 0) continue;
    if (over_) return;
    std::unique_lock lock{mutex_};
    const auto once = std::exchange(once_, nullptr);
    lock.unlock();
    if (!once) break;
    once();
  }
  tell_();
  _exit(base::exit_status(base::Code::interrupted));
}

void Interruption::end() {
  if (!thread_.joinable()) return;
  over_ = true;
  pthread_kill(thread_.native_handle(), SIGINT);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

}  // namespace ukey::cli
