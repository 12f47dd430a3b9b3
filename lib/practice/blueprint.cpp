#include "practice/blueprint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"

namespace ukey::practice {

namespace {

using base::Code;
using base::Error;

// What the name of every enterprise in the catalogue ends in.
constexpr std::string_view kLegalForm = "有限公司";

std::vector<const Entry*> chosen(const std::vector<std::string>& names) {
  std::vector<const Entry*> entries;
  std::set<std::string_view> seen;
  for (const auto& name : names) {
    const auto* const entry = find_entry(name);
    if (entry == nullptr || !seen.insert(entry->name).second) throw Error(Code::usage, name);
    entries.push_back(entry);
  }
  if (!entries.empty()) return entries;
  for (const auto& entry : catalogue()) entries.push_back(&entry);
  return entries;
}

Blueprint single(const Entry& entry) {
  return {&entry,
          std::string(entry.name),
          std::string(entry.label),
          std::string(entry.holder),
          std::string(entry.stem),
          1};
}

/// The holder's number begins with the place of the kind, so that copies of two kinds differ too.
Blueprint copy(const Entry& entry, unsigned number, unsigned digits) {
  auto made = single(entry);
  const auto suffix = fmt::format("-{:0{}}", number, digits);
  made.name += suffix;
  made.label += suffix;
  made.person = number;
  if (made.holder.empty()) return made;
  const auto unit = fmt::format("{:04}", static_cast<unsigned>(entry.kind) * 1000 + number);
  const bool enterprise = made.holder.ends_with(kLegalForm);
  made.holder.insert(made.holder.size() - (enterprise ? kLegalForm.size() : 0), unit);
  if (enterprise) made.stem = "PRCT" + unit;
  return made;
}

}  // namespace

std::vector<Blueprint> blueprints(const std::vector<std::string>& names, unsigned copies) {
  const auto entries = chosen(names);
  std::vector<Blueprint> made;
  if (copies == 0) {
    for (const auto* const entry : entries) made.push_back(single(*entry));
    return made;
  }
  if (names.empty() || copies > kMostCopies) throw Error(Code::usage, std::to_string(copies));
  for (const auto* const entry : entries) {
    for (unsigned number = 1; number <= copies; ++number)
      made.push_back(copy(*entry, number, copies < 100 ? 2 : 3));
  }
  return made;
}

const Entry* entry_of(std::string_view name) {
  if (const auto* const entry = find_entry(name)) return entry;
  const auto dash = name.find_last_of('-');
  const auto number = name.substr(std::min(dash, name.size()));
  if (number.size() < 3 || number.find_first_not_of("0123456789", 1) != number.npos) return nullptr;
  return find_entry(name.substr(0, dash));
}

}  // namespace ukey::practice
