// Reading a JSON document for text: typed, total, and every text made safe for a terminal on the
// way. A key that is missing, null or of another type is simply absent.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "report/style.hpp"
#include "report/words.hpp"

namespace ukey::report {

using Json = nlohmann::ordered_json;

/// The value of `key`, or null.
[[nodiscard]] const Json& at(const Json& object, std::string_view key);

/// The elements of an array, or an empty array.
[[nodiscard]] const Json& list_at(const Json& object, std::string_view key);

/// A string value, printable; "" when there is none.
[[nodiscard]] std::string text_at(const Json& object, std::string_view key);

/// A text of two languages {"zh", "en"} in `lang`, printable; the other language when that one is
/// empty.
[[nodiscard]] std::string words_of(const Json& value, Lang lang);

[[nodiscard]] std::optional<long long> number_at(const Json& object, std::string_view key);
[[nodiscard]] std::optional<bool> truth_at(const Json& object, std::string_view key);
[[nodiscard]] std::optional<base::Time> time_at(const Json& object, std::string_view key);

/// The enumerator that a symbol names.
template <class Enum>
[[nodiscard]] std::optional<Enum> enum_at(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  if (!value.is_string()) return std::nullopt;
  return enumerator<Enum>(value.template get_ref<const std::string&>());
}

/// The word of a symbol, or "-" when there is none.
template <class Enum>
[[nodiscard]] std::string word_at(const Json& object, std::string_view key, Lang lang) {
  const auto value = enum_at<Enum>(object, key);
  return value ? std::string{word(*value, lang)} : "-";
}

/// The value as the key table says it is shown, on one line, printable; "-" for null.
[[nodiscard]] std::string shown(std::string_view key, const Json& value, const Style& style);

/// The same of a member.
[[nodiscard]] std::string shown_at(const Json& object, std::string_view key, const Style& style);

/// The date in the style's zone, "2026-12-12"; "-" when absent.
[[nodiscard]] std::string date_at(const Json& object, std::string_view key, const Style& style);

/// Texts on one line, between them ", " or "、".
[[nodiscard]] std::string joined(const std::vector<std::string>& texts, Lang lang);

/// What comes after the last "/": how a module is named in passing.
[[nodiscard]] std::string file_name(std::string_view path);

}  // namespace ukey::report
