#include "ops/slot_reading.hpp"

#include <algorithm>
#include <utility>

#include "policy/identity.hpp"
#include "policy/pin.hpp"

namespace ukey::ops {

namespace {

/// Adds to `known` what `token`, the same one in another module, says.
void join(Present& known, const Present& token) {
  known.info.flags = policy::graver(known.info.flags, token.info.flags);
  auto& files = known.ref.modules;
  const auto& file = token.ref.modules.front();
  if (std::ranges::find(files, file) == files.end()) files.push_back(file);
}

/// By serial number, else by label, else by the slot, else by all of it in a URI.
void set_selector(Present& token, const std::vector<Present*>& tokens) {
  const auto alone = [&tokens](const auto& fits) {
    return std::ranges::count_if(tokens, [&](const Present* one) { return fits(*one); }) == 1;
  };
  const auto called = [](const std::string& text) {
    return
        [&text](const Present& one) { return one.info.serial == text || one.info.label == text; };
  };
  const auto alike = [&token](const Present& one) {
    return model::same_names(one.info, token.info);
  };
  auto& ref = token.ref;
  token.info.serial_shared =
      !alone([&ref](const Present& one) { return one.info.serial == ref.serial; });
  if (!alone(alike)) ref.uri = p11::token_uri(token.info, token.slot);
  if (model::is_telling(ref.serial) && alone(called(ref.serial)))
    ref.selector = ref.serial;
  else if (!ref.label.empty() && alone(called(ref.label)))
    ref.selector = ref.label;
  else if (alone([&token](const Present& one) { return one.slot == token.slot; }))
    ref.selector = "pkcs11:slot-id=" + std::to_string(token.slot);
  else if (alone([&](const Present& one) { return alike(one) && one.slot == token.slot; }))
    ref.selector = ref.uri;
}

}  // namespace

std::shared_ptr<p11::Door> door_of(const Bench& bench) {
  auto door = std::make_shared<p11::Door>();
  door->observer = bench.observer;
  return door;
}

/// C_Finalize may hang as any other call, wherever the last copy goes.
std::shared_ptr<const p11::Module> load(const Bench& bench, const std::string& file,
                                        const std::shared_ptr<p11::Door>& door) {
  const auto let_go = [limits = bench.limits](const p11::Module* last) {
    try {
      p11::supervised<void>(last->door(), limits, [last] { delete last; });
    } catch (...) {  // it was given up; what was read from it holds
    }
  };
  if (bench.loaded) bench.loaded->erase(file);  // else it would not be initialised anew
  std::shared_ptr<const p11::Module> out{new p11::Module{p11::Module::load(file, door)}, let_go};
  if (bench.loaded) bench.loaded->emplace(file, out);
  return out;
}

Present read_slot(const Bench& bench, const std::shared_ptr<const p11::Module>& module,
                  unsigned long slot) {
  Present out;
  out.door = module->door();
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
  out.ref.uri = p11::token_uri(out.info);
  out.ref.serial = out.info.serial;
  out.ref.label = out.info.label;
  out.ref.manufacturer = out.info.manufacturer;
  out.ref.model = out.info.model;
  if (out.profile != nullptr) out.ref.profile = out.profile->id;
  return out;
}

std::vector<std::size_t> join_places(std::vector<Present>& seen) {
  std::vector<policy::TokenPlace> places;
  for (const auto& token : seen)
    places.push_back({token.ref.modules.front(), token.slot, token.error ? nullptr : &token.info});
  auto first = policy::first_places(places);
  std::vector<Present*> tokens;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (first[i] != i)
      join(seen[first[i]], seen[i]);
    else if (!seen[i].error)
      tokens.push_back(&seen[i]);
  for (auto* const token : tokens) set_selector(*token, tokens);
  return first;
}

bool is_meant(const Bench& bench, const Present& token) {
  if (!bench.selector) return true;
  return !token.error && bench.selector->matches(token.info, token.slot);
}

base::Error unlisted(const base::Error& error, const p11::Module& module) {
  if (error.code() == base::Code::module_broken) return error;
  return base::Error{base::Code::module_broken, module.file(), error.answer()};
}

std::vector<model::ModuleRow> for_each_module(
    const Bench& bench, const std::function<void(const ModuleChoice&)>& work) {
  if (bench.modules.empty()) throw base::Error{base::Code::no_module};
  std::vector<model::ModuleRow> rows;
  for (const auto& choice : bench.modules) {
    model::ModuleRow row{choice.file, choice.profile, model::ModuleState::ready, {}};
    try {
      work(choice);
    } catch (const base::Error& error) {
      row.state = model::ModuleState::failed;
      row.error = policy::advised(*bench.profiles, choice.file, error);
    }
    rows.push_back(std::move(row));
  }
  const auto works = [](const model::ModuleRow& row) { return !row.error; };
  if (std::ranges::none_of(rows, works)) throw base::Error{*rows.front().error};
  for (const auto& row : rows)
    if (row.error && bench.module_failed) bench.module_failed(row);
  return rows;
}

}  // namespace ukey::ops
