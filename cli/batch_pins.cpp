#include "cli/batch_pins.hpp"

#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "cli/context.hpp"
#include "cli/pin_source.hpp"
#include "cli/places.hpp"

namespace ukey::cli {

namespace {

PinWay of_file(const std::string& file) {
  std::error_code unknown;
  const auto path = std::filesystem::weakly_canonical(file, unknown).string();
  return {{"--pin-file=" + file}, nullptr, "file:" + (unknown ? file : path), true};
}

PinWay of_secret(std::shared_ptr<const base::Secret> secret, const std::string& key) {
  return {{"--pin-stdin"}, std::move(secret), key, true};
}

}  // namespace

BatchPins::BatchPins(Context& context) {
  const auto& arguments = context.arguments();
  const auto source = pin_source(context, PinFamily::user, arguments.flag("--login"));
  if (!source) return;
  if (const auto file = arguments.value("--pin-file")) {
    if (access(file->c_str(), R_OK) != 0) throw base::Error{base::Code::file_io, *file};
    usual_ = of_file(*file);
    return;
  }
  if (const auto command = arguments.value("--pin-command")) {
    const bool one_each = command->find("{serial}") != std::string::npos;
    usual_ = {{"--pin-command=" + *command}, nullptr, one_each ? "" : "command", true};
    return;
  }
  model::TokenInfo all;
  all.label = "batch";
  const auto name = arguments.value("--pin-env");
  const std::string key = name ? "env:" + *name : arguments.flag("--pin-stdin") ? "stdin" : "typed";
  usual_ = of_secret(std::make_shared<const base::Secret>(source(all)), key);
  if (name) variables_[*name] = usual_.secret;
}

PinWay BatchPins::of_variable(const std::string& name) {
  auto& known = variables_[name];
  if (!known) known = taken_secret(name, "pin_env");
  if (!known) throw base::Error{base::Code::pin_missing, name}.because(base::Cause::unset);
  return of_secret(known, "env:" + name);
}

PinWay BatchPins::way(const model::ManifestRow* row) {
  if (row != nullptr && !row->pin_file.empty()) return of_file(row->pin_file);
  if (row != nullptr && !row->pin_env.empty()) return of_variable(row->pin_env);
  return usual_;
}

}  // namespace ukey::cli
