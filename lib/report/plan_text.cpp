#include <fmt/format.h>

#include <map>

#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::PlanVerdict;

struct Appearance {
  Mark mark;
  Tone tone;
};

Appearance appearance(PlanVerdict verdict) {
  switch (verdict) {
    case PlanVerdict::renew:
      return {Mark::good, Tone::good};
    case PlanVerdict::not_due:
    case PlanVerdict::not_present:
      return {Mark::waiting, Tone::plain};
    case PlanVerdict::unknown_token:
    case PlanVerdict::ambiguous:
    case PlanVerdict::repeated:
    case PlanVerdict::interrupted:
    case PlanVerdict::not_yet_valid:
    case PlanVerdict::no_pin:
      return {Mark::attention, Tone::attention};
    case PlanVerdict::bad_row:
    case PlanVerdict::no_certificate:
    case PlanVerdict::wrong_ca:
    case PlanVerdict::revoked:
    case PlanVerdict::expired:
    case PlanVerdict::locked:
    case PlanVerdict::final_try:
      break;
  }
  return {Mark::bad, Tone::bad};
}

std::string name_in_plan(const Json& item) {
  const Json& token = at(item, "token");
  const auto serial = text_at(token, "serial");
  const bool own = !serial.empty() && text_at(token, "selector") == serial;
  const auto name = own ? serial : listed_name(token);
  return name.empty() ? text_at(item, "selector") : name;
}

/// Who holds it, or why nothing is known of it, and what the manifest notes.
std::string last_cell(const Json& item, const Style& style) {
  const Look look{item, style, std::nullopt};
  const Json& error = at(item, "error");
  std::string who;
  if (error.is_object())
    who = text_at(error, "message");
  else if (at(item, "holder").is_object())
    who = holder_name(look);
  return dotted({who, text_at(item, "note")}, style);
}

std::vector<Cell> cells(const Json& item, PlanVerdict verdict, bool with_lines,
                        const Style& style) {
  const auto [shown_mark, tone] = appearance(verdict);
  std::vector<Cell> out{{std::string{mark(shown_mark, style)}, tone}};
  if (with_lines) out.push_back({shown_at(item, "line", style)});
  out.push_back({std::string{word(verdict, style.lang)}, tone});
  const auto days = number_at(at(item, "renewal"), "days_left");
  out.push_back({days ? std::to_string(*days) : "-"});
  out.push_back({name_in_plan(item), Tone::strong});
  const bool failed = at(item, "error").is_object();
  out.push_back({last_cell(item, style), failed ? Tone::bad : Tone::plain});
  return out;
}

Table titles(bool with_lines, Lang lang) {
  std::vector<Column> columns{{"", kWhole}};
  if (with_lines) columns.push_back({key_word("line", lang), kWhole, true});
  columns.push_back({key_word("verdict", lang), kWhole});
  columns.push_back({say(Phrase::title_days, lang), kWhole, true});
  columns.push_back({key_word("serial", lang), 8});
  columns.push_back({say(Phrase::title_holder, lang), 16});
  return Table{std::move(columns)};
}

}  // namespace

std::string plan_page(const Json& document, const Style& style) {
  const bool with_lines = !at(document, "manifest").is_null();
  Table table = titles(with_lines, style.lang);
  std::map<PlanVerdict, std::size_t> counts;
  for (const auto& item : list_at(document, "items")) {
    const auto verdict = enum_at<PlanVerdict>(item, "verdict");
    if (!verdict) continue;
    table.add(cells(item, *verdict, with_lines, style));
    ++counts[*verdict];
  }
  if (table.empty()) return say(Phrase::nothing_here, style.lang) + "\n";
  std::vector<std::string> parts;
  for (const auto& [verdict, count] : counts)
    parts.push_back(
        unbroken(say(Phrase::plan_count, style.lang, word(verdict, style.lang), count)));
  const auto findings = finding_lines(document, style);
  return table.text(style, 0) + (findings.empty() ? "" : "\n" + findings) + "\n" +
         paragraph(dotted(parts, style), 0, style, Tone::strong);
}

}  // namespace ukey::report
