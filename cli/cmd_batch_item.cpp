// The child of a batch: works on one token, or sees which are there, and says so in JSON lines.
#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/batch_child.hpp"
#include "cli/context.hpp"
#include "cli/places.hpp"
#include "cli/recording.hpp"
#include "cli/renewal_order.hpp"
#include "cli/request_file.hpp"
#include "cli/workplace.hpp"
#include "ops/claim.hpp"
#include "ops/item.hpp"
#include "ops/presence.hpp"
#include "p11/pin_guard.hpp"
#include "report/batch.hpp"
#include "report/note.hpp"

namespace ukey::cli {

namespace {

using report::Json;

/// The parent may be gone: the work on the token goes on all the same.
void tell_parent(const Context& context, const Json& line) {
  try {
    put(context.out(), report::json_line(line), false);
  } catch (const base::Error&) {  // nobody hears it
  }
}

Json event_line(const char* name) {
  Json out;
  out["event"] = name;
  return out;
}

Json sighting(const Context& context, const ops::Present& token) {
  Json out = event_line("token");
  out["token"] = report::describe_token(token.ref, {true, context.lang()});
  out["slot"] = token.slot;
  out["initialised"] = token.info.flags.initialised;
  out["concurrent"] = token.profile != nullptr && token.profile->concurrent;
  out["error"] = token.error ? report::describe_error(*token.error, context.lang()) : Json(nullptr);
  return out;
}

int scan(Context& context, const ChildTask& task) {
  auto bench = std::make_shared<ops::Bench>(*context.bench());
  bench->pin = nullptr;
  bench->module_failed = nullptr;  // the parent says it
  bench->wanted = [&context, skip = task.skip](const std::string& file, unsigned long slot) {
    const auto mark = slot_mark(file, slot);
    if (std::ranges::find(skip, mark) != skip.end()) return false;
    auto line = event_line("slot");
    line["slot"] = mark;
    tell_parent(context, line);
    return true;
  };
  const auto found = ops::find_tokens(bench);
  if (bench->selector) ops::require_one(found.tokens, false);
  for (const auto& token : found.tokens) tell_parent(context, sighting(context, token));
  auto line = event_line("modules");
  line["modules"] = report::describe_modules(found.modules, context.lang());
  tell_parent(context, line);
  return 0;
}

/// A PIN whose login failed before is not sent again.
void catch_up(ops::Recording& recording, ledger::Book& book) {
  auto* const store = book.store();
  const auto known = store == nullptr ? std::nullopt : store->attempt(recording.attempt().id);
  if (!known) return;
  recording.go_on(*known);
  if (known->error && p11::failed_login(*known->error)) throw base::Error{*known->error};
}

/// Where the token was is looked at first, since each slot costs a call; where it is not there any
/// more, all are.
model::ItemEnd work(const ops::SharedBench& bench, const ops::RenewalOrder& order,
                    const ChildTask& task, const std::shared_ptr<ops::Recording>& recording,
                    const std::shared_ptr<ledger::Book>& book) {
  ops::ItemTask item;
  item.token = task.token;
  item.has_pin = task.has_pin;
  item.again = task.again;
  item.withdrawn = task.withdrawn;
  item.patience = task.patience;
  item.catch_up = [recording, book] { catch_up(*recording, *book); };
  if (task.slot) {
    auto there = std::make_shared<ops::Bench>(*bench);
    there->wanted = [slot = *task.slot](const std::string&, unsigned long number) {
      return number == slot;
    };
    const auto end = ops::renew_item(there, order, item, recording);
    if (!end.error || end.error->code() != base::Code::no_token) return end;
  }
  return ops::renew_item(bench, order, item, recording);
}

/// Says that a PIN goes to the token, before it does: should this process die of it, the PIN may
/// have been wrong. The parent alone has seen which other tokens are there.
ops::SharedBench telling_bench(Context& context, const model::TokenRef& known) {
  auto out = std::make_shared<ops::Bench>(*context.bench());
  if (out->pin)
    out->pin = [&context, before = out->pin,
                shared = known.selector != known.serial](model::TokenInfo token) {
      token.serial_shared = shared;
      auto pin = before(token);
      tell_parent(context, event_line("pin"));
      return pin;
    };
  return out;
}

model::Attempt attempt_of(const ChildTask& task) {
  auto out = new_attempt(model::AttemptKind::renewal);
  out.id = task.attempt;
  out.batch = task.batch;
  out.revision = task.revision;
  return out;
}

/// Held until what was done is recorded, which the claim on the token is not: who comes after
/// learns of a login that failed. Throws busy when another process has it for too long.
std::unique_ptr<const ops::Claim> own_claim(const ChildTask& task) {
  constexpr std::chrono::milliseconds kGlance{100};
  const auto info = task.token.info();
  for (auto waited = std::chrono::milliseconds{0};; waited += kGlance) {
    try {
      return std::make_unique<const ops::Claim>(state_folder() + "/claims/items", info);
    } catch (const base::Error& error) {
      if (error.code() != base::Code::busy || !task.again || waited >= task.patience) throw;
    }
    std::this_thread::sleep_for(kGlance);
  }
}

/// What the parent knows of the answer about bids.
std::function<model::BidStatement(const model::Card&)> answered(
    std::function<model::BidStatement(const model::Card&)> before, const ChildTask& task) {
  return [before = std::move(before), typed = task.typed, open = task.bid_open](const auto& card) {
    if (open) throw base::Error{base::Code::bid_open, card.token.label};
    auto statement = before(card);
    statement.typed = typed;
    return statement;
  };
}

/// The token that the parent saw: another one with its names may have been put in meanwhile.
std::function<void(const model::Card&)> expecting(std::function<void(const model::Card&)> before,
                                                  const ChildTask& task) {
  return [before = std::move(before), token = task.token,
          wanted = task.certificates](const auto& card) {
    const auto is_there = [&card](const std::string& sha256) {
      return std::ranges::any_of(card.certificates, [&sha256](const auto& row) {
        return row.certificate.sha256 == sha256;
      });
    };
    if (!std::ranges::all_of(wanted, is_there))
      throw base::Error{base::Code::token_removed, token.label};
    before(card);
  };
}

int item(Context& context, const ChildTask& task) {
  const auto claim = own_claim(task);
  const auto book = open_book(context);
  const auto recording = new_recording(context, book, attempt_of(task));
  recording->seen(task.token);
  auto order = renewal_order(context);
  order.deliver = request_delivery(context, nullptr);
  order.progress = [&context](model::RenewalStep step) {
    auto line = event_line("progress");
    line["step"] = report::symbol(step);
    tell_parent(context, line);
  };
  order.bids = answered(std::move(order.bids), task);
  follow(context, order, recording);
  order.seen = expecting(std::move(order.seen), task);
  auto end = work(telling_bench(context, task.token), order, task, recording, book);
  if (end.verdict) {
    end.reason = report::symbol(*end.verdict);
    recording->skipped(end.reason);
  }
  for (const auto& left : end.leftovers)
    context.try_warn(report::leftover_text(left, context.lang()) + "\n");
  model::BatchItem row;
  row.token = task.token.identity();
  row.label = task.token.label;
  row.holder = recording->attempt().holder;
  row.attempt = task.attempt;
  tell_parent(context, item_end_line(row, end, context.lang()));
  return 0;
}

}  // namespace

int run_child(Context& context, const ChildTask& task) {
  return task.scan ? scan(context, task) : item(context, task);
}

}  // namespace ukey::cli
