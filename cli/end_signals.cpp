#include "cli/end_signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include "base/error.hpp"

namespace ukey::cli {

namespace {

sigset_t end_signals() {
  sigset_t out;
  sigemptyset(&out);
  sigaddset(&out, SIGINT);
  sigaddset(&out, SIGTERM);
  return out;
}

}  // namespace

EndSignals::EndSignals(std::optional<std::chrono::milliseconds> grace) : grace_(grace) {
  const sigset_t ours = end_signals();
  pthread_sigmask(SIG_BLOCK, &ours, &before_);
  thread_ = std::thread{[this] { listen(); }};
}

EndSignals::~EndSignals() {
  {
    const std::lock_guard guard{mutex_};
    over_ = true;
  }
  changed_.notify_all();
  pthread_kill(thread_.native_handle(), SIGTERM);  // it may still wait for one
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void EndSignals::listen() {
  const sigset_t ours = end_signals();
  int number = 0;
  while (sigwait(&ours, &number) != 0) continue;
  std::unique_lock lock{mutex_};
  if (over_) return;
  number_ = number;
  changed_.notify_all();
  if (!grace_) return;
  if (!changed_.wait_for(lock, *grace_, [this] { return over_; }))
    _exit(number == SIGINT ? base::exit_status(base::Code::interrupted) : 0);
}

void EndSignals::wait() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return number_ != 0; });
}

bool EndSignals::pause(std::chrono::milliseconds time) {
  std::unique_lock lock{mutex_};
  return !changed_.wait_for(lock, time, [this] { return number_ != 0; });
}

int EndSignals::status() const {
  const std::lock_guard guard{mutex_};
  return number_ == SIGINT ? base::exit_status(base::Code::interrupted) : 0;
}

}  // namespace ukey::cli
