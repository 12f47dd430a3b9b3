#include <fmt/format.h>

#include "base/text.hpp"
#include "report/keys.hpp"
#include "report/pages.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

using model::LockKind;
using model::Role;
using model::TokenState;

constexpr std::size_t kLabelWidth =
    12;  // the widest label of a card, so that both languages line up alike
constexpr std::size_t kRoleWidth = 12;
constexpr std::size_t kAlgorithmWidth = 9;

bool is_end_entity(const Json& row) {
  const auto role = enum_at<Role>(row, "role");
  return role && *role != Role::ca;
}

std::string certificate_line(const Json& row, const Style& style) {
  const auto role = word_at<Role>(row, "role", style.lang);
  const auto dates = say(Phrase::from_to, style.lang, date_at(row, "not_before", style),
                         date_at(row, "not_after", style));
  std::string out =
      fmt::format("{} {} {}", base::padded(role, kRoleWidth),
                  base::padded(shown_at(row, "algorithm", style), kAlgorithmWidth), dates);
  const auto state = enum_at<model::Validity>(row, "state");
  if (state && *state != model::Validity::valid)
    out += fmt::format("  {}", word(*state, style.lang));
  if (truth_at(row, "has_private_key") == false)
    out += fmt::format("  {}", say(Phrase::no_private_key, style.lang));
  return out;
}

void add_certificates(Block& block, const Look& look) {
  std::string label{phrase(Phrase::card_certificates, look.style.lang)};
  std::size_t older = 0;
  for (const auto& row : list_at(look.part, "certificates")) {
    if (!is_end_entity(row)) continue;
    if (truth_at(row, "current") != true) {
      ++older;
      continue;
    }
    block.add(label, unbroken(certificate_line(row, look.style)));
    label.clear();
  }
  if (older > 0)
    block.add(label,
              say(Phrase::older_certificates, look.style.lang, older, command(look, "cert list")),
              Tone::quiet);
}

void add_seals(Block& block, const Look& look) {
  const Style& style = look.style;
  const auto label = phrase(Phrase::card_seals, style.lang);
  const Json& lock = at(look.part, "lock");
  const auto kind = enum_at<LockKind>(lock, "kind");
  if (kind == LockKind::blank) return;
  if (kind == LockKind::sub) {
    block.add(label, say(Phrase::sub_has_no_seals, style.lang));
    return;
  }
  const auto seals = seals_text(look);
  if (seals.empty()) return;
  const bool read = enum_at<model::LockBasis>(lock, "basis") == model::LockBasis::content;
  const auto basis = say(read ? Phrase::by_content : Phrase::by_label, style.lang);
  block.add(label, say(Phrase::date_and_note, style.lang, seals, basis));
}

std::string pin_text(const Look& look) {
  const Json& pin = at(look.part, "pin");
  const Lang lang = look.style.lang;
  return say(Phrase::pin_and_so, lang, word_at<model::PinLevel>(pin, "user", lang),
             word_at<model::PinLevel>(pin, "so", lang));
}

std::string ready_card(const Look& look) {
  const Style& style = look.style;
  const Lang lang = style.lang;
  Block block{kLabelWidth};
  block.add(phrase(Phrase::card_valid, lang), valid_until(look), Tone::strong);
  block.add(phrase(Phrase::card_window, lang), window_text(look));
  block.add(phrase(Phrase::card_next, lang), next_step(look), Tone::strong);
  block.add(phrase(Phrase::card_holder, lang), holder_facts(look));
  add_certificates(block, look);
  add_seals(block, look);
  block.add(phrase(Phrase::card_pin, lang), pin_text(look));
  block.add(phrase(Phrase::card_token, lang), token_facts(look));
  return renewal_headline(look) + warnings(look) + block.text(style);
}

