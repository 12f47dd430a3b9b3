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

/// Headline and hint where the security officer's PIN makes them others; both "" elsewhere.
std::pair<std::string_view, std::string_view> for_so(const base::Error& error, Lang lang) {
  if (!error.concerns_so()) return {};
#define UKEY_ROW(symbol, zh, en, hint_zh, hint_en) \
  if (error.code() == Code::symbol) return {pick(lang, zh, en), pick(lang, hint_zh, hint_en)};
  UKEY_SO_EXPLANATIONS(UKEY_ROW)
#undef UKEY_ROW
  return {};
}

/// The hint that the token's answer makes possible; "" when there is no finer one.
std::string_view hint_of(std::string_view ckr, Lang lang) {
#define UKEY_ROW(name, zh, en) \
  if (ckr == "CKR_" #name) return pick(lang, zh, en);
  UKEY_ANSWER_HINTS(UKEY_ROW)
#undef UKEY_ROW
  return {};
}

/// Codes whose own hint says more than any answer could.
bool keeps_its_hint(Code code) {
  return code == Code::pin_wrong || code == Code::pin_locked || code == Code::pin_not_sent;
}

std::string hint(const base::Error& error, Lang lang) {
  if (error.code() == Code::no_token && !error.subject().empty())
    return say(Phrase::hint_none_fits, lang);
  if (const auto special = for_so(error, lang).second; !special.empty())
    return std::string{special};
  const auto& answer = error.answer();
  if (answer && !keeps_its_hint(error.code()))
    if (const auto finer = hint_of(std::string_view{answer->ckr}, lang); !finer.empty())
      return std::string{finer};
  return std::string{hint_of(error.code(), lang)};
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
  if (const auto special = for_so(error, lang).first; !special.empty()) out.headline = special;
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
  const Explanation text = explain(error, style.lang);
  std::string out = painted("ukey: ", Tone::bad, style) + printable(text.headline) + "\n";
  if (!text.technical.empty())
    out += "  " + painted(printable(text.technical), Tone::quiet, style) + "\n";
  return out + "  " + printable(text.hint) + "\n";
}

}  // namespace ukey::report
