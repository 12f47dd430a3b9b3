#include <fmt/format.h>

#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

std::string usages(const Json& row, const Style& style) {
  std::vector<std::string> words;
  for (const auto& usage : list_at(row, "usage"))
    if (usage.is_string())
      words.push_back(printable(usage_word(usage.get_ref<const std::string&>(), style.lang)));
  return joined(words, style.lang);
}

std::string finish(const Json& document, const Table& table, const Style& style) {
  if (table.empty())
    return subject_line(document, style) + "  " + say(Phrase::nothing_here, style.lang) + "\n";
  return subject_line(document, style) + table.text(style, 2);
}

std::string with_error(std::string text, const Json& row, const Style& style) {
  return dotted({std::move(text), text_at(at(row, "error"), "message")}, style);
}

}  // namespace

std::string object_page(const Json& document, const Style& style) {
  const Lang lang = style.lang;
  Table table({{key_word("class", lang), kWhole},
               {say(Phrase::title_private, lang), kWhole},
               {key_word("key_type", lang), 6},
               {say(Phrase::title_size, lang), kWhole, true},
               {key_word("id", lang), 8},
               {key_word("usage", lang), 8},
               {say(Phrase::title_name, lang), 10}});
  for (const auto& row : list_at(document, "objects")) {
    auto kind = word_at<model::ObjectClass>(row, "class", lang);
    const bool other = enum_at<model::ObjectClass>(row, "class") == model::ObjectClass::other;
    if (other) kind += " " + text_at(row, "class_number");
    const auto size = number_at(row, "size");
    const bool broken = at(row, "error").is_object();
    table.add({{kind},
               {shown("private", at(row, "private"), style)},
               {shown_at(row, "key_type", style)},
               {size ? std::to_string(*size) : "-"},
               {shown_at(row, "id", style)},
               {usages(row, style)},
               {with_error(text_at(row, "label"), row, style), broken ? Tone::bad : Tone::strong}});
  }
  return finish(document, table, style);
}

std::string mechanism_page(const Json& document, const Style& style) {
  const Lang lang = style.lang;
  Table table({{key_word("number", lang), kWhole},
               {key_word("name", lang), 16},
               {say(Phrase::title_keys, lang), kWhole},
               {key_word("usage", lang), 10}});
  for (const auto& row : list_at(document, "mechanisms")) {
    const auto least = number_at(row, "min_key").value_or(0);
    const auto most = number_at(row, "max_key").value_or(0);
    const bool broken = at(row, "error").is_object();
    table.add({{text_at(row, "number")},
               {text_at(row, "name"), truth_at(row, "vendor") == true ? Tone::strong : Tone::plain},
               {most == 0 ? "-" : fmt::format("{}-{}", least, most)},
               {with_error(usages(row, style), row, style), broken ? Tone::bad : Tone::plain}});
  }
  return finish(document, table, style);
}

std::string practice_page(const Json& document, const Style& style) {
  const Lang lang = style.lang;
  Table table({{"", kWhole},
               {key_word("id", lang), 8},
               {key_word("serial", lang), kWhole},
               {key_word("plugged", lang), kWhole},
               {say(Phrase::title_name, lang), 10}});
  for (const auto& row : list_at(document, "practice")) {
    const bool plugged = truth_at(row, "plugged") == true;
    table.add({{std::string{mark(plugged ? Mark::good : Mark::waiting, style)},
                plugged ? Tone::good : Tone::plain},
               {text_at(row, "name"), Tone::strong},
               {text_at(row, "serial")},
               {shown_at(row, "plugged", style)},
               {text_at(row, "label")}});
  }
  return finish(document, table, style);
}

std::string practice_ca_page(const Json& document, const Style& style) {
  const auto url = text_at(document, "url");
  return say(Phrase::practice_ca_use, style.lang, url) + "\n";
}

}  // namespace ukey::report
