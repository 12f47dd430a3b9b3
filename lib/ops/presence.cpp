#include "ops/presence.hpp"

#include <utility>

#include "ops/slot_reading.hpp"
#include "p11/pin_guard.hpp"
#include "policy/identity.hpp"

namespace ukey::ops {

namespace {

/// A module that cannot even list its slots does not work.
std::vector<unsigned long> slots_of(const p11::Module& module) {
  try {
    return module.slots_with_token();
  } catch (const base::Error& error) {
    throw unlisted(error, module);
  }
}

std::vector<Present> read_module(const Bench& bench, const std::string& file,
                                 const std::shared_ptr<p11::Door>& door) {
  const auto module = load(bench, file, door);
  std::vector<Present> out;
  for (const unsigned long slot : slots_of(*module))
    if (!bench.wanted || bench.wanted(file, slot)) out.push_back(read_slot(bench, module, slot));
  return out;
}

/// Adds a token, or what it says to the same one that is there already.
void add(std::vector<Present>& tokens, Present token, const Bench& bench) {
  if (token.error && bench.selector) return;  // nobody can say that this is the one
  if (!token.error) {
    for (auto& known : tokens)
      if (!known.error && same_token(known.info, token.info)) return join(known, token);
    if (bench.selector && !bench.selector->matches(token.info)) return;
  }
  tokens.push_back(std::move(token));
}

}  // namespace

Presence find_tokens(const SharedBench& bench) {
  Presence out;
  out.modules = for_each_module(*bench, [&](const ModuleChoice& choice) {
    const auto door = door_of(*bench);
    auto tokens = p11::supervised<std::vector<Present>>(
        door, bench->limits,
        [bench, file = choice.file, door] { return read_module(*bench, file, door); });
    for (auto& token : tokens) add(out.tokens, std::move(token), *bench);
  });
  return out;
}

void require_one(const std::vector<Present>& tokens, bool for_pin) {
  std::string names;
  std::size_t count = 0;
  for (const auto& token : tokens) {
    if (token.error ? !for_pin : !token.info.flags.initialised) continue;
    names += (names.empty() ? "" : ", ") +
             (token.error ? "slot " + base::hex_number(token.slot) : subject_of(token.info));
    ++count;
  }
  if (count > 1) throw base::Error{base::Code::ambiguous_token, names};
}

Present only_token(const SharedBench& bench, bool for_pin) {
  const auto presence = find_tokens(bench);
  require_one(presence.tokens, for_pin || bench->pin);
  for (const auto& token : presence.tokens)
    if (!token.error && token.info.flags.initialised) return token;
  for (const auto& token : presence.tokens)
    if (token.error) throw base::Error{*token.error};
  throw no_token(*bench);
}

base::Error no_token(const Bench& bench) {
  const base::Error error{base::Code::no_token, bench.selector ? bench.selector->text() : ""};
  for (const auto& choice : bench.modules)
    if (auto out = policy::advised(*bench.profiles, choice.file, error); out.advice()) return out;
  return error;
}

base::Error told(const Bench& bench, const base::Error& error, const Present& token) {
  const bool of_module = token.module && error.subject() == token.module->file();
  const bool of_token = of_module && !p11::is_lost(error);
  const auto out =
      policy::advised(*bench.profiles, token.ref.modules.front(),
                      p11::in_doubt(of_token ? error.about(subject_of(token.info)) : error));
  if (token.profile == nullptr || !out.answer()) return out;
  const auto note = token.profile->errors.find(out.answer()->rv);
  return note == token.profile->errors.end() ? out : out.noted(note->second);
}

std::string subject_of(const model::TokenInfo& info) {
  if (info.serial.empty()) return info.label;
  if (info.label.empty()) return info.serial;
  return info.label + " (" + info.serial + ")";
}

}  // namespace ukey::ops
