#include "report/value.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/keys.hpp"
#include "report/phrases.hpp"

namespace ukey::report {

namespace {

constexpr std::string_view kNothing = "-";

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string time_text(std::string_view text, const Style& style) {
  const auto time = base::parse_time(text, style.zone);
  return time ? base::clock_text(*time, style.zone) : printable(text);
}

std::string string_text(Shown how, const std::string& text, const Style& style) {
  switch (how) {
    case Shown::symbol:
    case Shown::number:  // a symbol said of a number, as where it comes from
      return printable(any_word(text, style.lang));
    case Shown::upper:
      return upper(printable(text));
    case Shown::time:
      return time_text(text, style);
    case Shown::text:
    case Shown::date:
    case Shown::days:
    case Shown::list:
    case Shown::bytes:
    case Shown::hex:
    case Shown::yes_no:
    case Shown::words:
      return printable(text);
  }
  return printable(text);
}

std::string number_text(Shown how, const Json& value, const Style& style) {
  if (how == Shown::days && value == 1) return say(Phrase::one_day, style.lang);
  if (how == Shown::days) return say(Phrase::days, style.lang, value.dump());
  if (how == Shown::bytes) return say(Phrase::octets, style.lang, value.dump());
  return value.dump();
}

}  // namespace

const Json& at(const Json& object, std::string_view key) {
  static const Json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(std::string{key});
  return found == object.end() ? kNull : *found;
}

const Json& list_at(const Json& object, std::string_view key) {
  static const Json kEmpty = Json::array();
  const Json& value = at(object, key);
  return value.is_array() ? value : kEmpty;
}

std::string text_at(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return value.is_string() ? printable(value.get_ref<const std::string&>()) : std::string{};
}

std::string words_of(const Json& value, Lang lang) {
  if (value.is_string()) return printable(value.get_ref<const std::string&>());
  const std::string wanted = text_at(value, pick(lang, "zh", "en"));
  return wanted.empty() ? text_at(value, pick(lang, "en", "zh")) : wanted;
}

std::optional<long long> number_at(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return value.is_number_integer() ? std::optional{value.get<long long>()} : std::nullopt;
}

std::optional<bool> truth_at(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return value.is_boolean() ? std::optional{value.get<bool>()} : std::nullopt;
}

std::optional<base::Time> time_at(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  if (!value.is_string()) return std::nullopt;
  return base::parse_time(value.get_ref<const std::string&>(), base::Zone{});
}

std::string shown(std::string_view key, const Json& value, const Style& style) {
  const Shown how = key_row(key).how;
  if (value.is_null()) return std::string{kNothing};
  if (value.is_boolean())
    return std::string{say(value.get<bool>() ? Phrase::yes : Phrase::no, style.lang)};
  if (value.is_string()) return string_text(how, value.get_ref<const std::string&>(), style);
  if (value.is_number()) return number_text(how, value, style);
  if (value.is_object()) return words_of(value, style.lang);
  std::vector<std::string> texts;
  for (const auto& element : value) texts.push_back(shown(key, element, style));
  return texts.empty() ? std::string{kNothing} : joined(texts, style.lang);
}

std::string shown_at(const Json& object, std::string_view key, const Style& style) {
  return shown(key, at(object, key), style);
}

std::string date_at(const Json& object, std::string_view key, const Style& style) {
  const auto time = time_at(object, key);
  return time ? base::iso_date(base::date_in(*time, style.zone)) : std::string{kNothing};
}

std::string joined(const std::vector<std::string>& texts, Lang lang) {
  return fmt::format("{}", fmt::join(texts, pick(lang, "、", ", ")));
}

std::string file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string{slash == std::string_view::npos ? path : path.substr(slash + 1)};
}

}  // namespace ukey::report
