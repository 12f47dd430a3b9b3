#include "cli/watch_renewal.hpp"

#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "cli/bids.hpp"
#include "cli/context.hpp"
#include "cli/pin_source.hpp"
#include "cli/places.hpp"
#include "cli/recording.hpp"
#include "cli/renewal_order.hpp"
#include "cli/workplace.hpp"
#include "ops/item.hpp"
#include "report/batch.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using base::Code;
using base::Error;

constexpr std::chrono::seconds kLimit{900};
constexpr unsigned kMostRecords = 1'000;  // of one attempt, by its child: more than there can be

bool bears(const model::Card& card, const model::CertificateMark& mark) {
  return std::ranges::any_of(card.certificates, [&mark](const model::CertificateRow& row) {
    return !mark.sha256.empty() && row.certificate.sha256 == mark.sha256;
  });
}

}  // namespace

WatchRenewal::WatchRenewal(Context& context)
    : context_(context), book_(open_book(context)), pins_(context, std::nullopt) {
  (void)renewal_order(context);  // what options alone make impossible comes out now
}

bool WatchRenewal::handled(const model::Card& card) {
  auto* const store = book_->store();
  if (store == nullptr) return false;
  const auto zone = context_.platform().zone;
  ledger::AttemptQuery query;
  query.token = card.token.identity();
  query.result = model::AttemptResult::renewed;
  query.since = base::start_of(base::date_in(clock_now(), zone), zone);
  try {
    return std::ranges::any_of(store->attempts(query), [&card](const model::Attempt& attempt) {
      return std::ranges::any_of(attempt.certificates,
                                 [&](const auto& row) { return bears(card, row.fresh); });
    });
  } catch (const Error& error) {
    context_.try_warn(report::unasked_ledger_note(error, context_.style(true)));
    return false;  // the renewal window keeps it from being renewed twice
  }
}

PinWay WatchRenewal::pin_of(const ops::Present& token) {
  auto way = pins_.way(nullptr);
  if (!way.named) {
    const auto asked = pin_source(context_, PinFamily::user, true);
    way = {{"--pin-stdin"}, std::make_shared<const base::Secret>(asked(token.info)), "", true};
  }
  if (withdrawn_.contains(way.key))
    throw Error{Code::pin_not_sent, token.ref.label}.because(base::Cause::source_withdrawn);
  return way;
}

/// The end of the child, also of one that dies.
model::ItemEnd WatchRenewal::ended(const ItemLaunch& launch, const model::BidStatement& bids,
                                   const std::function<void(model::RenewalStep)>& progress) {
  try {
    return run_item(context_, launch, progress);
  } catch (const ItemDied& death) {
    auto attempt = recorded_attempt(*book_, launch.task.attempt);
    attempt.revision = std::max(attempt.revision, kMostRecords);
    const auto recording = new_recording(context_, book_, std::move(attempt));
    recording->seen(launch.task.token);
    if (!recording->attempt().bids) recording->attested(bids);
    take_over(*recording, death.steps);
    auto out = ops::settle_item(state_folder(), launch.task.token, death.error, *recording);
    out.pin_unproven = out.pin_unproven || death.pin_in_doubt;
    return out;
  }
}

/// Nobody may hear it: what that throws would end the child in the middle of its work.
void WatchRenewal::tell(const model::BatchItem& item, model::RenewalStep step) const {
  if (!context_.json()) {
    if (!context_.quiet()) context_.try_warn(report::progress_note(step, context_.style(true)));
    return;
  }
  const auto event = report::describe_item_progress(item, step, context_.report_options());
  try {
    put(context_.out(), report::json_line(event), false);
  } catch (const Error&) {  // the end of the work says so
  }
}

model::ItemEnd WatchRenewal::work(const model::BatchItem& item, const ops::Arrival& arrival) {
  const auto statement = bid_statement(context_, arrival.card);
  require_none_open(statement, arrival.card);
  const auto way = pin_of(arrival.token);
  ItemLaunch launch;
  launch.limit = kLimit;
  launch.pin_words = way.words;
  launch.secret = way.secret;
  launch.task.attempt = item.attempt;
  launch.task.token = arrival.token.ref;
  launch.task.slot = arrival.token.slot;
  for (const auto& row : arrival.card.certificates)
    if (!row.error) launch.task.certificates.push_back(row.certificate.sha256);
  launch.task.has_pin = true;
  launch.task.typed = statement.typed;
  launch.words.push_back("--module=" + arrival.token.ref.modules.front());
  launch.words.push_back("--token=" + arrival.token.ref.uri);
  if (statement.answer == model::BidAnswer::none_open) launch.words.emplace_back("--no-open-bids");
  if (const auto years = context_.arguments().value("--years"))
    launch.words.push_back("--years=" + *years);
  const auto progress = [&](model::RenewalStep step) { tell(item, step); };
  const auto end = ended(launch, statement, progress);
  if (end.pin_unproven && !way.key.empty()) withdrawn_.insert(way.key);
  return end;
}

void WatchRenewal::show(const model::BatchItem& item, const model::ItemEnd& end) {
  if (context_.json())
    return put(context_.out(),
               report::json_line(report::describe_item_end(item, end, context_.report_options())),
               false);
  const auto style = context_.style();
  put(context_.out(), report::item_line(item, end, count_, 0, style), true);
  if (end.error) put(STDERR_FILENO, report::item_failure(end, context_.style(true)), true);
  if (end.state == model::ItemState::renewed)
    put(context_.out(), report::take_out_note(style), true);
}

void WatchRenewal::tell_handled(const model::Card& card) const {
  if (!context_.json())
    return context_.note(report::handled_note(card.token.label, context_.style(true)));
  const model::Sighting sighting{model::WatchEvent::handled, context_.now(), card, {}};
  put(context_.out(),
      report::json_line(
          report::describe_sighting(sighting, clock_now(), context_.report_options())),
      false);
}

void WatchRenewal::arrived(const ops::Arrival& arrival) {
  const auto& card = arrival.card;
  if (card.error) return;  // its card says it
  if (arrival.handled) return tell_handled(card);
  if (card.renewal.verdict != model::Verdict::open) return;  // its card says it
  if (arrival.was_in && !context_.arguments().flag("--allow-inserted"))
    return context_.note(report::inserted_note(card.token.label, context_.style(true)));
  model::BatchItem item;
  item.number = ++count_;
  item.attempt = ledger::new_id();
  item.token = card.token.identity();
  item.selector = card.token.selector;
  item.label = card.token.label;
  item.holder = card.holder.organisation.value_or(card.holder.name.value_or(""));
  try {
    show(item, work(item, arrival));
  } catch (const Error& error) {
    if (error.code() == Code::interrupted) throw;
    show(item, ops::failed_end(error));
  }
}

}  // namespace ukey::cli
