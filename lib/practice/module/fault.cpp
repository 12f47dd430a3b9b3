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
  if (text == "crash") return fault.kind = FaultKind::crash, true;
  if (text == "unplug") return fault.kind = FaultKind::unplug, true;
  if (!text.starts_with("0x")) return false;
  const auto rv = number(text.substr(2), 16);
  fault.rv = rv.value_or(CKR_OK);
  return rv.has_value();
}

/// Only calls that are for a token can be told by their token, or unplug theirs.
bool is_fit(const Fault& fault) {
  const bool any = fault.function == "*";
  const auto subject = subject_of(fault.function);
  if (!any && !subject) return false;
  if (any) return !fault.token.empty() || fault.kind != FaultKind::unplug;
  if (subject != Subject::library) return true;
  return fault.token.empty() && fault.kind != FaultKind::unplug;
}

std::optional<Fault> parse_fault(std::string_view text) {
  Fault fault;
  if (text.starts_with('@')) {
    text.remove_prefix(1);
    fault.token = take_until(text, '/');
    if (fault.token.empty()) return std::nullopt;
  }
  auto call = take_until(text, '=');
  auto name = take_until(call, ':');
  if (!call.empty()) {
    const auto nth = number(call, 10);
    if (!nth || *nth == 0) return std::nullopt;
    fault.nth = *nth;
  }
  fault.after = name.ends_with('!');
  if (fault.after) name.remove_suffix(1);
  fault.function = name;
  if (!read_effect(text, fault) || !is_fit(fault)) return std::nullopt;
  return fault;
}

bool is_meant(const Fault& fault, const Gauntlet::Turn& turn) {
  if (fault.function != "*" && fault.function != turn.function) return false;
  if (fault.token.empty())
    return fault.nth == 0 || fault.nth == (fault.function == "*" ? turn.all : turn.own);
  if (turn.token == nullptr) return false;
  const auto& token = *turn.token;
  const auto said = [&](const std::string& text) { return fault.token == text; };
  if (!said(token.serial) && !said(token.name) && !said(token.label)) return false;
  return fault.nth == 0 ||
         fault.nth == (fault.function == "*" ? turn.all_of_token : turn.own_of_token);
}

/// By the signal's default action, also where the host handles it, as sanitizers do.
[[noreturn]] void crash() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGSEGV);
  ::signal(SIGSEGV, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  ::raise(SIGSEGV);
  std::abort();  // not reached
}

void unplug(const Slot& slot) {
  HeldState held(slot.state_file);
  held.state.plugged = false;
  held.save();
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
  return true;
}

Gauntlet::Turn Gauntlet::enter(std::string_view function, const Slot* token) {
  const std::lock_guard guard(mutex_);
  Turn turn{function, token, 0, 0, 0, 0};
  turn.own = ++counts_[std::string(function)];
  turn.all = ++counts_["*"];
  if (token == nullptr) return turn;
  const auto of_token = token->serial + "/";
  turn.own_of_token = ++counts_[of_token + std::string(function)];
  turn.all_of_token = ++counts_[of_token + "*"];
  return turn;
}

void Gauntlet::delay() const {
  std::unique_lock guard(mutex_);
  const auto delay = delay_;
  guard.unlock();
  if (delay.count() > 0) std::this_thread::sleep_for(delay);
}

std::optional<Fault> Gauntlet::demanded(const Turn& turn, bool after) const {
  const std::lock_guard guard(mutex_);
  for (const auto& fault : faults_) {
    if (fault.after == after && is_meant(fault, turn)) return fault;
  }
  return std::nullopt;
}

std::optional<CK_RV> Gauntlet::strike(const Turn& turn, bool after) const {
  const auto fault = demanded(turn, after);
  if (!fault) return std::nullopt;
  if (fault->kind == FaultKind::answer) return fault->rv;
  if (fault->kind == FaultKind::die) ::kill(::getpid(), SIGKILL);
  if (fault->kind == FaultKind::crash) crash();
  if (fault->kind != FaultKind::unplug) hang();
  if (turn.token == nullptr) return std::nullopt;
  unplug(*turn.token);
  if (after) return CKR_DEVICE_REMOVED;
  return std::nullopt;
}

Gauntlet& gauntlet() {
  static auto& only = *new Gauntlet;
  return only;
}

}  // namespace ukey::practice
