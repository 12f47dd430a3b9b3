#include "cli/recording.hpp"

#include <utility>

#include "base/error.hpp"
#include "cli/bids.hpp"
#include "cli/context.hpp"
#include "cli/workplace.hpp"
#include "report/explanation.hpp"

namespace ukey::cli {

std::shared_ptr<ops::Recording> new_recording(const Context& context,
                                              std::shared_ptr<ledger::Book> book,
                                              model::Attempt head) {
  const auto put = [&context, book = std::move(book)](const model::Attempt& attempt) {
    if (context.arguments().flag("--dry-run")) return;
    try {
      book->record(attempt);
    } catch (const base::Error& error) {
      if (attempt.result == model::AttemptResult::running) throw;
      context.try_warn(report::error_text(error, context.style(true)));
    }
  };
  return std::make_shared<ops::Recording>(std::move(head), put, clock_now);
}

model::Attempt recorded_attempt(ledger::Book& book, const std::string& id) {
  try {
    auto* const store = book.store();
    if (auto known = store == nullptr ? std::nullopt : store->attempt(id)) return *known;
  } catch (const base::Error&) {  // what was done is on the token all the same
  }
  auto out = new_attempt(model::AttemptKind::renewal);
  out.id = id;
  return out;
}

void take_over(ops::Recording& recording, const std::vector<model::RenewalStep>& steps) {
  if (!recording.attempt().steps.empty()) return;
  for (const auto step : steps) recording.step(report::symbol(step));
}

void follow(Context& context, ops::RenewalOrder& order,
            const std::shared_ptr<ops::Recording>& recording) {
  order.attempt = recording->attempt().id;
  std::optional<base::Time> judged;
  if (order.real_time) judged = context.setting().as_of;
  recording->add_terms(order.fee_receipt, judged);
  order.seen = [recording](const model::Card& card) { recording->seen(card); };
  order.confirm = [recording, before = order.confirm](const model::Card& card) {
    if (before) before(card);
    recording->began();
  };
  if (order.bids)
    order.bids = [recording, before = order.bids](const model::Card& card) {
      auto statement = before(card);
      recording->attested(statement);
      require_none_open(statement, card);
      return statement;
    };
  order.progress = [recording, before = order.progress](model::RenewalStep step) {
    recording->step(report::symbol(step));
    if (before) before(step);
  };
}

model::RenewalJob recorded(Context& context, ops::RenewalOrder order,
                           const std::function<model::RenewalJob(const ops::RenewalOrder&)>& work) {
  const auto recording =
      new_recording(context, open_book(context), new_attempt(model::AttemptKind::renewal));
  follow(context, order, recording);
  try {
    auto job = work(order);
    recording->ended(job);
    return job;
  } catch (const base::Error& error) {
    recording->failed(error);
    throw;
  }
}

}  // namespace ukey::cli
