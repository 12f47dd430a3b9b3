#include <nlohmann/json.hpp>

#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::EnvelopeOpens;

std::string recipient_text(const Json& recipient, Lang lang) {
  const auto serial = text_at(recipient, "serial");
  const auto key_id = text_at(recipient, "key_id");
  if (!serial.empty())
    return say(Phrase::envelope_serial, lang, serial, text_at(recipient, "issuer"));
  return key_id.empty() ? say(Phrase::envelope_nobody, lang)
                        : say(Phrase::envelope_key_id, lang, key_id);
}

std::string recipients_text(const Json& row, Lang lang) {
  std::vector<std::string> texts;
  for (const auto& recipient : list_at(row, "recipients"))
    texts.push_back(recipient_text(recipient, lang));
  return say(Phrase::envelope_for, lang, joined(texts, lang));
}

/// What follows from it for a technician; "" when nothing does.
std::string advice(const Json& row, EnvelopeOpens opens, Lang lang) {
  const auto key = truth_at(row, "has_private_key");
  if (opens == EnvelopeOpens::older)
    return say(key ? Phrase::envelope_keep_key : Phrase::envelope_keep, lang);
  if (opens == EnvelopeOpens::no && key == false) return say(Phrase::envelope_key_gone, lang);
  return {};
}

std::string envelope_part(const Json& row, const Style& style) {
  const auto opens = enum_at<EnvelopeOpens>(row, "opens");
  const bool good = opens && *opens != EnvelopeOpens::no;
  const Tone tone = !good                            ? Tone::bad
                    : *opens == EnvelopeOpens::older ? Tone::attention
                                                     : Tone::good;
  std::string out = paragraph(
      dotted({std::string{mark(good ? Mark::yes : Mark::no, style)} + " " + text_at(row, "file"),
              text_at(row, "entry")},
             style),
      0, style, tone);
  if (!opens) return out + error_lines(at(row, "error"), style, 4);
  out += paragraph(dotted({word_at<EnvelopeOpens>(row, "opens", style.lang),
                           word_at<model::EnvelopeKind>(row, "kind", style.lang),
                           shown_at(row, "algorithm", style)},
                          style),
                   4, style);
  if (const auto text = advice(row, *opens, style.lang); !text.empty())
    out += paragraph(text, 4, style, tone);
  return good ? out : out + paragraph(recipients_text(row, style.lang), 4, style);
}

}  // namespace

std::string envelope_page(const Json& document, const Style& style) {
  std::string out = subject_line(document, style);
  for (const auto& row : list_at(document, "envelopes")) out += envelope_part(row, style);
  return out;
}

std::string envelope_written_page(const Json& document, const Style& style) {
  std::string out = subject_line(document, style);
  for (const auto& file : list_at(document, "files"))
    out += paragraph(std::string{mark(Mark::good, style)} + " " +
                         say(Phrase::envelope_written, style.lang, text_at(file, "path"),
                             number_at(file, "bytes").value_or(0)),
                     2, style, Tone::good);
  for (const auto& row : list_at(document, "envelopes"))
    out += paragraph(word_at<EnvelopeOpens>(row, "opens", style.lang), 2, style);
  for (const auto& row : list_at(document, "certificates"))
    out +=
        paragraph(say(Phrase::envelope_for, style.lang, recipient_text(row, style.lang)), 2, style);
  return out;
}

}  // namespace ukey::report
