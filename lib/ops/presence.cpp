#include "ops/presence.hpp"

#include <algorithm>
#include <iterator>
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

/// What to call a token that has to be chosen from others.
std::string choice(const Present& token) {
  if (token.error) return "slot " + base::hex_number(token.slot);
  const auto& ref = token.ref;
  const bool by_name = ref.selector == ref.serial || ref.selector == ref.label;
  return subject_of(token.info) + (by_name || ref.selector.empty() ? "" : " " + ref.selector);
}

}  // namespace

Presence find_tokens(const SharedBench& bench) {
  Presence out;
  std::vector<Present> seen;
  out.modules = for_each_module(*bench, [&](const ModuleChoice& choice) {
    const auto door = door_of(*bench);
    auto tokens = p11::supervised<std::vector<Present>>(
        door, bench->limits,
        [bench, file = choice.file, door] { return read_module(*bench, file, door); });
    std::ranges::move(tokens, std::back_inserter(seen));
  });
  const auto first = join_places(seen);
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (first[i] == i && is_meant(*bench, seen[i])) out.tokens.push_back(std::move(seen[i]));
  return out;
}

void require_one(const std::vector<Present>& tokens, bool for_pin) {
  std::string names;
  std::size_t count = 0;
  for (const auto& token : tokens) {
    if (token.error ? !for_pin : !token.info.flags.initialised) continue;
    names += (names.empty() ? "" : ", ") + choice(token);
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