/// A token that could not be judged: its state, its name, and what is known instead.
std::string short_card(const Look& look, TokenState state) {
  const Style& style = look.style;
  const bool failed = state == TokenState::failed;
  const std::string lead = fmt::format("{} {}", mark(failed ? Mark::bad : Mark::waiting, style),
                                       word(state, style.lang));
  const std::size_t taken = base::columns(lead) + 2;
  const std::size_t room = style.width > taken ? style.width - taken : 1;
  std::string out = painted(lead, failed ? Tone::bad : Tone::attention, style) + "  " +
                    fitted(token_name(look), room, style) + "\n";
  Block block{kLabelWidth};
  if (at(look.part, "error").is_object())
    out += error_lines(at(look.part, "error"), style);
  else
    block.add(phrase(Phrase::card_next, style.lang),
              state == TokenState::uninitialised
                  ? say(Phrase::step_initialise, style.lang, unbroken("ukey guide first-issue"))
                  : say(Phrase::step_driver, style.lang, unbroken("ukey profile list")),
              Tone::strong);
  block.add(phrase(Phrase::card_token, style.lang), token_facts(look));
  return out + block.text(style);
}

}  // namespace

std::string card_text(const Look& look) {
  const auto state = enum_at<TokenState>(look.part, "state").value_or(TokenState::failed);
  return state == TokenState::ready ? ready_card(look) : short_card(look, state);
}

std::string seals_text(const Look& look) {
  const Style& style = look.style;
  const Json& lock = at(look.part, "lock");
  const bool settled = enum_at<LockKind>(lock, "kind") != LockKind::undetermined;
  std::string out;
  for (const auto& row : list_at(lock, "evidence")) {
    if (!out.empty()) out += "  ";
    const Mark unseen = settled ? Mark::no : Mark::open_question;
    const Mark shown_mark = truth_at(row, "found") == true ? Mark::yes : unseen;
    const auto seal = word_at<model::SealRole>(row, "seal", style.lang);
    out += unbroken(fmt::format("{} {}", seal, mark(shown_mark, style)));
  }
  return out;
}

std::string status_page(const Json& document, const Style& style) {
  const Json& tokens = list_at(document, "tokens");
  std::string out;
  for (const auto& token : tokens) {
    if (!out.empty()) out += "\n";
    out += card_text({token, style, time_at(document, "as_of")});
  }
  if (tokens.empty())
    out = say(Phrase::no_tokens, style.lang) + "\n" +
          paragraph(say(Phrase::no_tokens_hint, style.lang), 2, style);
  if (const auto findings = finding_lines(document, style); !findings.empty())
    out += "\n" + findings;
  return out;
}

std::string list_page(const Json& document, const Style& style) {
  Table table({{"", kWhole},
               {key_word("serial", style.lang), kWhole},
               {say(Phrase::title_name, style.lang), 12},
               {key_word("pin", style.lang), 8},
               {say(Phrase::title_holder, style.lang), 12},
               {"", 0}});  // the last column would wrap; here each token keeps its one line
  for (const auto& token : list_at(document, "tokens")) {
    const Look look{token, style, std::nullopt};
    const auto state = enum_at<TokenState>(token, "state").value_or(TokenState::failed);
    const bool ready = state == TokenState::ready;
    const bool failed = at(token, "error").is_object();
    const auto level = enum_at<model::PinLevel>(at(token, "pin"), "user");
    const bool pin_good = !level || *level == model::PinLevel::ok;
    const Mark not_ready = failed ? Mark::bad : Mark::waiting;
    const Mark shown_mark = !ready ? not_ready : pin_good ? Mark::good : Mark::attention;
    const Tone tone = failed ? Tone::bad : ready && pin_good ? Tone::good : Tone::attention;
    std::string last = ready ? holder_name(look) : std::string{word(state, style.lang)};
    if (failed) last += fmt::format("{}{}", dot(style), text_at(at(token, "error"), "message"));
    table.add(
        {{std::string{mark(shown_mark, style)}, tone},
         {text_at(at(token, "token"), "serial")},
         {listed_name(at(token, "token")), Tone::strong},
         {level ? std::string{word(*level, style.lang)} : "-", pin_good ? Tone::plain : Tone::bad},
         {last, failed ? Tone::bad : Tone::plain}});
  }
  if (table.empty()) return status_page(document, style);
  return table.text(style, 0);
}

}  // namespace ukey::report
