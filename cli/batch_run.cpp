#include "cli/batch_run.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>

#include "base/error.hpp"
#include "cli/batch_words.hpp"
#include "cli/context.hpp"
#include "cli/number_option.hpp"
#include "cli/places.hpp"
#include "cli/recording.hpp"
#include "cli/renewal_order.hpp"
#include "cli/workplace.hpp"
#include "ops/batch.hpp"
#include "ops/batch_history.hpp"
#include "ops/item.hpp"
#include "ops/manifest.hpp"
#include "report/batch.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using base::Code;
using base::Error;
using model::BatchItem;
using model::ItemState;

constexpr int kSomeFailed = 10;
constexpr unsigned kMostJobs = 64;
constexpr unsigned kUsualJobs = 8;  // where the tokens' profiles allow several at once
constexpr unsigned kLongestItem = 86'400;
constexpr unsigned kUsualSeconds = 900;
constexpr unsigned kRecords = 100;  // of one attempt between two beginnings, at most

std::optional<model::Manifest> manifest_of(Context& context) {
  const auto file = context.arguments().value("--manifest");
  if (!file) return std::nullopt;
  return ops::read_manifest(*file, context.platform());
}

/// What options alone can make impossible comes out before any token is looked at.
void check_options(Context& context) {
  const auto order = renewal_order(context);
  if (context.arguments().value("--via") == "file" && !context.arguments().flag("--out"))
    throw Error{Code::usage, "--out DIR"}.because(base::Cause::missing_word);
}

/// What another resume may take up.
model::ItemEnd left(std::string_view reason) {
  model::ItemEnd out;
  out.state = ItemState::waiting;
  out.reason = reason;
  return out;
}

model::ItemEnd end_of(const ops::DraftItem& draft) {
  model::ItemEnd out;
  out.state = draft.item.state;
  out.reason = draft.item.reason;
  out.error = draft.error;
  return out;
}

}  // namespace

BatchRun::BatchRun(Context& context, std::shared_ptr<ledger::Book> book)
    : context_(context),
      manifest_((check_options(context), manifest_of(context))),
      pins_(context, manifest_),
      book_(std::move(book)),
      screen_(context),
      limit_(number_option(context.arguments(), "--item-timeout", 1, kLongestItem)
                 .value_or(kUsualSeconds)),
      rehearsal_(context.arguments().flag("--dry-run")) {
  (void)number_option(context.arguments(), "--jobs", 1, kMostJobs);
}

unsigned BatchRun::jobs() const {
  if (const auto said = number_option(context_.arguments(), "--jobs", 1, kMostJobs)) return *said;
  const bool together = std::ranges::all_of(
      scan_.tokens, [](const auto& token) { return token.concurrent || token.error; });
  return together ? kUsualJobs : 1;
}

int BatchRun::begin() {
  batch_.id = ledger::new_id();
  claim_.emplace(state_folder() + "/claims", batch_.id);
  batch_.host = host_name();
  batch_.user = user_name();
  batch_.begun = clock_now();
  batch_.revision = 1;
  batch_.options = remembered_words(context_);
  scan_ = scan_tokens(context_);
  auto drafts = ops::draft_items(scan_.tokens, manifest_, batch_.id);
  if (context_.arguments().flag("--token"))  // of the rows only those that are of it
    std::erase_if(
        drafts, [](const auto& draft) { return draft.verdict == model::PlanVerdict::not_present; });
  if (drafts.empty())
    throw Error{Code::no_token, context_.arguments().value("--token").value_or("")};
  for (auto& draft : drafts) set_up(draft);
  std::vector<ledger::Entry> entries{batch_};
  entries.insert(entries.end(), items_.begin(), items_.end());
  if (!rehearsal_) book_->record(entries);
  screen_.started(batch_, items_.size(), jobs());
  tell_ended(drafts);
  return carry_out();
}

void BatchRun::tell_ended(const std::vector<ops::DraftItem>& drafts) {
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const auto state = items_[i].state;
    if (state == ItemState::waiting || state == ItemState::running) continue;
    auto end = end_of(drafts[i]);
    end.reason = items_[i].reason;
    screen_.ended(items_[i], end, false);
  }
}

