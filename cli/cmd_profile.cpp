// `profile list | show | check`: what is known of tokens, CAs and platforms.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "profile/reader.hpp"

namespace ukey::cli {

namespace fs = std::filesystem;

namespace {

template <class Rows>
std::optional<report::Json> described(const Rows& rows, const std::string& id) {
  for (const auto& row : rows)
    if (row.id == id) return report::describe_profile(row);
  return std::nullopt;
}

/// A file as it is; of a folder the profiles in it, by name.
std::vector<std::string> files_in(const std::string& path) {
  if (!fs::is_directory(path)) return {path};
  std::vector<std::string> out;
  for (const char* kind : {"tokens", "cas", "platforms"}) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(fs::path{path} / kind, none))
      if (entry.path().extension() == ".toml") out.push_back(entry.path().string());
  }
  std::ranges::sort(out);
  return out;
}

/// Gives each finding to the row of its file ("FILE:LINE: KEY"); one about no listed file gets a
/// row of its own.
void distribute(const std::vector<base::Error>& errors, std::vector<report::ProfileCheck>& rows) {
  for (const auto& error : errors) {
    const auto& subject = error.subject();
    const auto owner = std::ranges::find_if(rows, [&subject](const report::ProfileCheck& row) {
      return subject == row.file || subject.starts_with(row.file + ":");
    });
    if (owner != rows.end())
      owner->errors.push_back(error);
    else
      rows.push_back({subject, {}, {error}});
  }
}

void add_unconfirmed(const model::Profiles& profiles, std::vector<report::ProfileCheck>& rows) {
  const auto add = [&rows](const auto& profile) {
    for (auto& row : rows)
      if (row.file == profile.file) row.unconfirmed = profile.unconfirmed;
  };
  std::ranges::for_each(profiles.tokens, add);
  std::ranges::for_each(profiles.cas, add);
}

}  // namespace

int cmd_profile_list(Context& context) {
  auto document = context.document();
  document.update(report::describe_profiles(*context.profiles()));
  return context.emit(document);
}

int cmd_profile_show(Context& context) {
  const auto& profiles = *context.profiles();
  const auto named = context.operand();  // "bjca", or "cas/bjca" where two kinds have one id
  const auto slash = named.find('/');
  const auto kind = slash == std::string::npos ? "" : named.substr(0, slash);
  const auto id = named.substr(slash == std::string::npos ? 0 : slash + 1);
  std::optional<report::Json> found;
  if (kind.empty() || kind == "tokens") found = described(profiles.tokens, id);
  if (!found && (kind.empty() || kind == "cas")) found = described(profiles.cas, id);
  if (!found && (kind.empty() || kind == "platforms")) found = described(profiles.platforms, id);
  if (!found) throw base::Error{base::Code::bad_profile, named};
  auto document = context.document();
  document["profile"] = *found;
  return context.emit(document);
}

int cmd_profile_check(Context& context) {
  auto paths = context.arguments().operands;
  const bool installed = paths.empty();
  if (installed) paths = profile_folders(context.arguments().value("--profiles"));
  std::vector<report::ProfileCheck> rows;
  for (const auto& path : paths)
    for (const auto& file : files_in(path)) rows.push_back({file, {}, {}});
  if (installed) {
    distribute(profile::check_profiles(paths), rows);
  } else {
    for (const auto& path : paths)
      distribute(
          fs::is_directory(path) ? profile::check_profiles({path}) : profile::check_file(path),
          rows);
  }
  const auto bad = [](const report::ProfileCheck& row) { return !row.errors.empty(); };
  const bool any_bad = std::ranges::any_of(rows, bad);
  if (installed && !any_bad) add_unconfirmed(*context.profiles(), rows);
  report::Json document;
  document["schema"] = "ukey/1";
  document["command"] = "profile check";
  document["files"] = report::describe_profile_checks(rows, context.lang());
  return context.emit(document, any_bad ? 1 : 0);
}

}  // namespace ukey::cli
