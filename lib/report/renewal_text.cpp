#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::NextStep;
using model::Verdict;
using namespace std::chrono_literals;

const Json& renewal(const Look& look) { return at(look.part, "renewal"); }

Tone tone_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::open:
      return Tone::good;
    case Verdict::too_early:
      return Tone::strong;
    case Verdict::not_yet_valid:
      return Tone::attention;
    case Verdict::no_certificate:
    case Verdict::revoked:
    case Verdict::ca_not_renewable:
    case Verdict::expired:
      return Tone::bad;
  }
  return Tone::bad;
}

Mark mark_of(Verdict verdict) {
  if (verdict == Verdict::open) return Mark::good;
  return verdict == Verdict::too_early ? Mark::waiting : Mark::bad;
}

/// When the current certificates end: the window's end, else the earliest of them.
std::optional<base::Time> end_of(const Look& look) {
  if (const auto closes = time_at(renewal(look), "closes")) return closes;
  std::optional<base::Time> end;
  for (const auto& row : list_at(look.part, "certificates")) {
    const auto after = time_at(row, "not_after");
    if (truth_at(row, "current") == true && after && (!end || *after < *end)) end = after;
  }
  return end;
}

/// Calendar days from the document's time to `time`; absent when the document has no time.
std::optional<long> days_to(const Look& look, base::Time time) {
  if (!look.as_of) return std::nullopt;
  return base::days_between(*look.as_of, time, look.style.zone).count();
}

std::string left_text(const Look& look, base::Time end) {
  const Lang lang = look.style.lang;
  const auto days = days_to(look, end);
  if (!days) return {};
  if (look.as_of && *look.as_of > end) {
    if (*days == 0) return say(Phrase::ended_today, lang);
    return *days == -1 ? say(Phrase::ended_one_day, lang)
                       : say(Phrase::ended_days, lang, std::abs(*days));
  }
  if (*days == 0) return say(Phrase::left_today, lang);
  return *days == 1 ? say(Phrase::left_one_day, lang) : say(Phrase::left_days, lang, *days);
}

std::string step_text(const Look& look, NextStep step) {
  const Lang lang = look.style.lang;
  switch (step) {
    case NextStep::renew_now:
      return say(Phrase::step_renew, lang, command(look, "renew run"));
    case NextStep::wait:
      return time_at(renewal(look), "opens")
                 ? say(Phrase::step_wait, lang, date_at(renewal(look), "opens", look.style))
                 : say(Phrase::step_wait_undated, lang);
    case NextStep::first_issue:
      if (enum_at<Verdict>(renewal(look), "verdict") == Verdict::expired)
        return say(Phrase::step_contact_ca, lang, unbroken("ukey guide first-issue"));
      return say(Phrase::step_first_issue, lang, unbroken("ukey guide first-issue"));
    case NextStep::contact_ca:
      if (enum_at<Verdict>(renewal(look), "verdict") == Verdict::no_certificate)
        return say(Phrase::step_unreadable, lang);
      return say(Phrase::step_contact_ca, lang, unbroken("ukey guide first-issue"));
    case NextStep::check_clock:
      return say(Phrase::step_clock, lang);
    case NextStep::login:
      return say(Phrase::step_login, lang, command(look, "status --login"));
    case NextStep::none:
      return say(Phrase::step_none, lang);
  }
  return {};
}

}  // namespace

std::string renewal_headline(const Look& look) {
  const Style& style = look.style;
  const auto verdict = enum_at<Verdict>(renewal(look), "verdict").value_or(Verdict::no_certificate);
  const std::string lead =
      fmt::format("{} {}", mark(mark_of(verdict), style), word(verdict, style.lang));
  const std::string right = dotted({lock_word(look), ca_word(look)}, style);
  const std::size_t taken = base::columns(lead) + 2;
  const std::size_t room = style.width > taken ? style.width - taken : 1;
  const std::string name = fitted(holder_name(look), room, style);
  const std::string painted_lead = painted(lead, tone_of(verdict), style);
  const std::string rest = spread(name, right, room);
  if (!rest.empty()) return fmt::format("{}  {}\n", painted_lead, rest);
  Block block{12};
  block.add(phrase(Phrase::card_lock, style.lang), right);
  return fmt::format("{}  {}\n", painted_lead, name) + block.text(style);
}

