#include "policy/matching.hpp"

#include <string_view>
#include <unordered_map>

namespace ukey::policy {

namespace {

using Places = std::vector<std::size_t>;

/// Tokens by one of their names.
class Index {
 public:
  void add(std::string_view name, std::size_t place) {
    if (!name.empty()) places_[name].push_back(place);
  }
  [[nodiscard]] const Places& at(std::string_view name) const {
    static const Places kNone;
    const auto found = places_.find(name);
    return found == places_.end() ? kNone : found->second;
  }

 private:
  std::unordered_map<std::string_view, Places> places_;
};

}  // namespace

std::vector<RowMatch> match_rows(std::span<const model::ManifestRow> rows,
                                 std::span<const model::TokenRef* const> tokens) {
  Index serials;
  Index labels;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    serials.add(tokens[i]->serial, i);
    labels.add(tokens[i]->label, i);
  }
  std::vector<bool> taken(tokens.size());
  std::vector<RowMatch> out;
  out.reserve(rows.size());
  for (const auto& row : rows) {
    auto& match = out.emplace_back();
    if (row.error) continue;
    const auto& candidates = row.serial.empty() ? labels.at(row.label) : serials.at(row.serial);
    for (const std::size_t place : candidates) {
      if (!row.label.empty() && tokens[place]->label != row.label) continue;
      ++match.fits;
      match.token = place;
    }
    if (match.fits != 1) continue;
    match.repeated = taken[match.token];
    taken[match.token] = true;
  }
  return out;
}

}  // namespace ukey::policy
