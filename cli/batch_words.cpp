#include "cli/batch_words.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <span>

#include "cli/context.hpp"
#include "cli/options.hpp"

namespace ukey::cli {

namespace {

using OptionNames = std::span<const std::string_view>;

// Where tokens are found and how they are judged: for every child.
constexpr auto kEverywhere =
    std::to_array<std::string_view>({"--profiles", "--platform", "--lang", "--as-of", "--timeout"});
constexpr auto kModules = std::to_array<std::string_view>({"--module", "--token"});
// How an item is renewed.
constexpr auto kRenewal = std::to_array<std::string_view>(
    {"--ca-file", "--ca-dir", "--use-final-try", "--pin-as-is", "--via", "--ca-url",
     "--ca-secret-file", "--ca-reference", "--cmp-command", "--ca-command", "--bid-files",
     "--bids-withdrawn", "--rekey", "--retire-old", "--fee-receipt", "--format", "--ledger"});
// What differs from item to item, and only the run itself needs to know.
constexpr auto kItems =
    std::to_array<std::string_view>({"--years", "--no-open-bids", "--pin-file", "--pin-env",
                                     "--out", "--jobs", "--item-timeout", "--manifest"});

const OptionRow& row_of(std::string_view name) {
  const auto all = global_options();
  const auto found = std::ranges::find(all, name, &OptionRow::name);
  return found == all.end() ? command_option(name) : *found;
}

/// A path as it means the same in another folder. A profile's id among the modules is no path.
std::string lasting(const OptionRow& row, const std::string& value) {
  const bool path = row.offer == Offer::files || row.offer == Offer::directories;
  const bool server = value.find("://") != std::string::npos;
  std::error_code unknown;
  if (!path || server || value == "-" || !std::filesystem::exists(value, unknown)) return value;
  return std::filesystem::absolute(value, unknown).string();
}

void add(std::vector<std::string>& out, const Context& context, OptionNames names) {
  for (const auto name : names) {
    const auto& row = row_of(name);
    for (const auto& value : context.arguments().list(name)) {
      if (row.kind == Kind::flag)
        out.emplace_back(name);
      else
        out.push_back(std::string{name} + "=" + lasting(row, value));
    }
  }
}

}  // namespace

std::vector<std::string> scan_words(const Context& context) {
  std::vector<std::string> out;
  add(out, context, kEverywhere);
  add(out, context, kModules);
  return out;
}

std::vector<std::string> item_words(const Context& context) {
  std::vector<std::string> out;
  add(out, context, kEverywhere);
  add(out, context, kRenewal);
  if (context.arguments().flag("--dry-run")) out.emplace_back("--dry-run");
  return out;
}

std::vector<std::string> remembered_words(const Context& context) {
  std::vector<std::string> out;
  add(out, context, kEverywhere);
  add(out, context, kModules);
  add(out, context, kRenewal);
  add(out, context, kItems);
  return out;
}

}  // namespace ukey::cli