std::string valid_until(const Look& look) {
  const Style& style = look.style;
  const auto end = end_of(look);
  if (!end) return {};
  const base::Date date = base::date_in(*end, style.zone);
  const bool whole_day = *end == base::start_of(date, style.zone) + 24h - 1s;
  std::vector<std::string> notes;
  if (const auto left = left_text(look, *end); !left.empty()) notes.push_back(left);
  const base::Date full_day = whole_day ? date : base::Date{date - std::chrono::days{1}};
  if (!whole_day) notes.push_back(say(Phrase::last_full_day, style.lang, base::iso_date(full_day)));
  const auto shown_end = whole_day ? base::iso_date(date) : base::clock_text(*end, style.zone);
  if (notes.empty()) return shown_end;
  return say(Phrase::date_and_note, style.lang, shown_end, joined(notes, style.lang));
}

std::string window_text(const Look& look) {
  const Style& style = look.style;
  const Json& part = renewal(look);
  const auto verdict = enum_at<Verdict>(part, "verdict");
  const auto opens = time_at(part, "opens");
  if (!verdict || !opens) return {};
  const auto first = date_at(part, "opens", style);
  const auto last = date_at(part, "closes", style);
  if (*verdict == Verdict::expired) return say(Phrase::window_closed, style.lang, last);
  if (*verdict == Verdict::too_early) {
    const auto days = days_to(look, *opens).value_or(0);
    if (days == 1) return say(Phrase::window_opens_tomorrow, style.lang, first, last);
    return say(Phrase::window_opens, style.lang, first, days, last);
  }
  if (*verdict != Verdict::open) return {};
  auto best = text_at(part, "recommended_by");
  if (look.as_of && best < base::iso_date(base::date_in(*look.as_of, style.zone))) best.clear();
  const auto window = say(Phrase::window_open, style.lang, first, last);
  return best.empty() ? window : window + say(Phrase::window_best, style.lang, best);
}

std::string unlocking(const Look& look) {
  const Lang lang = look.style.lang;
  if (enum_at<model::PinLevel>(at(look.part, "pin"), "so") == model::PinLevel::locked)
    return say(Phrase::step_scrap, lang, unbroken("ukey guide damaged"));
  return say(Phrase::step_unlock, lang, command(look, "pin unlock"), unbroken("ukey guide unlock"));
}

std::string next_step(const Look& look) {
  const auto step = enum_at<NextStep>(renewal(look), "next_step").value_or(NextStep::none);
  const Json& pin = at(look.part, "pin");
  const bool locked = enum_at<model::PinLevel>(pin, "user") == model::PinLevel::locked;
  if (!locked && truth_at(look.part, "resume_due") == true)
    return say(Phrase::step_resume, look.style.lang, command(look, "renew resume"),
               command(look, "renew resume --undo"));
  if (!locked) return step_text(look, step);
  const bool nothing_else = step == NextStep::wait || step == NextStep::none;
  if (nothing_else || step == NextStep::renew_now || step == NextStep::login)
    return unlocking(look);
  return step_text(look, step);
}

std::string renewal_page(const Json& document, const Style& style) {
  const Look look = look_at(document, style);
  Block block{12};
  block.add(phrase(Phrase::card_valid, style.lang), valid_until(look), Tone::strong);
  block.add(phrase(Phrase::card_window, style.lang), window_text(look));
  block.add(phrase(Phrase::card_next, style.lang), next_step(look), Tone::strong);
  block.add(phrase(Phrase::card_holder, style.lang), holder_facts(look));
  block.add(phrase(Phrase::card_ca, style.lang), text_at(at(document, "ca"), "name"));
  block.add(phrase(Phrase::card_token, style.lang), token_facts(look));
  std::string out = renewal_headline(look) + warnings(look) + block.text(style);
  const auto best = text_at(renewal(look), "recommended_by");
  const bool advised = !best.empty() && window_text(look).find(best) != std::string::npos;
  if (advised && !style.quiet)
    out += paragraph(say(Phrase::holidays, style.lang), 2, style, Tone::quiet);
  if (const Json& guide = at(document, "guide"); guide.is_object())
    out += "\n" + guide_part(guide, style);
  return out;
}

}  // namespace ukey::report
