#include <fmt/format.h>

#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

std::string heading(std::string_view text, const Style& style) {
  return "\n" + painted(text, Tone::strong, style) + "\n";
}

std::string statement(const Json& row, const Style& style) {
  auto text = words_of(at(row, "text"), style.lang);
  if (enum_at<model::Source>(row, "source") == model::Source::own)
    text += fmt::format(" {}", unbroken(phrase(Phrase::own_mark, style.lang)));
  return text;
}

/// Numbered lines; a wrapped one continues under its text.
std::string numbered(const Json& list, const Style& style, Tone tone = Tone::plain) {
  Block block{3};
  int number = 0;
  for (const auto& row : list) block.add(fmt::format("{}.", ++number), statement(row, style), tone);
  return block.text(style);
}

std::string section(const Json& guide, const char* key, const Style& style,
                    Tone tone = Tone::plain) {
  const Json& list = list_at(guide, key);
  if (list.empty()) return {};
  return heading(key_word(key, style.lang), style) + numbered(list, style, tone);
}

std::string old_key(const Json& guide, Lang lang) {
  const auto needed = truth_at(guide, "needs_old_key");
  if (!needed) return say(Phrase::old_key_unknown, lang);
  return say(*needed ? Phrase::old_key_needed : Phrase::old_key_not_needed, lang);
}

std::string material_lists(const Json& guide, const Style& style) {
  std::string out;
  for (const auto& part : list_at(guide, "materials")) {
    const auto holder = word_at<model::HolderKind>(part, "holder", style.lang);
    out += heading(say(Phrase::materials_of, style.lang, holder), style);
    const Json& items = list_at(part, "items");
    out += items.empty() ? "  " + say(Phrase::materials_none, style.lang) + "\n"
                         : numbered(items, style);
  }
  return out;
}

std::string contact_block(const Json& contact, const Style& style) {
  Block block{13, 4};
  for (const char* key : {"counter", "hotline", "qq_group", "online"})
    block.add(key_word(key, style.lang), text_at(contact, key));
  return paragraph(shown_at(contact, "ca", style), 2, style, Tone::strong) + block.text(style);
}

bool has_own(const Json& value) {
  if (value.is_object() && text_at(value, "source") == symbol(model::Source::own)) return true;
  if (!value.is_structured()) return false;
  for (const auto& part : value)
    if (has_own(part)) return true;
  return false;
}

}  // namespace

std::string guide_part(const Json& guide, const Style& style) {
  const Lang lang = style.lang;
  const auto service = word_at<model::Service>(guide, "service", lang);
  const auto platform = words_of(at(at(guide, "platform"), "name"), lang);
  std::string out = paragraph(dotted({service, platform}, style), 0, style, Tone::strong);
  out += paragraph(old_key(guide, lang), 2, style);
  out += section(guide, "warnings", style, Tone::attention);
  out += section(guide, "registration", style);
  out += material_lists(guide, style);
  for (const char* key : {"channels", "terms", "fee"}) out += section(guide, key, style);
  const Json& contacts = list_at(guide, "contacts");
  if (!contacts.empty()) out += heading(key_word("contacts", lang), style);
  for (const auto& contact : contacts) out += contact_block(contact, style);
  for (const char* key : {"place", "site"}) out += section(guide, key, style);
  if (const Json& basis = at(guide, "basis"); basis.is_array() && !basis.empty())
    out += heading(key_word("basis", lang), style) + numbered(basis, style, Tone::quiet);
  if (has_own(guide)) out += "\n" + paragraph(say(Phrase::own_legend, lang), 0, style, Tone::quiet);
  return out;
}

std::string guide_page(const Json& document, const Style& style) {
  const Json& guide = at(document, "guide");
  return guide_part(guide.is_object() ? guide : document, style);
}

std::string profile_list_page(const Json& document, const Style& style) {
  static constexpr std::pair<const char*, Phrase> kSections[] = {
      {"tokens", Phrase::section_tokens},
      {"cas", Phrase::section_cas},
      {"platforms", Phrase::section_platforms}};
  std::string out;
  for (const auto& [key, title] : kSections) {
    Table table({{"", kWhole}, {"", 12}, {"", 16}});
    for (const auto& row : list_at(document, key))
      table.add({{text_at(row, "id"), Tone::strong},
                 {words_of(at(row, "name"), style.lang)},
                 {text_at(row, "file"), Tone::quiet}});
    if (table.empty()) continue;
    if (!out.empty()) out += "\n";
    out += painted(phrase(title, style.lang), Tone::strong, style) + "\n" + table.text(style, 2);
  }
  return out.empty() ? say(Phrase::nothing_here, style.lang) + "\n" : out;
}

std::string profile_check_page(const Json& document, const Style& style) {
  std::string out;
  for (const auto& row : list_at(document, "files")) {
    const bool good = enum_at<model::CheckResult>(row, "result") == model::CheckResult::ok;
    const auto lead = mark(good ? Mark::yes : Mark::no, style);
    out += painted(lead, good ? Tone::good : Tone::bad, style) + " " + text_at(row, "file") + "\n";
    for (const auto& error : list_at(row, "errors")) out += error_lines(error, style, 4);
    if (!list_at(row, "unconfirmed").empty() && !style.quiet)
      out +=
          paragraph(say(Phrase::unconfirmed_keys, style.lang, shown_at(row, "unconfirmed", style)),
                    4, style, Tone::quiet);
  }
  return out.empty() ? say(Phrase::nothing_here, style.lang) + "\n" : out;
}

}  // namespace ukey::report
