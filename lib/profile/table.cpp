#include "profile/table.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ukey::profile {

bool is_text(std::string_view text) { return !text.empty() && base::printable(text) == text; }

Table::Table(const toml::table& node, Place place, Findings& findings)
    : node_(&node), place_(std::move(place)), findings_(&findings) {}

const toml::node* Table::take(std::string_view key) {
  taken_.emplace(key);
  return node_->get(key);
}

Place Table::below(std::string_view key, const toml::node* node) const {
  if (key.empty()) return place_;
  const unsigned line = node == nullptr ? 0 : node->source().begin.line;
  std::string path = place_.key.empty() ? std::string{key} : place_.key + "." + std::string{key};
  return {line == 0 ? place_.line : line, std::move(path)};
}

Place Table::place_of(std::string_view key) const { return below(key, node_->get(key)); }

void Table::reject(std::string_view key) {
  taken_.emplace(key);
  const auto bare = key.substr(0, key.find('['));
  findings_->add(below(key, node_->get(bare)));
}

std::optional<std::string> Table::optional_text(std::string_view key, Valid valid) {
  const auto* node = take(key);
  if (node == nullptr) return std::nullopt;
  const auto text = node->value_exact<std::string>();
  if (text && valid(*text)) return text;
  reject(key);
  return std::nullopt;
}

std::string Table::required_text(std::string_view key, Valid valid) {
  if (!has(key)) reject(key);
  return optional_text(key, valid).value_or("");
}

std::vector<std::pair<const toml::node*, Place>> Table::items(std::string_view key) {
  const auto* node = take(key);
  std::vector<std::pair<const toml::node*, Place>> out;
  if (node == nullptr) return out;
  const auto* list = node->as_array();
  if (list == nullptr) {
    reject(key);
    return out;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* item = list->get(i);
    out.emplace_back(item, below(std::string{key} + "[" + std::to_string(i) + "]", item));
  }
  return out;
}

std::vector<std::string> Table::optional_texts(std::string_view key, Valid valid) {
  std::vector<std::string> out;
  for (const auto& [node, place] : items(key)) {
    const auto text = node->value_exact<std::string>();
    if (text && valid(*text) && std::ranges::find(out, *text) == out.end())
      out.push_back(*text);
    else
      findings_->add(place);
  }
  return out;
}

void Table::need_items(std::string_view key) {
  const auto* list = node_->get_as<toml::array>(key);
  if (!has(key) || (list != nullptr && list->empty())) reject(key);
}

std::vector<std::string> Table::required_texts(std::string_view key, Valid valid) {
  need_items(key);
  return optional_texts(key, valid);
}

std::optional<base::Words> Table::optional_words(std::string_view key) {
  std::optional<base::Words> out;
  optional_table(key, [&out](Table& words) {
    out = base::Words{words.required_text("zh"), words.required_text("en")};
  });
  return out;
}

base::Words Table::required_words(std::string_view key) {
  if (!has(key)) reject(key);
  return optional_words(key).value_or(base::Words{});
}

std::optional<bool> Table::optional_flag(std::string_view key) {
  const auto* node = take(key);
  if (node == nullptr) return std::nullopt;
  const auto flag = node->value_exact<bool>();
  if (!flag) reject(key);
  return flag;
}

bool Table::required_flag(std::string_view key) {
  if (!has(key)) reject(key);
  return optional_flag(key).value_or(false);
}

std::optional<long> Table::optional_number(std::string_view key, long least, long most) {
  const auto* node = take(key);
  if (node == nullptr) return std::nullopt;
  const auto number = node->value_exact<std::int64_t>();
  if (number && *number >= least && *number <= most) return static_cast<long>(*number);
  reject(key);
  return std::nullopt;
}

long Table::required_number(std::string_view key, long least, long most) {
  if (!has(key)) reject(key);
  return optional_number(key, least, most).value_or(least);
}

std::vector<long> Table::required_numbers(std::string_view key, long least, long most) {
  need_items(key);
  std::vector<long> out;
  for (const auto& [node, place] : items(key)) {
    const auto number = node->value_exact<std::int64_t>();
    const bool good = number && *number >= least && *number <= most;
    if (good && std::ranges::find(out, *number) == out.end())
      out.push_back(static_cast<long>(*number));
    else
      findings_->add(place);
  }
  return out;
}

std::vector<Table> Table::tables_at(std::string_view key, bool list) {
  std::vector<Table> out;
  if (list) {
    for (const auto& [node, place] : items(key)) {
      if (const auto* table = node->as_table())
        out.emplace_back(*table, place, *findings_);
      else
        findings_->add(place);
    }
    return out;
  }
  const auto* node = take(key);
  if (node == nullptr) return out;
  if (const auto* table = node->as_table())
    out.emplace_back(*table, below(key, node), *findings_);
  else
    reject(key);
  return out;
}

std::vector<std::string> Table::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, node] : *node_) out.emplace_back(key.str());
  return out;
}

bool Table::reaches(const std::string& path) const {
  const bool plain = path.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.[]") ==
                     std::string::npos;
  return plain && path.size() < 200 && toml::at_path(*node_, path).node() != nullptr;
}

void Table::finish() const {
  for (const auto& [key, node] : *node_)
    if (!taken_.contains(key.str())) findings_->add(below(key.str(), &node));
}

}  // namespace ukey::profile
