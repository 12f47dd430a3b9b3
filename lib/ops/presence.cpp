#include "ops/presence.hpp"

#include <algorithm>

#include "p11/pin_guard.hpp"
#include "policy/identity.hpp"
#include "policy/pin.hpp"

namespace ukey::ops {

namespace {

bool same_token(const model::TokenInfo& a, const model::TokenInfo& b) {
  return !a.serial.empty() && a.serial == b.serial && a.manufacturer == b.manufacturer &&
         a.model == b.model;
}

/// A handle whose last copy lets go of the module under supervision, wherever that happens:
/// C_Finalize may hang as any other call.
std::shared_ptr<const p11::Module> watched(p11::Module module, const p11::Limits& limits) {
  const auto let_go = [limits](const p11::Module* last) {
    try {
      p11::supervised<void>(last->door(), limits, [last] { delete last; });
    } catch (...) {  // it was given up; what was read from it holds
    }
  };
  return {new p11::Module{std::move(module)}, let_go};
}

Present read_slot(const Bench& bench, const std::shared_ptr<const p11::Module>& module,
                  unsigned long slot) {
  Present out;
  out.module = module;
  out.slot = slot;
  out.ref.modules = {module->file()};
  try {
    out.info = module->token_info(slot);
  } catch (const base::Error& error) {
    out.error = error;
    return out;
  }
  out.profile = policy::token_profile(*bench.profiles, out.info);
  out.ref = {p11::token_uri(out.info),
             out.info.serial,
             out.info.label,
             out.info.manufacturer,
             out.info.model,
             {module->file()},
             {}};
  if (out.profile != nullptr) out.ref.profile = out.profile->id;
  return out;
}

/// A module that cannot even list its slots does not work, whatever it answers.
std::vector<unsigned long> slots_of(const p11::Module& module) {
  try {
    return module.slots_with_token();
  } catch (const base::Error& error) {
    if (error.code() == base::Code::module_broken) throw;
    throw base::Error{base::Code::module_broken, module.file(), error.answer()};
  }
}

std::vector<Present> read_module(const Bench& bench, const std::string& file,
                                 const std::shared_ptr<p11::Door>& door) {
  const auto module = watched(p11::Module::load(file, door), bench.limits);
  std::vector<Present> out;
  for (const unsigned long slot : slots_of(*module)) {
    if (bench.wanted && !bench.wanted(file, slot)) continue;
    out.push_back(read_slot(bench, module, slot));
    out.back().door = door;
  }
  return out;
}

/// Adds a token, or the module's name, and what it says of the PINs, to the token that is there
/// already.
void add(Presence& presence, Present token, const Bench& bench) {
  if (token.error && bench.selector) return;  // nobody can say that this is the one
  if (!token.error) {
    for (auto& known : presence.tokens) {
      if (known.error || !same_token(known.info, token.info)) continue;
      known.info.flags = policy::graver(known.info.flags, token.info.flags);
      auto& files = known.ref.modules;
      const auto& file = token.ref.modules.front();
      if (std::ranges::find(files, file) == files.end()) files.push_back(file);
      return;
    }
    if (bench.selector && !bench.selector->matches(token.info)) return;
  }
  presence.tokens.push_back(std::move(token));
}

void read_choice(Presence& presence, const SharedBench& bench, const ModuleChoice& choice) {
  model::ModuleRow row{choice.file, choice.profile, model::ModuleState::ready, {}};
  auto door = std::make_shared<p11::Door>();
  door->observer = bench->observer;
  try {
    auto tokens = p11::supervised<std::vector<Present>>(
        door, bench->limits,
        [bench, file = choice.file, door] { return read_module(*bench, file, door); });
    for (auto& token : tokens) add(presence, std::move(token), *bench);
  } catch (const base::Error& error) {
    row.state = model::ModuleState::failed;
    row.error = policy::advised(*bench->profiles, choice.file, error);
  }
  presence.modules.push_back(std::move(row));
}

}  // namespace

Presence find_tokens(const SharedBench& bench) {
  if (bench->modules.empty()) throw base::Error{base::Code::no_module};
  Presence out;
  for (const auto& choice : bench->modules) read_choice(out, bench, choice);
  const auto works = [](const model::ModuleRow& row) {
    return row.state == model::ModuleState::ready;
  };
  if (std::ranges::none_of(out.modules, works)) throw base::Error{*out.modules.front().error};
  for (const auto& row : out.modules)
    if (row.error && bench->module_failed) bench->module_failed(row);
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
