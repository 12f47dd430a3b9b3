#include <nlohmann/json.hpp>

#include "report/explanation.hpp"
#include "report/keys.hpp"
#include "report/note.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

std::string length_text(const Json& pin, Lang lang) {
  const auto least = number_at(pin, "min_length");
  const auto most = number_at(pin, "max_length");
  return least && most ? say(Phrase::pin_lengths, lang, *least, *most) : "-";
}

Tone tone_of(std::optional<model::PinLevel> level) {
  if (!level || *level == model::PinLevel::ok) return Tone::good;
  const bool bad = *level == model::PinLevel::locked || *level == model::PinLevel::final_try;
  return bad ? Tone::bad : Tone::attention;
}

std::string pin_block(const Look& look) {
  const Style& style = look.style;
  const Lang lang = style.lang;
  const Json& pin = at(look.part, "pin");
  Block block{12};
  for (const char* key : {"user", "so"})
    block.add(key_word(key, lang), word_at<model::PinLevel>(pin, key, lang),
              tone_of(enum_at<model::PinLevel>(pin, key)));
  block.add(phrase(Phrase::pin_length, lang), length_text(pin, lang));
  const auto limit = number_at(pin, "retry_limit");
  block.add(phrase(Phrase::pin_limit, lang), limit ? say(Phrase::pin_limit_source, lang, *limit)
                                                   : say(Phrase::pin_limit_unknown, lang));
  if (enum_at<model::PinLevel>(pin, "user") == model::PinLevel::locked)
    block.add(phrase(Phrase::card_next, lang), unlocking(look), Tone::strong);
  return block.text(style);
}

Phrase outcome(bool tried, std::string_view command) {
  if (!tried) return Phrase::pin_not_tried;
  if (command == "pin change") return Phrase::pin_changed;
  return command == "pin unlock" ? Phrase::pin_unlocked : Phrase::pin_verified;
}

std::string steps_text(const model::PinJob& job, bool done, Lang lang) {
  std::vector<std::string> words;
  for (const auto& row : job.steps)
    if (row.done == done && !row.unknown) words.emplace_back(word(row.step, lang));
  return words.empty() ? say(Phrase::nothing_here, lang) : joined(words, lang);
}

}  // namespace

std::string pin_page(const Json& document, const Style& style) {
  const Look look = look_at(document, style);
  return subject_line(document, style) + warnings(look) + pin_block(look);
}

std::string pin_job_page(const Json& document, const Style& style) {
  const Look look = look_at(document, style);
  const bool tried = enum_at<model::PinResult>(document, "result") != model::PinResult::not_tried;
  const auto what = outcome(tried, text_at(document, "command"));
  const bool worked = what != Phrase::pin_not_tried;
  const auto sign = mark(worked ? Mark::good : Mark::waiting, style);
  std::string out = subject_line(document, style);
  out += paragraph(std::string{sign} + " " + say(what, style.lang), 2, style,
                   worked ? Tone::good : Tone::plain);
  return at(document, "pin").is_object() ? out + warnings(look) + pin_block(look) : out;
}

std::string pin_done_note(model::PinResult result, std::string_view command, const Style& style) {
  const auto what = outcome(result != model::PinResult::not_tried, command);
  return "ukey: " + say(what, style.lang) + "\n";
}

std::string pin_failure(const model::PinJob& job, const Style& style) {
  const Lang lang = style.lang;
  std::string out = error_text(*job.error, style);
  if (job.steps.size() > 1)
    out += paragraph(
        say(Phrase::job_steps, lang, steps_text(job, true, lang), steps_text(job, false, lang)), 2,
        style);
  for (const auto& row : job.steps)
    if (row.unknown)
      out += paragraph(say(Phrase::job_step_unknown, lang, word(row.step, lang)), 2, style,
                       Tone::strong);
  if (!job.pin) return out + paragraph(say(Phrase::job_now_unknown, lang), 2, style);
  return out +
         paragraph(say(Phrase::job_now, lang, word(job.pin->user, lang), word(job.pin->so, lang)),
                   2, style, Tone::strong);
}

}  // namespace ukey::report
