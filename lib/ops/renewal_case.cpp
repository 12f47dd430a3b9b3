#include "ops/renewal_case.hpp"

#include <algorithm>

#include "ops/card.hpp"
#include "ops/installation.hpp"
#include "ops/issuance.hpp"
#include "p11/removal.hpp"

namespace ukey::ops {

namespace {

using base::Code;
using base::Error;
using ledger::Stage;
using model::Generation;
using model::RenewalStep;
using model::Verdict;

Code refusal_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::no_certificate:
      return Code::not_found;
    case Verdict::ca_not_renewable:
      return Code::ca_not_renewable;
    case Verdict::revoked:
      return Code::certificate_unfit;
    case Verdict::not_yet_valid:
    case Verdict::expired:
    case Verdict::too_early:
    case Verdict::open:
      break;
  }
  return Code::window_closed;
}

bool called_for(RenewalStep step, const RenewalOrder& order) {
  if (step == RenewalStep::key_pair) return order.new_keys;
  return step != RenewalStep::retire || order.remove_former;
}

SharedCase found(const SharedBench& bench, const RenewalOrder& order,
                 std::initializer_list<RenewalStep> steps) {
  auto out = std::make_shared<RenewalCase>();
  out->bench = bench;
  out->order = order;
  out->token = only_token(bench);
  out->token.claim = claimed(*bench, out->token);
  out->job.token = out->token.ref;
  for (const auto step : steps)
    if (called_for(step, order)) out->job.steps.push_back({step, false});
  return out;
}

model::Card card_of(const SharedBench& bench, const Present& token) {
  auto without_login = std::make_shared<Bench>(*bench);
  without_login->pin = nullptr;
  auto card = read_card(without_login, token, Depth::labels);
  if (card.error) throw Error{*card.error};
  return card;
}

/// By how far the journal is, where nobody has looked at the token since.
Generation generation_at(const std::optional<ledger::Journal>& journal) {
  if (!journal) return Generation::former;
  switch (journal->record().stage) {
    case Stage::begun:
    case Stage::submitted:
    case Stage::handed_over:
    case Stage::undone:
      return Generation::former;
    case Stage::renewed:
      return Generation::renewed;
    case Stage::answered:
    case Stage::committed:
    case Stage::lost:
      break;
  }
  return Generation::unknown;
}

/// A key pair that the CA may have certified by now must not go because something else failed.
bool may_be_certified(const ledger::Record& record) {
  return record.stage == Stage::submitted &&
         std::ranges::any_of(record.items, &ledger::Item::new_key);
}

void take_back(RenewalCase& renewal, const Visit& visit) {
  if (!renewal.journal) return;
  const auto stage = renewal.journal->record().stage;
  if (ledger::is_over(stage) || stage == Stage::committed) return;
  if (may_be_certified(renewal.journal->record())) return;
  try {
    Installation work{visit, *renewal.journal, renewal.bench->clock, {}};
    work.undo();
    renewal.job.leftovers = work.leftovers();
    renewal.job.generation = work.generation();
  } catch (const Error& error) {  // the journal stays open: a resume takes it back
    if (p11::is_loss(error)) throw;
  }
}

/// Throws token_removed when another token has taken the place of this one while something was
/// asked: where the names do not tell them apart, the certificates do, before a PIN is sent.
void require_unswapped(const RenewalCase& renewal) {
  const auto& info = renewal.token.info;
  if (model::is_telling(info.serial) && !info.serial_shared) return;
  auto without_login = *renewal.bench;
  without_login.pin = nullptr;
  const Visit visit{without_login, renewal.token};
  (void)read_again(renewal, visit);
}

/// The whole of the work, on the module's thread.
struct CaseWork {
  SharedCase renewal;
  std::function<void(const Visit&)> steps;

  void operator()() const {
    require_unswapped(*renewal);
    const Visit visit{*renewal->bench, renewal->token, Access::read_write};
    renewal->done(RenewalStep::login);
    try {
      steps(visit);
    } catch (const Error&) {
      take_back(*renewal, visit);
      throw;
    }
  }
};

bool logged_in(const model::RenewalJob& job) {
  return std::ranges::any_of(job.steps, [](const model::RenewalStepRow& row) {
    return row.step == RenewalStep::login && row.done;
  });
}

}  // namespace

void RenewalCase::done(RenewalStep step) {
  for (auto& row : job.steps)
    if (row.step == step) row.done = true;
  if (order.progress) order.progress(step);
}

ledger::Record RenewalCase::record() const {
  ledger::Record out;
  out.manufacturer = token.info.manufacturer;
  out.model = token.info.model;
  out.serial = token.info.serial;
  out.label = token.info.label;
  out.ca = card.ca.id;
  out.begun = out.changed = now();
  out.real_time = order.real_time;
  if (job.way) out.way = *job.way;
  out.years = order.years;
  out.remove_former = order.remove_former;
  out.bids = job.bids;
  out.fee_receipt = order.fee_receipt;
  out.attempt = order.attempt;
  return out;
}

const model::CaProfile* RenewalCase::ca() const {
  const auto& cas = bench->profiles->cas;
  const auto row = std::ranges::find(cas, card.ca.id, &model::CaProfile::id);
  return row == cas.end() ? nullptr : &*row;
}

SharedCase open_case(const SharedBench& bench, const RenewalOrder& order,
                     std::initializer_list<RenewalStep> steps) {
  auto out = found(bench, order, steps);
  out->card = card_of(bench, out->token);
  out->journal = ledger::Journal::open(bench->state_folder, out->card);
  out->job.holder = out->card.holder;
  out->job.ca = out->card.ca;
  out->job.renewal = out->card.renewal;
  if (order.seen) order.seen(out->card);
  return out;
}

void require_no_journal(const RenewalCase& renewal) {
  if (renewal.journal)
    throw Error{Code::busy, renewal.subject()}.because(base::Cause::renewal_waits);
}

void require_open(const RenewalCase& renewal) {
  const auto verdict = renewal.card.renewal.verdict;
  if (verdict == Verdict::open) return;
  const Error refusal{refusal_of(verdict), renewal.subject()};
  if (verdict == Verdict::no_certificate) throw refusal.because(base::Cause::no_certificate);
  throw Error{refusal};
}

model::RenewalJob worked(const SharedCase& renewal, std::function<void(const Visit&)> work) {
  try {
    supervised_on<void>(renewal->bench, renewal->token, CaseWork{renewal, std::move(work)});
  } catch (const Error& error) {
    if (!logged_in(renewal->job)) throw;
    renewal->job.result = model::RenewalResult::failed;
    renewal->job.error = error;
  }
  auto out = renewal->job;
  if (!out.generation) out.generation = generation_at(renewal->journal);
  out.resume_due = renewal->journal && !ledger::is_over(renewal->journal->record().stage);
  return out;
}

}  // namespace ukey::ops
