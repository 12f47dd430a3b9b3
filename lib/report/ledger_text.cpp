#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "report/batch.hpp"
#include "report/keys.hpp"
#include "report/ledger.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::AttemptResult;
using model::ItemState;

Tone tone_of(const Json& row) {
  const auto result = text_at(row, "result");
  if (result == "renewed" || result == "unlocked") return Tone::good;
  if (result == "failed") return Tone::bad;
  return result == "running" || result == "waiting" ? Tone::attention : Tone::plain;
}

std::string name_of(const Json& row) {
  const auto label = text_at(at(row, "token"), "label");
  return label.empty() ? text_at(row, "selector") : label;
}

/// An item has the words of its reason, an attempt those of its error.
std::string reason_of(const Json& row, const Style& style) {
  if (row.contains("message")) return text_at(row, "message");
  if (const auto& error = at(row, "error"); error.is_object()) return text_at(error, "message");
  const auto reason = text_at(row, "reason");
  return reason.empty() ? "" : reason_word({reason, {}}, style.lang);
}

std::string why(const Json& row, const Style& style) {
  return dotted({text_at(row, "holder"), reason_of(row, style), text_at(row, "note")}, style);
}

std::string item_table(const Json& items, const Style& style) {
  Table table{{{"#", kWhole, true},
               {key_word("result", style.lang), kWhole},
               {key_word("label", style.lang), 16},
               {key_word("serial", style.lang), 8},
               {say(Phrase::title_holder, style.lang), 16}}};
  for (const auto& item : items)
    table.add({{shown_at(item, "number", style)},
               {word_at<ItemState>(item, "result", style.lang), tone_of(item)},
               {name_of(item), Tone::strong},
               {text_at(at(item, "token"), "serial")},
               {why(item, style)}});
  return table.text(style, 0);
}

std::string attempt_table(const Json& attempts, const Style& style) {
  Table table{{{key_word("begun", style.lang), kWhole},
               {key_word("kind", style.lang), kWhole},
               {key_word("result", style.lang), kWhole},
               {key_word("serial", style.lang), 8},
               {say(Phrase::title_holder, style.lang), 16}}};
  for (const auto& attempt : attempts)
    table.add({{shown_at(attempt, "begun", style)},
               {word_at<model::AttemptKind>(attempt, "kind", style.lang)},
               {word_at<AttemptResult>(attempt, "result", style.lang), tone_of(attempt)},
               {text_at(at(attempt, "token"), "serial")},
               {why(attempt, style)}});
  return table.text(style, 0);
}

std::string counts(const Json& batch, const Style& style) {
  const auto number = [&batch](const char* key) { return number_at(batch, key).value_or(0); };
  return say(Phrase::batch_counts, style.lang, number("renewed"), number("skipped"),
             number("failed"));
}

std::string batch_table(const Json& batches, const Style& style) {
  Table table{{{key_word("batch", style.lang), kWhole},
               {key_word("begun", style.lang), kWhole},
               {key_word("ended", style.lang), kWhole},
               {key_word("host", style.lang), 8},
               {key_word("result", style.lang), 16}}};
  for (const auto& batch : batches)
    table.add({{text_at(batch, "id").substr(0, 8), Tone::strong},
               {shown_at(batch, "begun", style)},
               {shown_at(batch, "ended", style)},
               {text_at(batch, "host")},
               {counts(batch, style)}});
  return table.text(style, 0);
}

std::string batch_head(const Json& batch, const Style& style) {
  const auto id = text_at(batch, "id").substr(0, 8);
  std::string out =
      painted(say(Phrase::batch_named, style.lang, id, shown_at(batch, "begun", style)),
              Tone::strong, style) +
      "  " + counts(batch, style) + "\n";
  if (number_at(batch, "left").value_or(0) > 0)
    out +=
        finished(paragraph(say(Phrase::batch_left, style.lang, number_at(batch, "left").value_or(0),
                               unbroken("ukey batch resume " + id)),
                           0, style, Tone::attention));
  return out;
}

}  // namespace

std::string batch_status_page(const Json& document, const Style& style) {
  std::string out;
  if (at(document, "batch").is_object()) out += batch_head(at(document, "batch"), style);
  if (document.contains("items")) out += item_table(at(document, "items"), style);
  if (document.contains("batches")) out += batch_table(at(document, "batches"), style);
  if (document.contains("attempts")) out += attempt_table(at(document, "attempts"), style);
  out += finding_lines(document, style);
  for (const auto& row : list_at(document, "superseded"))
    out += paragraph(say(Phrase::superseded_serial, style.lang, text_at(row, "serial"),
                         date_at(row, "at", style), text_at(row, "user")),
                     0, style);
  if (const auto waiting = number_at(document, "spooled").value_or(0); waiting > 0)
    out += paragraph(say(Phrase::ledger_spooled, style.lang, waiting), 0, style, Tone::attention);
  return out.empty() ? say(Phrase::nothing_here, style.lang) + "\n" : out;
}

}  // namespace ukey::report
