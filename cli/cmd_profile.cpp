// `profile list | show | check`: what is known of tokens, CAs and platforms.
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "profile/reader.hpp"

namespace ukey::cli {

namespace {

template <class Rows>
std::optional<report::Json> described(const Rows& rows, const std::string& id) {
  for (const auto& row : rows)
    if (row.id == id) return report::describe_profile(row);
  return std::nullopt;
}

}  // namespace

int cmd_profile_list(Context& context) {
  auto document = context.document();
  document.update(report::describe_profiles(*context.profiles()));
  return context.emit(document);
}

int cmd_profile_show(Context& context) {
  const auto& profiles = *context.profiles();
  const auto id = context.operand();
  auto found = described(profiles.tokens, id);
  if (!found) found = described(profiles.cas, id);
  if (!found) found = described(profiles.platforms, id);
  if (!found) throw base::Error{base::Code::bad_profile, id};
  auto document = context.document();
  document["profile"] = *found;
  return context.emit(document);
}

}  // namespace ukey::cli
