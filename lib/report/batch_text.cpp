#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/privacy.hpp"
#include "base/text.hpp"
#include "report/batch.hpp"
#include "report/explanation.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::ItemState;

Tone tone_of(ItemState state) {
  switch (state) {
    case ItemState::renewed:
      return Tone::good;
    case ItemState::failed:
      return Tone::bad;
    case ItemState::waiting:
    case ItemState::running:
    case ItemState::skipped:
      break;
  }
  return Tone::plain;
}

Mark mark_of(ItemState state) {
  if (state == ItemState::renewed) return Mark::good;
  return state == ItemState::failed ? Mark::bad : Mark::waiting;
}

/// "label (serial)", as much as is known.
std::string name_of(const model::BatchItem& item) {
  const auto& serial = item.token.serial;
  const auto label = item.label.empty() ? item.selector : base::masked_text(item.label);
  return printable(serial.empty() || serial == label ? label : label + " (" + serial + ")");
}

/// The earliest end of the new certificates: until then all of them hold.
std::string until_text(const model::ItemEnd& end, const Style& style) {
  std::optional<base::Time> first;
  for (const auto& row : end.certificates)
    if (!row.fresh.sha256.empty() && (!first || row.fresh.not_after < *first))
      first = row.fresh.not_after;
  if (!first) return {};
  return say(Phrase::batch_until, style.lang, base::iso_date(base::date_in(*first, style.zone)));
}

std::string detail_of(const model::ItemEnd& end, const Style& style) {
  if (end.state == ItemState::renewed) return until_text(end, style);
  if (end.error) return printable(explain(*end.error, style.lang).headline);
  return reason_word({end.reason, {}}, style.lang);
}

}  // namespace

std::string reason_word(const model::ItemReason& why, Lang lang) {
  const auto& reason = why.symbol;
  if (const auto verdict = enumerator<model::PlanVerdict>(reason))
    return std::string{word(*verdict, lang)};
  if (reason == "requested") return std::string{word(model::RenewalResult::requested, lang)};
  if (reason == "not_tried") return std::string{word(model::RenewalResult::not_tried, lang)};
  if (const auto code = base::code_named(reason)) {
    const base::Error error{*code};
    return explain(why.cause ? error.because(*why.cause) : error, lang).headline;
  }
  return printable(reason);
}

std::string item_line(const model::BatchItem& item, const model::ItemEnd& end, std::size_t done,
                      std::size_t total, const Style& style) {
  const auto digits = std::to_string(total).size();
  const auto count =
      total == 0 ? std::to_string(done) : fmt::format("{:>{}}/{}", done, digits, total);
  const auto result =
      fmt::format("{} {}", mark(mark_of(end.state), style), word(end.state, style.lang));
  const auto detail = detail_of(end, style);
  const auto head = base::padded(result, 9);
  const std::size_t taken = base::columns(count) + base::columns(head) + 4;
  const std::size_t room = style.width > taken ? style.width - taken : 20;
  const auto name = name_of(item);
  std::string out = count + "  " + painted(head, tone_of(end.state), style) + "  ";
  if (base::columns(name) + 2 + base::columns(detail) <= room)
    return out + name + (detail.empty() ? "" : "  " + detail) + "\n";
  out += fitted(name, room, style) + "\n";
  return detail.empty() ? out : out + paragraph(detail, taken, style);
}

std::string batch_summary_text(const model::Batch& batch, const model::BatchSummary& summary,
                               const Style& style) {
  const auto lang = style.lang;
  std::string out =
      "\n" + say(Phrase::batch_counts, lang, summary.renewed, summary.skipped, summary.failed) +
      "\n";
  for (const auto& [reason, count] : summary.reasons)
    out += paragraph(fmt::format("{} × {}", count, reason_word(reason, lang)), 2, style);
  const auto id = batch.id.substr(0, 8);
  if (summary.left > 0)
    out += finished(
        paragraph(say(Phrase::batch_left, lang, summary.left, unbroken("ukey batch resume " + id)),
                  0, style));
  else if (summary.failed > 0)
    out += finished(
        paragraph(say(Phrase::batch_look, lang, unbroken("ukey batch status " + id)), 0, style));
  return out;
}

std::string batch_bar(std::size_t done, std::size_t total, std::size_t running,
                      const Style& style) {
  const auto words = say(Phrase::batch_bar, style.lang, done, total, running);
  const std::size_t taken = base::columns(words) + 4;
  const std::size_t room = std::min<std::size_t>(style.width > taken ? style.width - taken : 0, 40);
  const std::size_t full = total == 0 ? room : room * done / total;
  std::string bar;
  for (std::size_t i = 0; i < room; ++i) bar += i < full ? "#" : ".";
  return "[" + bar + "] " + words;
}

std::string item_failure(const model::ItemEnd& end, const Style& style) {
  return finished(error_text(*end.error, style));
}

std::string take_out_note(const Style& style) {
  return painted(phrase(Phrase::batch_take_out, style.lang), Tone::good, style) + "\n";
}

std::string stopping_note(const Style& style) {
  return paragraph(phrase(Phrase::batch_stopping, style.lang), 0, style);
}

std::string child_note(std::string_view token, std::string_view line, const Style& style) {
  return paragraph(printable(std::string{token} + ": " + std::string{line}), 0, style);
}

}  // namespace ukey::report
