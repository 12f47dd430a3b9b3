#include "ops/plan.hpp"

#include <utility>
#include <vector>

#include "ledger/journal.hpp"
#include "ops/card.hpp"
#include "policy/matching.hpp"
#include "policy/plan.hpp"

namespace ukey::ops {

namespace {

using model::ManifestRow;
using model::PlanItem;
using model::PlanVerdict;

/// What is said of a token that is there but cannot be worked with.
std::optional<base::Error> why_unknown(const model::Card& card) {
  if (card.error) return card.error;
  if (card.state == model::TokenState::ready) return std::nullopt;
  return base::Error{base::Code::token_unusable, card.token.serial};
}

class Planner {
 public:
  Planner(const Bench& bench, const PlanOptions& options, bool with_manifest)
      : bench_(bench), options_(options), with_manifest_(with_manifest) {}

  /// The item of `row`, of `card`, or of both.
  [[nodiscard]] PlanItem item(const ManifestRow* row, const policy::RowMatch& match,
                              model::Card* card) const {
    PlanItem out;
    if (row != nullptr) {
      out.line = row->line;
      out.selector = row->serial.empty() ? row->label : row->serial;
      out.by_serial = !row->serial.empty();
      out.note = row->note;
      out.error = row->error;
    }
    policy::PlanFacts facts;
    facts.row = row;
    facts.row_needed = with_manifest_;
    facts.fits = match.fits;
    facts.repeated = match.repeated;
    facts.has_pin =
        options_.has_pin || (row != nullptr && !(row->pin_file.empty() && row->pin_env.empty()));
    facts.use_final_try = bench_.use_final_try;
    if (card != nullptr) add_card(out, facts, *card);
    out.verdict = policy::plan_verdict(facts);
    if (card != nullptr) out.card = std::move(*card);
    return out;
  }

 private:
  void add_card(PlanItem& item, policy::PlanFacts& facts, model::Card& card) const {
    facts.card = &card;
    facts.interrupted = interrupted(item, card);
    if (item.selector.empty()) {
      item.selector = card.token.selector;
      item.by_serial = item.selector == card.token.serial;
    }
    if (const auto why = why_unknown(card)) item.error = why;
  }

  /// A record that cannot be read bars the token as well: nobody knows what was begun.
  [[nodiscard]] bool interrupted(PlanItem& item, const model::Card& card) const {
    if (bench_.state_folder.empty() || card.state != model::TokenState::ready) return false;
    try {
      return ledger::Journal::open(bench_.state_folder, card).has_value();
    } catch (const base::Error& error) {
      item.error = error;
      return true;
    }
  }

  const Bench& bench_;
  const PlanOptions& options_;
  bool with_manifest_;
};

bool initialised(const model::Card& card) { return card.state != model::TokenState::uninitialised; }

std::vector<const model::TokenRef*> names_of(const std::vector<model::Card>& cards) {
  std::vector<const model::TokenRef*> out;
  for (const auto& card : cards) out.push_back(&card.token);
  return out;
}

/// The rows in their order; marks the cards that a row fits.
void plan_rows(const Bench& bench, const Planner& planner, const std::vector<ManifestRow>& rows,
               std::vector<model::Card>& cards, std::vector<bool>& named,
               std::vector<PlanItem>& items) {
  const auto matches = policy::match_rows(rows, names_of(cards));
  items.reserve(rows.size() + cards.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& match = matches[i];
    if (bench.selector && match.fits == 0 && !rows[i].error) continue;  // of another token
    const bool first = match.fits == 1 && !match.repeated;
    if (first) named[match.token] = true;
    items.push_back(planner.item(&rows[i], match, first ? &cards[match.token] : nullptr));
  }
}

}  // namespace

model::Plan make_plan(const SharedBench& bench, const std::optional<model::Manifest>& manifest,
                      const PlanOptions& options) {
  auto without_login = std::make_shared<Bench>(*bench);
  without_login->pin = nullptr;
  auto survey = read_cards(without_login, Depth::labels, true);
  std::vector<const model::Card*> cards;
  for (const auto& card : survey.cards) cards.push_back(&card);
  model::Plan out;
  out.masters = masters_among(cards, bench->as_of, options.remembered);
  out.modules = std::move(survey.modules);
  const Planner planner{*bench, options, manifest.has_value()};
  std::vector<bool> named(survey.cards.size());
  if (manifest) plan_rows(*bench, planner, manifest->rows, survey.cards, named, out.items);
  for (std::size_t i = 0; i < named.size(); ++i)
    if (!named[i] && initialised(survey.cards[i]))
      out.items.push_back(planner.item(nullptr, {1, i, false}, &survey.cards[i]));
  if (out.items.empty() && (!manifest || bench->selector)) throw no_token(*bench);
  return out;
}

}  // namespace ukey::ops
