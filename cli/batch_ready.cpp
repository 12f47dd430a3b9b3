// What an item of a batch needs to be begun: its token, its PIN, its answer about bids.
#include <algorithm>
#include <cctype>
#include <filesystem>

#include "base/error.hpp"
#include "cli/batch_run.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "ledger/journal.hpp"
#include "ops/batch_history.hpp"
#include "report/words.hpp"

namespace ukey::cli {

namespace {

using base::Error;
using model::BatchItem;
using model::ItemState;

/// The file in --out that the requests of this token go to. A serial number that is not its alone
/// would name the file of another one too.
std::string request_file(const Context& context, const BatchItem& item,
                         const model::TokenRef& token) {
  auto whole = token.serial.empty() ? token.label : token.serial;
  if (token.selector != token.serial) whole += "-" + std::to_string(item.number);
  std::string name;
  for (const char c : whole)
    name += (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-') ? c : '_';
  const bool der = context.arguments().value("--format") == "der";
  return (std::filesystem::path{*context.arguments().value("--out")} /
          (name + (der ? ".der" : ".pem")))
      .string();
}

/// True when this row of a manifest is of the item's token.
bool is_of(const model::ManifestRow& row, const BatchItem& item) {
  return !row.error && (row.serial.empty() || row.serial == item.token.serial) &&
         (row.label.empty() || row.label == item.label);
}

/// Whether the attempt was renewed, by its journal: it has only to be recorded.
bool renewed_before(const BatchItem& item, const model::TokenRef& token) {
  if (item.attempt.empty()) return false;
  const auto record = ledger::Journal::of_attempt(state_folder(), token, item.attempt);
  return record && record->stage == ledger::Stage::renewed;
}

bool begun_or_waits(const BatchItem& item) {
  return item.state == ItemState::waiting || item.state == ItemState::running;
}

}  // namespace

bool BatchRun::says_no_bids(const model::ManifestRow* row) const {
  if (row != nullptr && row->no_open_bids == false) return false;
  if (row != nullptr && row->no_open_bids == true && same_day_) return true;
  return context_.arguments().flag("--no-open-bids");
}

bool BatchRun::says_open_bids(const model::ManifestRow* row) const {
  return row != nullptr && row->no_open_bids == false &&
         !context_.arguments().flag("--bids-withdrawn");
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
  out.task.patience = limit_;
  out.words.push_back("--module=" + draft.sighting->token.modules.front());
  out.words.push_back("--token=" + draft.sighting->token.uri);
  const auto years = draft.row != nullptr && draft.row->years
                         ? std::optional{std::to_string(*draft.row->years)}
                         : arguments.value("--years");
  if (years) out.words.push_back("--years=" + *years);
  out.task.bid_open = says_open_bids(draft.row);
  if (says_no_bids(draft.row)) out.words.emplace_back("--no-open-bids");
  if (arguments.flag("--out"))
    out.words.push_back("--out=" + request_file(context_, item, draft.sighting->token));
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

/// The only row that is of the item's token; what was another's is never taken for it.
const model::ManifestRow* BatchRun::row_of(const BatchItem& item) const {
  const model::ManifestRow* out = nullptr;
  for (const auto& row : manifest_->rows) {
    if (!is_of(row, item)) continue;
    if (out != nullptr) return nullptr;
    out = &row;
  }
  return out;
}

/// Why the item, which so many sightings fit, cannot be begun in this run; "" when it can.
std::string BatchRun::lacks(const ops::DraftItem& draft, std::size_t fits) {
  const auto verdict = [](model::PlanVerdict why) { return std::string{report::symbol(why)}; };
  if (fits != 1)
    return verdict(fits == 0 ? model::PlanVerdict::not_present : model::PlanVerdict::ambiguous);
  if (draft.item.line && draft.row == nullptr) return verdict(model::PlanVerdict::unknown_token);
  if (!draft.item.pin_source.empty() && !pins_.way(draft.row).named)
    return verdict(model::PlanVerdict::no_pin);
  if (!says_no_bids(draft.row) && !says_open_bids(draft.row) &&
      !context_.arguments().flag("--bids-withdrawn"))
    return std::string{base::name(base::Code::bid_unanswered)};
  return {};
}

/// A failed item is taken up again when it is half done or was renewed, by its journal, whatever
/// was recorded of it, and anew when nothing had been begun. True when it was renewed.
bool BatchRun::reopen(ops::DraftItem& draft) {
  auto& item = draft.item;
  if (draft.sighting == nullptr || item.state == ItemState::renewed ||
      item.state == ItemState::skipped)
    return false;
  const bool renewed = renewed_before(item, draft.sighting->token);
  if (item.state != ItemState::failed) return renewed;
  if (renewed || ledger::Journal::open(state_folder(), draft.sighting->token)) {
    item.state = ItemState::running;
    return renewed;
  }
  const auto attempt = book_->store()->attempt(item.attempt);
  if (!attempt || !ops::nothing_begun(*attempt)) return false;
  item.state = ItemState::waiting;
  item.attempt.clear();  // that one has its end
  return false;
}

void BatchRun::take_up(const BatchItem& item) {
  ops::DraftItem draft;
  draft.item = item;
  const auto sightings = ops::find_sightings(item, scan_.tokens);
  if (sightings.size() == 1) draft.sighting = sightings.front();
  if (manifest_ && item.line) draft.row = row_of(item);
  std::optional<Error> damaged;
  bool renewed = false;
  try {
    renewed = reopen(draft);
  } catch (const Error& error) {
    damaged = error;
    draft.item.state = ItemState::running;
  }
  const bool needy = begun_or_waits(draft.item) && !damaged && !renewed;
  const auto missing = needy ? lacks(draft, sightings.size()) : "";
  if (missing.empty() && !damaged) return set_up(draft);
  items_.push_back(draft.item);
  ready_.push_back({std::nullopt, damaged, missing});
}

}  // namespace ukey::cli
