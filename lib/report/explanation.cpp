#include "report/explanation.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/bytes.hpp"
#include "report/explanation_table.hpp"
#include "report/phrases.hpp"

namespace ukey::report {

namespace {

using base::Code;

#define UKEY_FILLED(code, zh, en, hint_zh, hint_en)                                             \
  static_assert(sizeof(zh) > 1 && sizeof(en) > 1 && sizeof(hint_zh) > 1 && sizeof(hint_en) > 1, \
                "a text of " #code " is empty");
UKEY_EXPLANATIONS(UKEY_FILLED)
UKEY_SO_EXPLANATIONS(UKEY_FILLED)
#undef UKEY_FILLED
#define UKEY_FILLED(cause, zh, en, hint_zh, hint_en)                                    \
  static_assert((sizeof(zh) > 1) == (sizeof(en) > 1), "a text of " #cause " is empty"); \
  static_assert((sizeof(hint_zh) > 1) == (sizeof(hint_en) > 1), "a hint of " #cause " is empty");
UKEY_CAUSES(UKEY_FILLED)
UKEY_SO_CAUSES(UKEY_FILLED)
#undef UKEY_FILLED

std::string_view headline(Code code, Lang lang) {
  switch (code) {
#define UKEY_ROW(symbol, zh, en, hint_zh, hint_en) \
  case Code::symbol:                               \
    return pick(lang, zh, en);
    UKEY_EXPLANATIONS(UKEY_ROW)
#undef UKEY_ROW
  }
  return "?";
}

std::string_view hint_of(Code code, Lang lang) {
  switch (code) {
#define UKEY_ROW(symbol, zh, en, hint_zh, hint_en) \
  case Code::symbol:                               \
    return pick(lang, hint_zh, hint_en);
    UKEY_EXPLANATIONS(UKEY_ROW)
#undef UKEY_ROW
  }
  return "?";
}

/// Headline and hint; either may be "", which leaves it to what is more general.
using Pair = std::pair<std::string_view, std::string_view>;

/// Where the security officer's PIN makes them others.
Pair for_so(const base::Error& error, Lang lang) {
  if (!error.concerns_so()) return {};
#define UKEY_ROW(symbol, zh, en, hint_zh, hint_en) \
  if (error.code() == Code::symbol) return {pick(lang, zh, en), pick(lang, hint_zh, hint_en)};
  UKEY_SO_EXPLANATIONS(UKEY_ROW)
#undef UKEY_ROW
  return {};
}

Pair of_cause(base::Cause cause, Lang lang) {
  switch (cause) {
#define UKEY_ROW(symbol, zh, en, hint_zh, hint_en) \
  case base::Cause::symbol:                        \
    return {pick(lang, zh, en), pick(lang, hint_zh, hint_en)};
    UKEY_CAUSES(UKEY_ROW)
#undef UKEY_ROW
  }
  return {};
}

/// Where the reason makes them others.
Pair for_cause(const base::Error& error, Lang lang) {
  const auto cause = error.cause();
  if (!cause) return {};
#define UKEY_ROW(symbol, zh, en, hint_zh, hint_en)          \
  if (error.concerns_so() && *cause == base::Cause::symbol) \
    return {pick(lang, zh, en), pick(lang, hint_zh, hint_en)};
  UKEY_SO_CAUSES(UKEY_ROW)
#undef UKEY_ROW
  return of_cause(*cause, lang);
}

/// What nobody knows after a call with a PIN that ended in mid-air; "" when it is not such an
/// error, or nothing is to be said beyond the cause's own hint.
std::string_view hint_of_unsure(const base::Error& error, Lang lang) {
  if (error.cause() != base::Cause::unsure || !error.answer()) return {};
#define UKEY_ROW(name, zh, en) \
  if (error.answer()->call == "C_" #name) return pick(lang, zh, en);
  UKEY_UNSURE_HINTS(UKEY_ROW)
#undef UKEY_ROW
  return {};
}

/// Calls that take a PIN: to advise --login would lead nowhere.
bool takes_pin(std::string_view call) {
  return call == "C_Login" || call == "C_SetPIN" || call == "C_InitPIN";
}

/// The hint that the token's answer makes possible; "" when there is no finer one.
std::string_view hint_of(const base::Pkcs11Answer& answer, Lang lang) {
  const bool to_login = takes_pin(answer.call);
#define UKEY_ROW(name, zh, en)                                                             \
  if (answer.ckr == "CKR_" #name && !(to_login && answer.ckr == "CKR_USER_NOT_LOGGED_IN")) \
    return pick(lang, zh, en);
  UKEY_ANSWER_HINTS(UKEY_ROW)
#undef UKEY_ROW
  return to_login ? phrase(Phrase::hint_login_refused, lang) : std::string_view{};
}

/// Codes whose own hint says more than any answer could.
bool keeps_its_hint(Code code) {
  return code == Code::pin_wrong || code == Code::pin_locked || code == Code::pin_not_sent;
}

std::string usage_hint(const base::Error& error, Lang lang) {
  const std::string command = error.command().empty() ? "" : error.command() + " ";
  return fmt::format(fmt::runtime(hint_of(Code::usage, lang)), "ukey " + command + "--help");
}

/// What was not found was looked for in the ledger, not on a token.
bool concerns_ledger(const base::Error& error) {
  return error.code() == Code::not_found && error.command() == "batch status";
}

std::string hint(const base::Error& error, Lang lang) {
  if (const auto open = hint_of_unsure(error, lang); !open.empty()) return std::string{open};
  if (const auto finer = for_cause(error, lang).second; !finer.empty()) return std::string{finer};
  if (const auto& advice = error.advice()) return std::string{pick(lang, advice->zh, advice->en)};
  if (error.code() == Code::usage) return usage_hint(error, lang);
  if (error.code() == Code::interrupted && error.command().starts_with("batch "))
    return say(Phrase::hint_interrupted_batch, lang);
  if (error.code() == Code::interrupted && error.command().starts_with("pin "))
    return say(Phrase::hint_interrupted_pin, lang);
  if (concerns_ledger(error)) return say(Phrase::hint_ledger_serials, lang);
  if (error.code() == Code::no_token && !error.subject().empty())
    return say(Phrase::hint_none_fits, lang);
  if (const auto special = for_so(error, lang).second; !special.empty())
    return std::string{special};
  const auto& answer = error.answer();
  if (answer && !keeps_its_hint(error.code()))
    if (const auto finer = hint_of(*answer, lang); !finer.empty()) return std::string{finer};
  return std::string{hint_of(error.code(), lang)};
}

/// What fits, a line each.
std::string choice_text(const base::Error& error, const Style& style) {
  const Explanation text = explain(error.about(""), style.lang);
  std::string out = painted("ukey: ", Tone::bad, style) + text.headline + "\n";
  for (std::string_view rest = error.subject(); !rest.empty();) {
    const auto end = rest.find(", ");
    out += "    " + printable(rest.substr(0, end)) + "\n";
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
  }
  return out + "  " + text.hint + "\n";
}

}  // namespace

std::string rv_text(const base::Pkcs11Answer& answer) {
  return answer.rv == 0 && answer.ckr.empty() ? "" : base::hex_number(answer.rv);
}

std::string technical_text(std::string_view call, std::string_view ckr, std::string_view rv) {
  std::string out{call};
  if (ckr.empty() && rv.empty()) return out;  // the call never came back
  if (!out.empty()) out += " -> ";
  out += ckr.empty() ? std::string{rv} : fmt::format("{} ({})", ckr, rv);
  return out;
}

Explanation explain(const base::Error& error, Lang lang) {
  Explanation out;
  const bool no_pkcs11 = error.code() == Code::no_module && error.answer();
  out.headline = no_pkcs11 ? phrase(Phrase::not_a_module, lang) : headline(error.code(), lang);
  if (concerns_ledger(error)) out.headline = phrase(Phrase::not_in_ledger, lang);
  if (const auto special = for_so(error, lang).first; !special.empty()) out.headline = special;
  if (const auto finer = for_cause(error, lang).first; !finer.empty()) out.headline = finer;
  if (!error.subject().empty())
    out.headline += fmt::format("{}{}", pick(lang, "：", ": "), error.subject());
  if (const auto& answer = error.answer()) {
    out.technical = technical_text(answer->call, answer->ckr, rv_text(*answer));
    if (answer->vendor_note) {
      const auto note = pick(lang, answer->vendor_note->zh, answer->vendor_note->en);
      if (!note.empty()) out.technical += fmt::format("{}{}", pick(lang, "：", ": "), note);
    }
  }
  out.hint = hint(error, lang);
  return out;
}

std::string error_text(const base::Error& error, const Style& style) {
  if (error.code() == Code::ambiguous_token && !error.subject().empty())
    return choice_text(error, style);
  const Explanation text = explain(error, style.lang);
  std::string out = painted("ukey: ", Tone::bad, style) + printable(text.headline) + "\n";
  if (!text.technical.empty())
    out += "  " + painted(printable(text.technical), Tone::quiet, style) + "\n";
  return out + "  " + printable(text.hint) + "\n";
}

}  // namespace ukey::report
