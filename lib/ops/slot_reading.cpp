#include "ops/slot_reading.hpp"

#include <algorithm>
#include <utility>

#include "policy/identity.hpp"
#include "policy/pin.hpp"

namespace ukey::ops {

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
  return {new p11::Module{p11::Module::load(file, door)}, let_go};
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

bool same_token(const model::TokenInfo& a, const model::TokenInfo& b) {
  return !a.serial.empty() && a.serial == b.serial && a.manufacturer == b.manufacturer &&
         a.model == b.model;
}

void join(Present& known, const Present& token) {
  known.info.flags = policy::graver(known.info.flags, token.info.flags);
  auto& files = known.ref.modules;
  const auto& file = token.ref.modules.front();
  if (std::ranges::find(files, file) == files.end()) files.push_back(file);
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
