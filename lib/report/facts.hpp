// How single facts become JSON values: inside report/ only. Whatever is unknown is null, and no
// text that is not UTF-8 gets past here.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/privacy.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "report/describe.hpp"

namespace ukey::report {

/// `text` as valid UTF-8.
[[nodiscard]] inline std::string utf8(std::string_view text) {
  return base::is_utf8(text) ? std::string{text} : base::decoded(base::as_bytes(text));
}

/// A text from outside, as it is.
[[nodiscard]] inline Json fact(std::string_view text) { return utf8(text); }

/// The same; null when it is empty.
[[nodiscard]] inline Json fact_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : fact(text);
}

/// A text in which persons' numbers are masked unless the options show them.
[[nodiscard]] inline std::string personal(std::string_view text, const Options& options,
                                          std::string_view known = {}) {
  return options.show_ids ? utf8(text) : base::masked_text(utf8(text), known);
}

[[nodiscard]] inline Json instant(const std::optional<base::Time>& time) {
  return time ? Json(base::rfc3339(*time)) : Json(nullptr);
}

template <class Number>
[[nodiscard]] Json maybe(const std::optional<Number>& number) {
  return number ? Json(*number) : Json(nullptr);
}

template <class Enum>
[[nodiscard]] Json maybe_symbol(const std::optional<Enum>& value) {
  return value ? Json(symbol(*value)) : Json(nullptr);
}

[[nodiscard]] inline Json texts(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const auto& text : list) out.push_back(fact(text));
  return out;
}

[[nodiscard]] inline Json both(const base::Words& words) {
  Json out;
  out["zh"] = utf8(words.zh);
  out["en"] = utf8(words.en);
  return out;
}

}  // namespace ukey::report
