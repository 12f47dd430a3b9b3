#include "p11/door.hpp"

#include <unistd.h>

#include <algorithm>

#include "p11/ckr.hpp"

namespace ukey::p11 {

namespace {

/// The end of a thread that was given up: others go on without it, so it must touch nothing any
/// more.
[[noreturn]] void stop_here() {
  for (;;) ::pause();
}

auto of_thread(std::thread::id thread) {
  return [thread](const Running& call) { return call.thread == thread; };
}

}  // namespace

std::optional<Running> Door::running(std::thread::id thread) const {
  const std::lock_guard guard{mutex_};
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), of_thread(thread));
  if (found == under_way_.end()) return std::nullopt;
  return *found;
}

bool Door::abandon(std::thread::id thread, std::chrono::steady_clock::time_point since) {
  const std::lock_guard guard{mutex_};
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), of_thread(thread));
  if (found == under_way_.end() || found->since != since) return false;
  found->abandoned = true;
  return true;
}

void Door::enter(Running call) {
  const std::lock_guard guard{mutex_};
  under_way_.push_back(std::move(call));
}

Running Door::leave() {
  std::unique_lock lock{mutex_};
  const auto found =
      std::find_if(under_way_.begin(), under_way_.end(), of_thread(std::this_thread::get_id()));
  if (found->abandoned) {
    lock.unlock();
    stop_here();
  }
  Running call = std::move(*found);
  under_way_.erase(found);
  return call;
}

Passage::Passage(Door& door, std::string call, std::string file, Patience patience) : door_(door) {
  door_.enter({std::this_thread::get_id(), std::move(call), std::move(file), patience,
               std::chrono::steady_clock::now(), false});
}

Passage::~Passage() {
  if (open_) (void)door_.leave();
}

unsigned long Passage::done(unsigned long rv) {
  const auto now = std::chrono::steady_clock::now();
  open_ = false;
  Running call = door_.leave();
  if (!door_.observer) return rv;
  const std::chrono::duration<double, std::milli> took = now - call.since;
  const std::lock_guard guard{door_.telling_};
  door_.observer({std::move(call.call), rv, ckr_name(rv), took.count()});
  return rv;
}

}  // namespace ukey::p11