/// What processes of the batch recorded while nobody recorded it of the batch.
void BatchRun::learn(std::vector<BatchItem>& items) {
  ledger::AttemptQuery query;
  query.batch = batch_.id;
  query.limit = std::numeric_limits<std::int32_t>::max();
  const auto attempts = book_->store()->attempts(query);
  const auto before = items;
  ops::recall(items, attempts);
  std::vector<ledger::Entry> entries;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].state == before[i].state) continue;
    items[i].changed = clock_now();
    ++items[i].revision;
    entries.emplace_back(items[i]);
  }
  if (ops::withdraw_failed(batch_, items, attempts)) {
    ++batch_.revision;
    entries.emplace_back(batch_);
  }
  if (!entries.empty() && !rehearsal_) book_->record(entries);
}

int BatchRun::resume(model::Batch batch) {
  batch_ = std::move(batch);
  claim_.emplace(state_folder() + "/claims", batch_.id);
  scan_ = scan_tokens(context_);
  const auto zone = context_.platform().zone;
  same_day_ = base::date_in(batch_.begun, zone) == base::date_in(context_.now(), zone);
  auto items = book_->store()->items(batch_.id);
  learn(items);
  for (const auto& item : items) take_up(item);
  const auto before = ops::summary_of(items_);
  screen_.started(batch_, before.left, jobs());
  return carry_out();
}

const BatchRun::Ready& BatchRun::ready_of(const BatchItem& item) const {
  const auto at = std::ranges::find(items_, item.number, &BatchItem::number);
  return ready_[static_cast<std::size_t>(at - items_.begin())];
}

/// Goes on with what is recorded of the item's attempt.
std::shared_ptr<ops::Recording> BatchRun::recording_of(const BatchItem& item) {
  auto attempt = recorded_attempt(*book_, item.attempt);
  attempt.batch = item.batch;
  attempt.token = item.token;
  attempt.label = item.label;
  attempt.revision = std::max(attempt.revision, (item.revision + 1) * kRecords - 1);
  return new_recording(context_, book_, std::move(attempt));
}

/// An item that could not be given to a child.
model::ItemEnd BatchRun::unready(const BatchItem& item, const Error& error) {
  const std::lock_guard guard{book_guard_};
  recording_of(item)->failed(error);
  throw Error{error};
}

model::ItemEnd BatchRun::settled(const BatchItem& item, const ItemDied& death) {
  const std::lock_guard guard{book_guard_};
  const auto recording = recording_of(item);
  take_over(*recording, death.steps);
  auto out =
      ops::settle_item(state_folder(), ready_of(item).launch->task.token, death.error, *recording);
  out.pin_unproven = out.pin_unproven || death.pin_in_doubt;
  return out;
}

model::ItemEnd BatchRun::work(const BatchItem& item, bool withdrawn,
                              const std::function<void(model::RenewalStep)>& progress) {
  const auto& ready = ready_of(item);
  if (ready.error) return unready(item, *ready.error);
  if (!ready.launch) return left(ready.missing);
  auto launch = *ready.launch;
  launch.task.attempt = item.attempt;
  launch.task.revision = item.revision * kRecords;
  if (withdrawn) {
    launch.pin_words.clear();
    launch.secret = nullptr;
    launch.task.has_pin = false;
    launch.task.withdrawn = true;
  }
  try {
    return run_item(context_, launch, progress);
  } catch (const ItemDied& death) {
    if (launch.task.again && death.error.code() == Code::busy)
      return left(base::name(Code::busy));  // who has it records what becomes of it
    return settled(item, death);
  }
}

int BatchRun::carry_out() {
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  context_.soften_interrupt([stop, this] {
    *stop = true;
    screen_.stopping();
  });
  ops::BatchHooks hooks;
  hooks.launch = [this](const auto& item, bool withdrawn, const auto& progress) {
    return work(item, withdrawn, progress);
  };
  hooks.record = [this](const ledger::Entry& entry) {
    const std::lock_guard guard{book_guard_};
    if (!rehearsal_) book_->record(entry);
  };
  hooks.new_id = ledger::new_id;
  hooks.clock = clock_now;
  hooks.stopping = [stop] { return stop->load(); };
  hooks.began = [this](const auto& item) { screen_.began(item); };
  hooks.progressed = [this](const auto& item, auto step) { screen_.progressed(item, step); };
  hooks.ended = [this](const auto& item, const auto& end) { screen_.ended(item, end, true); };
  const auto summary = ops::carry_out(batch_, items_, jobs(), hooks);
  (void)book_->flush();
  screen_.summed(batch_, summary);
  if (*stop && summary.left > 0) return base::exit_status(Code::interrupted);
  return summary.failed + summary.left > 0 ? kSomeFailed : 0;
}

}  // namespace ukey::cli
