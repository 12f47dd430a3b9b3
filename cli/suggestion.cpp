#include "cli/suggestion.hpp"

#include <algorithm>
#include <vector>

#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace ukey::cli {

namespace {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::vector<std::string_view> known_words(std::string_view command, bool options) {
  std::vector<std::string_view> out;
  if (options) {
    for (const auto& row : global_options()) out.push_back(row.name);
    if (const auto* row = find_command(command))
      out.insert(out.end(), row->options.begin(), row->options.end());
    return out;
  }
  for (const auto& row : commands()) {
    std::string_view name = row.name;
    if (!command.empty()) {
      if (!name.starts_with(command) || name.size() <= command.size()) continue;
      name.remove_prefix(command.size() + 1);
    }
    out.push_back(name.substr(0, name.find(' ')));
  }
  return out;
}

}  // namespace

std::string suggestion(std::string_view command, std::string_view word) {
  std::string_view best;
  std::size_t least = 3;
  if (word.size() > 64) return "";
  for (const auto known : known_words(command, word.starts_with("-"))) {
    const std::size_t steps = distance(word.substr(0, word.find('=')), known);
    if (steps < least && steps * 2 < known.size()) {
      least = steps;
      best = known;
    }
  }
  return std::string{best};
}

}  // namespace ukey::cli
