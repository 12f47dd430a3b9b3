#include "cli/modules.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "cli/places.hpp"

namespace ukey::cli {

namespace {

const model::TokenProfile* token_profile(const model::Profiles& profiles, const std::string& id) {
  for (const auto& profile : profiles.tokens)
    if (profile.id == id) return &profile;
  return nullptr;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t to = std::min(text.find(separator, from), text.size());
    if (to > from) out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

/// A module as the user named it: by the id of a token profile, else by file.
ops::ModuleChoice named_module(const model::Profiles& profiles, const std::string& name) {
  const auto* profile = token_profile(profiles, name);
  if (profile == nullptr) return {module_named(name), {}, true};
  const auto file = module_of(*profile);
  if (!file) throw base::Error{base::Code::no_module, name};
  return {*file, profile->id, true};
}

/// A module that was loaded twice would be finalised under the feet of its other half.
void add_once(std::vector<ops::ModuleChoice>& choices, ops::ModuleChoice choice) {
  std::error_code unknown;
  for (const auto& known : choices)
    if (known.file == choice.file || std::filesystem::equivalent(known.file, choice.file, unknown))
      return;
  choices.push_back(std::move(choice));
}

}  // namespace

std::vector<ops::ModuleChoice> module_choices(const Arguments& arguments,
                                              const model::Profiles& profiles) {
  std::vector<ops::ModuleChoice> out;
  auto names = arguments.list("--module");
  if (names.empty()) names = split(environment("UKEY_MODULE").value_or(""), ':');
  for (const auto& name : names) add_once(out, named_module(profiles, name));
  if (!out.empty()) return out;
  for (const auto& profile : profiles.tokens) {
    if (!profile.autoload) continue;
    if (const auto file = module_of(profile)) add_once(out, {*file, profile.id, false});
  }
  return out;
}

}  // namespace ukey::cli
