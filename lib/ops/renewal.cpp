#include "ops/renewal.hpp"

#include <algorithm>

#include "ops/installation.hpp"
#include "ops/issuance.hpp"
#include "ops/renewal_case.hpp"
#include "ops/renewal_record.hpp"
#include "x509/certificate.hpp"

namespace ukey::ops {

namespace {

using base::Bytes;
using ledger::Stage;
using model::RenewalJob;
using model::RenewalResult;
using model::RenewalStep;

/// The bid question and the last word before anything is done.
void ask(RenewalCase& renewal) {
  renewal.done(RenewalStep::verdict);
  if (renewal.order.bids) renewal.job.bids = renewal.order.bids(renewal.card);
  renewal.done(RenewalStep::bids);
  if (renewal.order.confirm) renewal.order.confirm(renewal.card);
}

/// What is known of the token is told, however the work ends.
void carry_out(RenewalCase& renewal, Installation& work, void (Installation::*what)()) {
  try {
    (work.*what)();
  } catch (const base::Error&) {
    renewal.job.generation = work.generation();
    throw;
  }
  renewal.job.leftovers = work.leftovers();
  renewal.job.generation = work.generation();
}

void install(RenewalCase& renewal, const Visit& visit) {
  Installation work{visit, *renewal.journal, renewal.bench->clock,
                    [&renewal](RenewalStep step) { renewal.done(step); }};
  carry_out(renewal, work, &Installation::finish);
  for (auto& row : renewal.job.certificates)
    for (const auto& item : renewal.journal->record().items)
      if (row.fresh && item.fresh == row.fresh->der)
        row.former_removed = !item.former.empty() && !work.holds(item.former);
  renewal.job.result = RenewalResult::renewed;
}

void undo(RenewalCase& renewal, const Visit& visit) {
  Installation work{visit, *renewal.journal, renewal.bench->clock, {}};
  carry_out(renewal, work, &Installation::undo);
  renewal.job.result = RenewalResult::undone;
}

void record_answer(RenewalCase& renewal, std::vector<ledger::Item> items) {
  auto record = renewal.journal ? renewal.journal->record() : renewal.record();
  record.items = std::move(items);
  record.stage = Stage::answered;
  record.changed = renewal.now();
  if (renewal.journal)
    renewal.journal->put(record);
  else
    renewal.journal = ledger::Journal::begin(renewal.bench->state_folder, record);
}

void submit_and_install(RenewalCase& renewal, const Visit& visit,
                        const std::vector<model::CertificateRow>& rows) {
  const auto issued = ask_ca(renewal, visit, rows);
  require_untouched(renewal, visit, rows);
  record_answer(renewal, judge_issued(renewal, visit, rows, issued, false));
  install(renewal, visit);
}

/// The record ends before the requests leave our hands: once they are out, a new key pair stays.
void hand_over(RenewalCase& renewal, const Visit& visit) {
  auto record = renewal.journal->record();
  record.stage = Stage::handed_over;
  record.changed = renewal.now();
  renewal.journal->put(record);
  try {
    renewal.order.deliver(renewal.job.requests);
  } catch (const base::Error&) {
    undo(renewal, visit);
    throw;
  }
  renewal.job.result = RenewalResult::requested;
}

/// Whether the resume goes on to the end, not back.
bool goes_on(const RenewalCase& renewal) {
  const auto stage = renewal.journal->record().stage;
  if (renewal.order.undo) return false;
  return stage == Stage::submitted || stage == Stage::answered || stage == Stage::committed;
}

/// What a renewal asks before it does anything holds for the rest of that day; after it, and before
/// the CA is asked again, the rules and the holder are asked anew.
void ask_again(RenewalCase& renewal) {
  const auto& record = renewal.journal->record();
  if (!goes_on(renewal) || record.stage == Stage::committed) return;
  if (record.stage == Stage::submitted && record.answer.empty()) require_open(renewal);
  const auto zone = renewal.bench->platform->zone;
  const auto today = renewal.order.real_time.value_or(renewal.now());
  const bool holds =
      record.bids && base::date_in(record.bids->at, zone) == base::date_in(today, zone);
  if (holds || !renewal.order.bids) return;
  renewal.job.bids = renewal.order.bids(renewal.card);
  auto asked = record;
  asked.bids = renewal.job.bids;
  renewal.journal->put(asked);
}

void resume(RenewalCase& renewal, const Visit& visit) {
  if (!goes_on(renewal)) return undo(renewal, visit);
  if (renewal.journal->record().stage == Stage::submitted)
    return submit_and_install(renewal, visit, read_again(renewal, visit));
  install(renewal, visit);
}

/// What the journal knows, for the document of a resume.
void show_record(RenewalCase& renewal) {
  require_sound(*renewal.journal);
  const auto& record = renewal.journal->record();
  renewal.job.bids = record.bids;
  renewal.job.way = record.way;
  for (const auto& item : record.items) {
    model::SuccessionRow row;
    row.role = item.role;
    row.key_id = base::hex(item.key_id);
    row.new_key = item.new_key;
    row.was_there = item.was_there;
    if (!item.former.empty()) row.former = x509::parse_certificate(item.former);
    if (!item.fresh.empty()) row.fresh = x509::parse_certificate(item.fresh);
    renewal.job.certificates.push_back(std::move(row));
  }
  std::vector<Bytes> held;
  for (const auto& row : renewal.card.certificates) held.push_back(row.certificate.der);
  renewal.job.generation = generation_of(record, held);
  renewal.job.resume_due = true;
}

RenewalJob plain(const SharedCase& renewal, RenewalResult result) {
  renewal->job.result = result;
  if (result == RenewalResult::not_due) renewal->job.generation = model::Generation::former;
  return renewal->job;
}

}  // namespace

RenewalJob request_renewal(const SharedBench& bench, const RenewalOrder& order) {
  const auto renewal = open_case(bench, order,
                                 {RenewalStep::verdict, RenewalStep::bids, RenewalStep::login,
                                  RenewalStep::key_pair, RenewalStep::request});
  require_no_journal(*renewal);
  require_open(*renewal);
  ask(*renewal);
  return worked(renewal, [renewal](const Visit& visit) {
    make_requests(*renewal, visit, read_again(*renewal, visit));
    if (renewal->order.dry_run)
      renewal->job.result = RenewalResult::not_tried;
    else
      hand_over(*renewal, visit);
  });
}

RenewalJob install_certificates(const SharedBench& bench, const RenewalOrder& order,
                                std::vector<Bytes> issued) {
  const auto renewal =
      open_case(bench, order,
                {RenewalStep::bids, RenewalStep::login, RenewalStep::judge, RenewalStep::write,
                 RenewalStep::read_back, RenewalStep::key_test, RenewalStep::retire});
  require_no_journal(*renewal);
  ask(*renewal);
  return worked(renewal, [renewal, issued = std::move(issued)](const Visit& visit) {
    const auto rows = read_again(*renewal, visit);
    auto items = judge_issued(*renewal, visit, rows, issued, true);
    if (renewal->order.dry_run) {
      renewal->job.result = RenewalResult::not_tried;
      return;
    }
    record_answer(*renewal, std::move(items));
    install(*renewal, visit);
  });
}

RenewalJob run_renewal(const SharedBench& bench, const RenewalOrder& order) {
  const auto renewal =
      open_case(bench, order,
                {RenewalStep::verdict, RenewalStep::bids, RenewalStep::login, RenewalStep::key_pair,
                 RenewalStep::request, RenewalStep::submit, RenewalStep::judge, RenewalStep::write,
                 RenewalStep::read_back, RenewalStep::key_test, RenewalStep::retire});
  require_no_journal(*renewal);
  if (order.if_due && renewal->card.renewal.verdict == model::Verdict::too_early)
    return plain(renewal, RenewalResult::not_due);
  require_open(*renewal);
  renewal->job.way = order.way(renewal->card, renewal->ca());
  ask(*renewal);
  return worked(renewal, [renewal](const Visit& visit) {
    const auto rows = read_again(*renewal, visit);
    make_requests(*renewal, visit, rows);
    if (renewal->order.dry_run)
      renewal->job.result = RenewalResult::not_tried;
    else if (renewal->job.way->service.via == model::Route::file)
      hand_over(*renewal, visit);
    else
      submit_and_install(*renewal, visit, rows);
  });
}

RenewalJob resume_renewal(const SharedBench& bench, const RenewalOrder& order) {
  const auto renewal =
      open_case(bench, order,
                {RenewalStep::login, RenewalStep::submit, RenewalStep::judge, RenewalStep::write,
                 RenewalStep::read_back, RenewalStep::key_test, RenewalStep::retire});
  if (!renewal->journal) return plain(renewal, RenewalResult::nothing_to_resume);
  show_record(*renewal);
  if (order.dry_run) return plain(renewal, RenewalResult::not_tried);
  ask_again(*renewal);
  if (order.confirm) order.confirm(renewal->card);
  return worked(renewal, [renewal](const Visit& visit) { resume(*renewal, visit); });
}

}  // namespace ukey::ops
