#include "practice/module/fault.hpp"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <thread>

#include "practice/module/functions.hpp"

namespace ukey::practice {

namespace {

std::optional<unsigned long> number(std::string_view text, int base) {
  unsigned long value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value, base);
  if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return value;
}

/// The part before `mark`, which is taken from `rest` with it; all of `rest` when there is none.
std::string_view take_until(std::string_view& rest, char mark) {
  const auto part = rest.substr(0, rest.find(mark));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

bool read_effect(std::string_view text, Fault& fault) {
  if (text == "hang") return fault.kind = FaultKind::hang, true;
  if (text == "die") return fault.kind = FaultKind::die, true;
  if (!text.starts_with("0x")) return false;
  const auto rv = number(text.substr(2), 16);
  fault.rv = rv.value_or(CKR_OK);
  return rv.has_value();
}

std::optional<Fault> parse_fault(std::string_view text) {
  Fault fault;
  auto call = take_until(text, '=');
  auto name = take_until(call, ':');
  if (!call.empty()) {
    const auto nth = number(call, 10);
    if (!nth || *nth == 0) return std::nullopt;
    fault.nth = *nth;
  }
  fault.after = name.ends_with('!');
  if (fault.after) name.remove_suffix(1);
  if (name != "*" && !is_function(name)) return std::nullopt;
  fault.function = name;
  if (!read_effect(text, fault)) return std::nullopt;
  return fault;
}

[[noreturn]] void hang() {
  for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
}

}  // namespace

std::optional<std::vector<Fault>> parse_faults(std::string_view text) {
  std::vector<Fault> faults;
  while (!text.empty()) {
    const auto fault = parse_fault(take_until(text, ','));
    if (!fault) return std::nullopt;
    faults.push_back(*fault);
  }
  return faults;
}

bool Gauntlet::prepare() {
  const char* const faults = std::getenv("UKEY_PRACTICE_FAULT");
  const char* const delay = std::getenv("UKEY_PRACTICE_DELAY_MS");
  const auto parsed = parse_faults(faults == nullptr ? "" : faults);
  const auto milliseconds = number(delay == nullptr ? "0" : delay, 10);
  if (!parsed || !milliseconds || *milliseconds > 3'600'000) return false;
  const std::lock_guard guard(mutex_);
  delay_ = std::chrono::milliseconds(*milliseconds);
  const std::string text = faults == nullptr ? "" : faults;
  if (text == text_ && process_ == ::getpid()) return true;
  text_ = text;
  process_ = ::getpid();
  faults_ = *parsed;
  counts_.clear();
  all_ = 0;
  return true;
}

Gauntlet::Turn Gauntlet::enter(std::string_view function) {
  const std::lock_guard guard(mutex_);
  auto found = counts_.find(function);
  if (found == counts_.end()) found = counts_.emplace(function, 0).first;
  return {++found->second, ++all_};
}

void Gauntlet::delay() const {
  std::unique_lock guard(mutex_);
  const auto delay = delay_;
  guard.unlock();
  if (delay.count() > 0) std::this_thread::sleep_for(delay);
}

std::optional<CK_RV> Gauntlet::strike(std::string_view function, Turn turn, bool after) const {
  std::unique_lock guard(mutex_);
  for (const auto& fault : faults_) {
    if (fault.after != after || (fault.function != "*" && fault.function != function)) continue;
    if (fault.nth != 0 && fault.nth != (fault.function == "*" ? turn.all : turn.own)) continue;
    if (fault.kind == FaultKind::answer) return fault.rv;
    if (fault.kind == FaultKind::die) ::kill(::getpid(), SIGKILL);
    guard.unlock();  // or every other thread would hang too
    hang();
  }
  return std::nullopt;
}

Gauntlet& gauntlet() {
  static auto& only = *new Gauntlet;
  return only;
}

}  // namespace ukey::practice
