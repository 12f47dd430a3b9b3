// The dictionary of JSON keys: what each is called in both languages and how its value is shown.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "report/style.hpp"
#include "report/words.hpp"

namespace ukey::report {

enum class Shown { text, upper, symbol, time, date, days, list, bytes, number, hex, yes_no, words };

struct Key {
  std::string_view key;
  std::string_view zh;
  std::string_view en;
  Shown how = Shown::text;
  Tone tone = Tone::plain;
};

/// Every key that has a word.
[[nodiscard]] std::span<const Key> keys();

/// The row of `key`; of a key without words one that shows the value as text.
[[nodiscard]] Key key_row(std::string_view key);

/// What `key` is called; a key without words is its own word, with blanks for underscores.
[[nodiscard]] std::string key_word(std::string_view key, Lang lang);

}  // namespace ukey::report
