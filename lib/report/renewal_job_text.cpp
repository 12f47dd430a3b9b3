#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/explanation.hpp"
#include "report/note.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::RenewalResult;

struct Lead {
  Mark mark;
  Tone tone;
};

Lead lead_of(RenewalResult result) {
  switch (result) {
    case RenewalResult::renewed:
    case RenewalResult::requested:
      return {Mark::good, Tone::good};
    case RenewalResult::not_due:
    case RenewalResult::nothing_to_resume:
    case RenewalResult::not_tried:
      return {Mark::waiting, Tone::strong};
    case RenewalResult::undone:
      return {Mark::attention, Tone::attention};
    case RenewalResult::failed:
      break;
  }
  return {Mark::bad, Tone::bad};
}

std::string headline(const Look& look, RenewalResult result) {
  const Style& style = look.style;
  const auto lead = lead_of(result);
  const auto words = fmt::format("{} {}", mark(lead.mark, style), word(result, style.lang));
  const std::string name =
      fitted(holder_name(look), style.width > 40 ? style.width - 30 : 10, style);
  return painted(words, lead.tone, style) + "  " + dotted({name, ca_word(look)}, style) + "\n";
}

/// The earliest end of the new ones: until then all of them hold.
std::optional<base::Time> new_end(const Look& look) {
  std::optional<base::Time> end;
  for (const auto& row : list_at(look.part, "certificates")) {
    const auto after = time_at(at(row, "new"), "not_after");
    if (after && (!end || *after < *end)) end = after;
  }
  return end;
}

std::string until_text(const Look& look) {
  const auto end = new_end(look);
  if (!end) return {};
  const auto date = base::iso_date(base::date_in(*end, look.style.zone));
  if (!look.as_of) return date;
  const auto days = base::days_between(*look.as_of, *end, look.style.zone).count();
  return say(Phrase::date_and_note, look.style.lang, date,
             say(Phrase::left_days, look.style.lang, days));
}

void add_pairs(Block& block, const Look& look) {
  const Style& style = look.style;
  bool first = true;
  for (const auto& row : list_at(look.part, "certificates")) {
    const Json& fresh = at(row, "new");
    if (!fresh.is_object()) continue;
    const auto pair =
        say(Phrase::renew_pair, style.lang, word_at<model::Role>(row, "role", style.lang),
            date_at(fresh, "not_before", style), date_at(fresh, "not_after", style),
            text_at(fresh, "serial"));
    block.add(first ? phrase(Phrase::card_certificates, style.lang) : "",
              truth_at(row, "was_there") == true
                  ? say(Phrase::renew_pair_was_there, style.lang, pair)
                  : pair);
    first = false;
  }
}

/// Those that were left as they are.
void add_unrenewed(Block& block, const Look& look) {
  const Lang lang = look.style.lang;
  for (const auto& row : list_at(look.part, "certificates")) {
    if (at(row, "new").is_object()) continue;
    block.add(phrase(Phrase::renew_lacks, lang),
              say(Phrase::renew_still_until, lang, word_at<model::Role>(row, "role", lang),
                  date_at(at(row, "old"), "not_after", look.style)),
              Tone::bad);
  }
}

/// True when files can be encrypted to a new certificate.
bool has_new_encryption(const Look& look) {
  for (const auto& row : list_at(look.part, "certificates"))
    if (at(row, "new").is_object() && enum_at<model::Role>(row, "role") != model::Role::sign)
      return true;
  return false;
}

bool any_removed(const Look& look) {
  for (const auto& row : list_at(look.part, "certificates"))
    if (truth_at(row, "old_removed") == true) return true;
  return false;
}

/// What should have gone from the token; nothing depends on it.
void add_leftovers(Block& block, const Look& look) {
  const Lang lang = look.style.lang;
  for (const auto& row : list_at(look.part, "leftovers")) {
    const Json& error = at(row, "error");
    const auto why =
        technical_text(text_at(error, "call"), text_at(error, "ckr"), text_at(error, "rv"));
    block.add(phrase(Phrase::renew_left, lang),
              say(Phrase::renew_leftover, lang, word_at<model::ObjectClass>(row, "class", lang),
                  text_at(error, "subject"), why),
              Tone::attention);
  }
}

void add_renewed(Block& block, const Look& look) {
  const Lang lang = look.style.lang;
  block.add(phrase(Phrase::renew_until, lang), until_text(look), Tone::strong);
  add_pairs(block, look);
  add_unrenewed(block, look);
  block.add(phrase(Phrase::renew_checked, lang), say(Phrase::renew_tested, lang));
  block.add(phrase(Phrase::renew_old, lang),
            say(any_removed(look) ? Phrase::renew_removed : Phrase::renew_kept, lang));
  add_leftovers(block, look);
  if (has_new_encryption(look))
    block.add(phrase(Phrase::renew_bids, lang), say(Phrase::renew_bids_kept, lang),
              Tone::attention);
}

std::string steps_text(const Look& look, bool done) {
  std::vector<std::string> out;
  for (const auto& row : list_at(look.part, "steps"))
    if (truth_at(row, "done") == done)
      out.push_back(word_at<model::RenewalStep>(row, "step", look.style.lang));
  return joined(out, look.style.lang);
}

