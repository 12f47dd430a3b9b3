#include <fmt/format.h>

#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::LockReason;
using model::PinLevel;
using model::Verdict;

std::string pin_warnings(const Look& look) {
  const Style& style = look.style;
  const Json& pin = at(look.part, "pin");
  const auto line = [&](Phrase which, Tone tone) {
    return warning_line(say(which, style.lang), tone, style);
  };
  const bool so_locked = enum_at<PinLevel>(pin, "so") == PinLevel::locked;
  const auto user = enum_at<PinLevel>(pin, "user").value_or(PinLevel::ok);
  if (user == PinLevel::locked)
    return line(so_locked ? Phrase::warn_both_locked : Phrase::warn_user_locked, Tone::bad);
  std::string out;
  if (user == PinLevel::final_try) out += line(Phrase::warn_final_try, Tone::bad);
  if (user == PinLevel::count_low) out += line(Phrase::warn_count_low, Tone::attention);
  if (user == PinLevel::not_set) out += line(Phrase::warn_not_set, Tone::attention);
  if (user == PinLevel::to_be_changed)
    out += warning_line(say(Phrase::warn_to_be_changed, style.lang, command(look, "pin change")),
                        Tone::attention, style);
  if (so_locked) out += line(Phrase::warn_so_locked, Tone::attention);
  return out;
}

std::string clock_warning(const Look& look) {
  const Style& style = look.style;
  std::optional<base::Time> start;
  for (const auto& row : list_at(look.part, "certificates")) {
    const auto before = time_at(row, "not_before");
    if (truth_at(row, "current") == true && before && (!start || *before > *start)) start = before;
  }
  if (!start || !look.as_of) return say(Phrase::warn_clock_undated, style.lang);
  return say(Phrase::warn_clock, style.lang, unbroken(base::clock_text(*start, style.zone)),
             unbroken(base::clock_text(*look.as_of, style.zone)));
}

std::string verdict_text(const Look& look, Verdict verdict) {
  const Lang lang = look.style.lang;
  switch (verdict) {
    case Verdict::no_certificate:
      return say(Phrase::warn_no_certificate, lang);
    case Verdict::not_yet_valid:
      return clock_warning(look);
    case Verdict::revoked:
      return say(Phrase::warn_revoked, lang);
    case Verdict::ca_not_renewable:
      return ca_word(look) == say(Phrase::ca_unknown, lang)
                 ? say(Phrase::warn_ca_unknown, lang)
                 : say(Phrase::warn_ca, lang, ca_word(look));
    case Verdict::expired:
      return say(Phrase::warn_expired, lang);
    case Verdict::too_early:
    case Verdict::open:
      return {};
  }
  return {};
}

std::string renewal_warning(const Look& look) {
  const auto verdict = enum_at<Verdict>(at(look.part, "renewal"), "verdict");
  const auto text = verdict ? verdict_text(look, *verdict) : std::string{};
  return text.empty() ? text : warning_line(text, Tone::bad, look.style);
}

std::string lock_warning(const Look& look) {
  const Style& style = look.style;
  const Json& lock = at(look.part, "lock");
  const auto kind = enum_at<model::LockKind>(lock, "kind");
  if (kind == model::LockKind::undetermined)
    return warning_line(say(Phrase::warn_lock, style.lang, settling(look)), Tone::attention, style);
  if (kind != model::LockKind::partial_master) return {};
  const auto missing = shown_at(lock, "missing", style);
  return warning_line(say(Phrase::warn_missing, style.lang, missing), Tone::attention, style);
}

std::string certificate_warnings(const Look& look) {
  const Style& style = look.style;
  std::vector<std::string> broken;
  std::string out;
  for (const auto& row : list_at(look.part, "certificates")) {
    if (at(row, "error").is_object()) {
      const auto label = text_at(row, "label");
      broken.push_back(label.empty() ? say(Phrase::no_label, style.lang) : label);
    }
    if (truth_at(row, "current") == true && truth_at(row, "has_private_key") == false)
      out += warning_line(
          say(Phrase::warn_no_key, style.lang, word_at<model::Role>(row, "role", style.lang)),
          Tone::bad, style);
  }
  if (!broken.empty())
    out += warning_line(say(Phrase::warn_bad_certificates, style.lang, joined(broken, style.lang)),
                        Tone::attention, style);
  return out;
}

}  // namespace

std::string settling(const Look& look) {
  const Lang lang = look.style.lang;
  const auto reason = enum_at<LockReason>(at(look.part, "lock"), "reason");
  const auto with_login = command(look, "lock --login");
  switch (reason.value_or(LockReason::no_profile)) {
    case LockReason::login_needed:
      return say(Phrase::settle_login, lang, with_login);
    case LockReason::seals_not_visible:
      return say(Phrase::settle_client, lang);
    case LockReason::no_profile:
      return say(Phrase::settle_profile, lang, unbroken("ukey profile list"));
    case LockReason::holder_unknown:
      return say(Phrase::settle_holder, lang);
    case LockReason::none_found:
      return say(Phrase::settle_none_found, lang, with_login);
    case LockReason::all_found:
    case LockReason::some_missing:
      return say(Phrase::settle_some, lang, with_login);
    case LockReason::nothing_on_token:
      return say(Phrase::settle_empty, lang, with_login);
  }
  return {};
}

std::string warnings(const Look& look) {
  return pin_warnings(look) + renewal_warning(look) + lock_warning(look) +
         certificate_warnings(look);
}

}  // namespace ukey::report
