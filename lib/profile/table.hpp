// A typed cursor over one TOML table. It reports what is missing, of the wrong type, out of range
// or never asked for to a list of findings, and goes on with an empty value, so that one reading
// finds everything.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "profile/findings.hpp"
#include "profile/toml.hpp"

namespace ukey::profile {

/// Says whether a text may stand where it stands.
using Valid = bool (*)(std::string_view);

/// Not empty, and nothing in it that could steer a terminal.
[[nodiscard]] bool is_text(std::string_view text);

/// The words of a file for the values of an enumeration.
template <class Value, std::size_t Count>
using Symbols = std::array<std::pair<std::string_view, Value>, Count>;

/// The value that `word` names, if it names one.
template <class Value, std::size_t Count>
[[nodiscard]] std::optional<Value> meaning(const Symbols<Value, Count>& symbols,
                                           std::string_view word) {
  for (const auto& [name, value] : symbols)
    if (name == word) return value;
  return std::nullopt;
}

class Table {
 public:
  /// `place`: the line where the table begins and its path, "" for the whole file. Both references
  /// must outlive it.
  Table(const toml::table& node, Place place, Findings& findings);

  [[nodiscard]] std::string required_text(std::string_view key, Valid valid = is_text);
  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key,
                                                         Valid valid = is_text);
  /// A list in which nothing stands twice; empty when the key is absent.
  [[nodiscard]] std::vector<std::string> optional_texts(std::string_view key,
                                                        Valid valid = is_text);
  /// The same, at least one.
  [[nodiscard]] std::vector<std::string> required_texts(std::string_view key,
                                                        Valid valid = is_text);
  /// A table with `zh` and `en`, both not empty.
  [[nodiscard]] base::Words required_words(std::string_view key);
  [[nodiscard]] std::optional<base::Words> optional_words(std::string_view key);
  [[nodiscard]] bool required_flag(std::string_view key);
  [[nodiscard]] std::optional<bool> optional_flag(std::string_view key);
  /// `least` and `most` are inclusive.
  [[nodiscard]] long required_number(std::string_view key, long least, long most);
  [[nodiscard]] std::optional<long> optional_number(std::string_view key, long least, long most);
  /// A list of numbers, at least one, none twice.
  [[nodiscard]] std::vector<long> required_numbers(std::string_view key, long least, long most);

  /// One of the words of `symbols`.
  template <class Value, std::size_t Count>
  [[nodiscard]] std::optional<Value> optional_choice(std::string_view key,
                                                     const Symbols<Value, Count>& symbols) {
    const auto word = optional_text(key);
    if (!word) return std::nullopt;
    const auto value = meaning(symbols, *word);
    if (!value) reject(key);
    return value;
  }

  /// The same; the first word's value when it is missing or wrong, which is a finding.
  template <class Value, std::size_t Count>
  [[nodiscard]] Value required_choice(std::string_view key, const Symbols<Value, Count>& symbols) {
    if (!has(key)) reject(key);
    return optional_choice(key, symbols).value_or(symbols.front().second);
  }

  /// Lets `read(Table&)` read the table under `key` and then refuses what it did not read. False:
  /// no such key.
  template <class Read>
  bool optional_table(std::string_view key, Read read) {
    return each(tables_at(key, false), read) > 0;
  }

  template <class Read>
  void required_table(std::string_view key, Read read) {
    if (!has(key)) reject(key);
    optional_table(key, read);
  }

  /// Lets `read(Table&)` read each table of the list under `key`; returns how many there were.
  template <class Read>
  std::size_t optional_tables(std::string_view key, Read read) {
    return each(tables_at(key, true), read);
  }

  /// The same, at least one.
  template <class Read>
  void required_tables(std::string_view key, Read read) {
    need_items(key);
    optional_tables(key, read);
  }

  [[nodiscard]] bool has(std::string_view key) const { return node_->get(key) != nullptr; }
  /// Every key of this table, for tables whose keys are data.
  [[nodiscard]] std::vector<std::string> keys() const;
  /// True when the path ("seals.labels.unit[0]") leads to a value below this table.
  [[nodiscard]] bool reaches(const std::string& path) const;

  /// A finding at `key`, which counts as read; at the table's own line when the key is absent; at
  /// the table itself when `key` is "". An index may follow: "cas[1]".
  void reject(std::string_view key);
  /// Where `key` stands; the table's own line when it is absent; the table itself when `key` is "".
  [[nodiscard]] Place place_of(std::string_view key) const;
  [[nodiscard]] Findings& findings() const { return *findings_; }
  /// The nodes of a list under `key`, each with its place; a finding when it is no list.
  [[nodiscard]] std::vector<std::pair<const toml::node*, Place>> items(std::string_view key);

  /// A finding for each key that nobody read.
  void finish() const;

 private:
  /// A finding when `key` is absent or an empty list.
  void need_items(std::string_view key);
  [[nodiscard]] const toml::node* take(std::string_view key);
  [[nodiscard]] Place below(std::string_view key, const toml::node* node) const;
  [[nodiscard]] std::vector<Table> tables_at(std::string_view key, bool list);

  template <class Read>
  static std::size_t each(std::vector<Table> tables, Read& read) {
    for (auto& table : tables) {
      read(table);
      table.finish();
    }
    return tables.size();
  }

  const toml::table* node_;
  Place place_;
  Findings* findings_;
  std::set<std::string, std::less<>> taken_;
};

}  // namespace ukey::profile