void add_next(Block& block, const Look& look, RenewalResult result) {
  const Lang lang = look.style.lang;
  const auto title = phrase(Phrase::card_next, lang);
  if (result == RenewalResult::requested) {
    for (const auto& file : list_at(look.part, "files"))
      block.add(phrase(Phrase::renew_written, lang), text_at(file, "path"));
    block.add(title, say(Phrase::renew_requested, lang, command(look, "renew install FILE")),
              Tone::strong);
  }
  if (result == RenewalResult::undone) add_leftovers(block, look);
  if (result == RenewalResult::undone)
    block.add(title, say(Phrase::renew_wait_undone, lang, command(look, "renew run")));
  if (result == RenewalResult::not_tried) {
    block.add(phrase(Phrase::renew_rehearsed, lang), steps_text(look, true));
    block.add(phrase(Phrase::renew_left, lang), steps_text(look, false));
  }
  if (result == RenewalResult::not_due)
    block.add(phrase(Phrase::card_window, lang), window_text(look));
}

/// True when several came for one use.
bool doubled(const model::RenewalJob& job, model::Role role) {
  return std::ranges::count_if(job.certificates, [role](const model::SuccessionRow& row) {
           return row.fresh && row.role == role;
         }) > 1;
}

Phrase broken_rule(const model::FitnessRow& row, bool doubled) {
  using model::Fitness;
  switch (row.check) {
    case Fitness::key:
      return Phrase::unfit_key;
    case Fitness::role:
      return doubled ? Phrase::unfit_double : Phrase::unfit_role;
    case Fitness::holder:
      return Phrase::unfit_holder;
    case Fitness::ca:
      return Phrase::unfit_ca;
    case Fitness::chain:
      break;
    case Fitness::begins:
      return Phrase::unfit_begins;
    case Fitness::later:
      return Phrase::unfit_later;
    case Fitness::term:
      return Phrase::unfit_term;
  }
  return row.result == model::CheckResult::failed ? Phrase::unfit_chain : Phrase::unfit_trust;
}

/// Without a predecessor on the token, what compares with it says nothing.
bool says_something(const model::SuccessionRow& row, const model::FitnessRow& rule) {
  if (rule.result == model::CheckResult::ok) return false;
  return row.former || rule.check != model::Fitness::later;
}

std::string unfit_lines(const model::RenewalJob& job, const Style& style) {
  std::string out;
  for (const auto& row : job.certificates) {
    if (!row.fresh && job.error->code() == base::Code::certificate_unfit)
      out +=
          paragraph(say(Phrase::renew_lacking, style.lang, word(row.role, style.lang)), 2, style);
    if (!row.fresh) continue;
    std::string broken;
    for (const auto& rule : row.fitness)
      if (says_something(row, rule))
        broken += paragraph(say(broken_rule(rule, doubled(job, row.role)), style.lang), 4, style,
                            Tone::bad);
    if (broken.empty()) continue;
    out += paragraph(
        say(Phrase::renew_unfit, style.lang, word(row.role, style.lang), row.fresh->serial), 2,
        style);
    out += broken;
  }
  return out;
}

}  // namespace

std::string renewal_job_page(const Json& document, const Style& style) {
  const Look look = look_at(document, style);
  const auto result = enum_at<RenewalResult>(document, "result").value_or(RenewalResult::failed);
  Block block{14};
  if (result == RenewalResult::renewed) add_renewed(block, look);
  add_next(block, look, result);
  block.add(phrase(Phrase::card_holder, style.lang), holder_facts(look));
  block.add(phrase(Phrase::card_token, style.lang), token_facts(look));
  return headline(look, result) + block.text(style);
}

std::string leftover_text(const model::Leftover& left, Lang lang) {
  const auto& answer = left.error.answer();
  const auto why = answer ? technical_text(answer->call, answer->ckr, rv_text(*answer)) : "";
  return say(Phrase::renew_leftover, lang, word(left.object_class, lang), left.error.subject(),
             why);
}

std::string renewal_failure(const model::RenewalJob& job, const Style& style) {
  const Lang lang = style.lang;
  std::string out = error_text(*job.error, style);
  out += unfit_lines(job, style);
  std::vector<std::string> done, left;
  for (const auto& row : job.steps) (row.done ? done : left).emplace_back(word(row.step, lang));
  out += paragraph(say(Phrase::job_steps, lang, joined(done, lang), joined(left, lang)), 2, style);
  out += paragraph(say(Phrase::renew_now_holds, lang,
                       word(job.generation.value_or(model::Generation::unknown), lang)),
                   2, style, Tone::strong);
  for (const auto& row : job.certificates)
    if (row.fresh && job.error->cause() == base::Cause::key_lost &&
        row.key_id == job.error->subject())
      out += paragraph(say(Phrase::renew_key_lost, lang, word(row.role, lang), row.fresh->serial),
                       2, style);
  for (const auto& row : job.leftovers)
    out += paragraph(leftover_text(row, lang), 2, style, Tone::attention);
  if (job.resume_due)
    out +=
        paragraph(say(Phrase::renew_resume, lang, command("renew resume", job.token.selector, lang),
                      command("renew resume --undo", job.token.selector, lang)),
                  2, style, Tone::attention);
  return finished(std::move(out));
}

}  // namespace ukey::report
