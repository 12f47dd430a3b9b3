#include "cli/batch_pins.hpp"

#include <unistd.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/context.hpp"
#include "cli/pin_source.hpp"
#include "cli/places.hpp"
#include "p11/uri.hpp"

namespace ukey::cli {

namespace {

PinWay of_file(const std::string& file) {
  std::error_code unknown;
  const auto path = std::filesystem::weakly_canonical(file, unknown).string();
  if (access(file.c_str(), R_OK) != 0) throw base::Error{base::Code::file_io, file};
  return {{"--pin-file=" + file}, nullptr, "file:" + (unknown ? file : path), true};
}

PinWay of_secret(std::shared_ptr<const base::Secret> secret, const std::string& key) {
  return {{"--pin-stdin"}, std::move(secret), key, true};
}

/// The file of --pin-file, or of the token's URI.
std::optional<std::string> shared_file(const Arguments& arguments) {
  if (const auto file = arguments.value("--pin-file")) return file;
  const auto token = arguments.value("--token");
  if (!token) return std::nullopt;
  return p11::Selector::parse(base::decoded(base::as_bytes(*token))).pin_source();
}

}  // namespace

BatchPins::BatchPins(Context& context, const std::optional<model::Manifest>& manifest) {
  take_usual(context);
  if (!manifest) return;
  for (const auto& row : manifest->rows)  // no child shall find them
    if (!row.pin_env.empty() && !variables_.contains(row.pin_env))
      variables_[row.pin_env] = taken_secret(row.pin_env, "pin_env");
}

void BatchPins::take_usual(Context& context) {
  const auto& arguments = context.arguments();

  const auto file = shared_file(arguments);
  std::error_code unknown;
  if (file && std::filesystem::is_regular_file(*file, unknown)) {
    usual_ = of_file(*file);
    return;
  }
  if (const auto command = arguments.value("--pin-command")) {
    const bool one_each = command->find("{serial}") != std::string::npos;
    usual_ = {{"--pin-command=" + *command}, nullptr, one_each ? "" : "command", true};
    return;
  }
  const auto source = pin_source(context, PinFamily::user, arguments.flag("--login"));
  if (!source && !file) return;
  const model::TokenInfo all;  // no one token's
  const auto name = arguments.value("--pin-env");
  const std::string key = name ? "env:" + *name : arguments.flag("--pin-stdin") ? "stdin" : "typed";
  usual_ = of_secret(
      std::make_shared<const base::Secret>(source ? source(all) : pin_from_file(context, *file)),
      key);
  if (name) variables_[*name] = usual_.secret;
}

PinWay BatchPins::of_variable(const std::string& name) const {
  const auto known = variables_.find(name);
  if (known == variables_.end() || !known->second)
    throw base::Error{base::Code::pin_missing, "pin_env"}.because(base::Cause::unset);
  return of_secret(known->second, "env:" + name);
}

PinWay BatchPins::way(const model::ManifestRow* row) {
  if (row != nullptr && !row->pin_file.empty()) return of_file(row->pin_file);
  if (row != nullptr && !row->pin_env.empty()) return of_variable(row->pin_env);
  return usual_;
}

}  // namespace ukey::cli
