#include "cli/batch_run.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <filesystem>

#include "base/error.hpp"
#include "cli/batch_words.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "cli/recording.hpp"
#include "cli/renewal_order.hpp"
#include "cli/workplace.hpp"
#include "ledger/journal.hpp"
#include "ops/batch.hpp"
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
constexpr unsigned kMostSeconds = 86'400;
constexpr unsigned kUsualSeconds = 900;
constexpr unsigned kRecords = 100;  // of one attempt between two beginnings, at most

std::optional<unsigned> number_option(const Context& context, const char* option, unsigned most) {
  const auto text = context.arguments().value(option);
  if (!text) return std::nullopt;
  unsigned number = 0;
  const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
  if (read.ec != std::errc{} || read.ptr != text->data() + text->size() || number < 1 ||
      number > most)
    throw Error{Code::usage, std::string{option} + " " + *text}.because(base::Cause::bad_value);
  return number;
}

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

/// The file in --out that the requests of this token go to.
std::string request_file(const Context& context, const BatchItem& item) {
  std::string name;
  for (const char c : item.token.serial.empty() ? item.label : item.token.serial)
    name += (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') ? c : '_';
  const bool der = context.arguments().value("--format") == "der";
  return (std::filesystem::path{*context.arguments().value("--out")} /
          (name + (der ? ".der" : ".pem")))
      .string();
}

/// The attempt as the ledger has it; a new one where it has none, or is away.
model::Attempt recorded_attempt(ledger::Book& book, const std::string& id) {
  try {
    auto* const store = book.store();
    if (auto known = store == nullptr ? std::nullopt : store->attempt(id)) return *known;
  } catch (const Error&) {  // what was done is on the token all the same
  }
  return new_attempt(model::AttemptKind::renewal);
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
      pins_(context),
      book_(std::move(book)),
      screen_(context),
      limit_(number_option(context, "--item-timeout", kMostSeconds).value_or(kUsualSeconds)),
      rehearsal_(context.arguments().flag("--dry-run")) {
  (void)number_option(context, "--jobs", kMostJobs);
}

unsigned BatchRun::jobs() const {
  if (const auto said = number_option(context_, "--jobs", kMostJobs)) return *said;
  const bool together = std::ranges::all_of(
      scan_.tokens, [](const auto& token) { return token.concurrent || token.error; });
  return together ? kUsualJobs : 1;
}

ItemLaunch BatchRun::launch_of(const BatchItem& item, const ops::DraftItem& draft) {
  const auto way = pins_.way(draft.row);
  const auto& arguments = context_.arguments();
  ItemLaunch out;
  out.limit = limit_;
  out.secret = way.secret;
  out.pin_words = way.words;
  out.task.batch = item.batch;
  out.task.token = draft.sighting->token;
  out.task.slot = draft.sighting->slot;
  out.task.has_pin = way.named;
  out.task.again = !item.attempt.empty();
  out.words.push_back("--module=" + draft.sighting->token.modules.front());
  out.words.push_back("--token=" + draft.sighting->token.uri);
  const auto years = draft.row != nullptr && draft.row->years
                         ? std::optional{std::to_string(*draft.row->years)}
                         : arguments.value("--years");
  if (years) out.words.push_back("--years=" + *years);
  const bool row_says = draft.row != nullptr && draft.row->no_open_bids.has_value();
  if (row_says ? *draft.row->no_open_bids : arguments.flag("--no-open-bids"))
    out.words.emplace_back("--no-open-bids");
  if (arguments.flag("--out")) out.words.push_back("--out=" + request_file(context_, item));
  return out;
}

void BatchRun::set_up(ops::DraftItem& draft) {
  auto& item = draft.item;
  if (item.changed == base::Time{}) item.changed = clock_now();
  if (draft.verdict) item.reason = report::symbol(*draft.verdict);
  Ready ready;
  if (item.state == ItemState::waiting || item.state == ItemState::running) {
    try {
      ready.launch = launch_of(item, draft);
      item.pin_source = pins_.way(draft.row).key;
    } catch (const Error& error) {
      ready.error = error;
    }
  }
  ready_.push_back(std::move(ready));
  items_.push_back(item);
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

/// An item whose renewal was left half done counts as begun, whatever was recorded of it.
void BatchRun::take_up(BatchItem& item) {
  ops::DraftItem draft;
  draft.item = item;
  draft.sighting = ops::find_sighting(item, scan_.tokens);
  if (manifest_ && item.line) {
    const auto row = std::ranges::find(manifest_->rows, *item.line, &model::ManifestRow::line);
    if (row != manifest_->rows.end() && !row->error) draft.row = &*row;
  }
  const bool left = draft.sighting != nullptr && item.state == ItemState::failed &&
                    ledger::Journal::open(state_folder(), draft.sighting->token);
  if (left) draft.item.state = ItemState::running;
  if (draft.sighting == nullptr) {
    items_.push_back(item);
    ready_.push_back({});
    return;
  }
  set_up(draft);
}

int BatchRun::resume(model::Batch batch) {
  batch_ = std::move(batch);
  claim_.emplace(state_folder() + "/claims", batch_.id);
  scan_ = scan_tokens(context_);
  for (auto& item : book_->store()->items(batch_.id)) take_up(item);
  const auto before = ops::summary_of(items_);
  screen_.started(batch_, before.left, jobs());
  return carry_out();
}

model::ItemEnd BatchRun::settled(const BatchItem& item, const Error& error) {
  const std::lock_guard guard{book_guard_};
  auto attempt = recorded_attempt(*book_, item.attempt);
  attempt.id = item.attempt;
  attempt.batch = item.batch;
  attempt.token = item.token;
  attempt.label = item.label;
  attempt.revision = std::max(attempt.revision, (item.revision + 1) * kRecords - 1);
  const auto recording = new_recording(context_, book_, std::move(attempt));
  return ops::settle_item(state_folder(), ready_[item.number - 1].launch->task.token, error,
                          *recording);
}

model::ItemEnd BatchRun::work(const BatchItem& item, bool withdrawn,
                              const std::function<void(model::RenewalStep)>& progress) {
  const auto& ready = ready_[item.number - 1];
  if (ready.error) throw Error{*ready.error};
  if (!ready.launch) {  // it is not here: a resume may find it
    model::ItemEnd out;
    out.state = ItemState::waiting;
    out.reason = report::symbol(model::PlanVerdict::not_present);
    return out;
  }
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
  } catch (const Error& error) {
    return settled(item, error);
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
