#include <fmt/format.h>

#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::LockKind;

Tone tone_of(LockKind kind) {
  switch (kind) {
    case LockKind::master:
    case LockKind::sub:
      return Tone::good;
    case LockKind::partial_master:
    case LockKind::undetermined:
      return Tone::attention;
    case LockKind::blank:
      return Tone::strong;
  }
  return Tone::plain;
}

Mark mark_of(LockKind kind) {
  if (kind == LockKind::undetermined) return Mark::open_question;
  if (kind == LockKind::partial_master) return Mark::attention;
  return kind == LockKind::blank ? Mark::waiting : Mark::good;
}

std::string evidence_table(const Json& lock, const Style& style) {
  const Lang lang = style.lang;
  Table table({{"", kWhole},
               {key_word("seal", lang), kWhole},
               {key_word("reason", lang), kWhole},
               {key_word("format", lang), 8},
               {say(Phrase::title_size, lang), kWhole, true},
               {key_word("object", lang), 8}});
  const bool settled = enum_at<LockKind>(lock, "kind") != LockKind::undetermined;
  for (const auto& row : list_at(lock, "evidence")) {
    const bool found = truth_at(row, "found") == true;
    const Mark unseen = settled ? Mark::no : Mark::open_question;
    table.add({{std::string{mark(found ? Mark::yes : unseen, style)},
                found ? Tone::good : Tone::attention},
               {word_at<model::SealRole>(row, "seal", lang)},
               {word_at<model::EvidenceReason>(row, "reason", lang)},
               {word_at<model::SealFormat>(row, "format", lang)},
               {number_at(row, "bytes") ? std::to_string(*number_at(row, "bytes")) : "-"},
               {shown_at(row, "object", style)}});
  }
  return table.empty() ? std::string{} : table.text(style, 2);
}

std::string seal_word(const Json& row, const Style& style) {
  const auto name = text_at(row, "name");
  return name.empty() ? text_at(row, "label") : dotted({text_at(row, "label"), name}, style);
}

}  // namespace

std::string lock_page(const Json& document, const Style& style) {
  const Look look = look_at(document, style);
  const Json& lock = at(document, "lock");
  const auto kind = enum_at<LockKind>(lock, "kind").value_or(LockKind::undetermined);
  const auto reason = word_at<model::LockReason>(lock, "reason", style.lang);
  std::string out = painted(fmt::format("{} {}", mark(mark_of(kind), style), lock_word(look)),
                            tone_of(kind), style);
  if (at(document, "holder").is_object()) out += "  " + holder_name(look);
  out += "\n";
  Block block{12};
  block.add(key_word("reason", style.lang), reason);
  block.add(key_word("basis", style.lang), shown_at(lock, "basis", style));
  if (enum_at<LockKind>(lock, "kind") == LockKind::partial_master)
    block.add(phrase(Phrase::seal_missing, style.lang), shown_at(lock, "missing", style),
              Tone::attention);
  if (kind == LockKind::undetermined)
    block.add(phrase(Phrase::settles, style.lang), settling(look), Tone::strong);
  block.add(phrase(Phrase::card_token, style.lang), token_facts(look));
  out += block.text(style);
  const auto table = evidence_table(lock, style);
  return table.empty() ? out : out + "\n" + table;
}

std::string seal_list_page(const Json& document, const Style& style) {
  const Lang lang = style.lang;
  Table table({{key_word("seal", lang), kWhole},
               {key_word("format", lang), 10},
               {say(Phrase::title_size, lang), kWhole, true},
               {say(Phrase::title_until, lang), kWhole},
               {say(Phrase::title_name, lang), 10}});
  for (const auto& row : list_at(document, "seals")) {
    const Json& error = at(row, "error");
    const auto size = number_at(row, "bytes");
    const auto last = error.is_object()
                          ? dotted({text_at(row, "label"), text_at(error, "message")}, style)
                          : seal_word(row, style);
    table.add({{word_at<model::SealRole>(row, "seal", lang)},
               {word_at<model::SealFormat>(row, "format", lang)},
               {size ? std::to_string(*size) : "-"},
               {date_at(row, "valid_to", style)},
               {last, error.is_object() ? Tone::bad : Tone::plain}});
  }
  const std::string out = subject_line(document, style);
  if (table.empty()) return out + "  " + say(Phrase::nothing_here, lang) + "\n";
  return out + table.text(style, 2);
}

std::string seal_page(const Json& document, const Style& style) {
  std::string out;
  for (const auto& row : list_at(document, "seals")) {
    if (!out.empty()) out += "\n";
    Block block;
    for (const auto& [key, value] : row.items()) {
      if (value.is_null() || value.is_object()) continue;
      const auto text = key == "format" ? word_at<model::SealFormat>(row, key, style.lang)
                                        : shown(key, value, style);
      block.add(key_word(key, style.lang), text, key_row(key).tone);
    }
    const Json& picture = at(row, "picture");
    const auto width = number_at(picture, "width");
    const auto height = number_at(picture, "height");
    if (picture.is_object()) {
      auto text = word_at<model::SealFormat>(picture, "format", style.lang);
      if (width && height) text += fmt::format(", {} x {}", *width, *height);
      block.add(key_word("picture", style.lang), text);
    }
    out += block.text(style);
    if (at(row, "error").is_object()) out += error_lines(at(row, "error"), style);
  }
  return out.empty() ? "  " + say(Phrase::nothing_here, style.lang) + "\n" : out;
}

}  // namespace ukey::report
