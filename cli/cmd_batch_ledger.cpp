// `batch status | export`: what the ledger remembers. No token is touched.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/privacy.hpp"
#include "base/text.hpp"
#include "cli/batch_choice.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/masters.hpp"
#include "cli/workplace.hpp"
#include "ops/batch.hpp"
#include "ops/batch_history.hpp"
#include "policy/masters.hpp"
#include "report/ledger.hpp"

namespace ukey::cli {

namespace {

constexpr std::size_t kMostRows = 1'000'000;

/// As chosen_batch; a ledger that is not there has none.
std::optional<model::Batch> found_batch(const Context& context, ledger::Store* store) {
  if (store != nullptr) return chosen_batch(context, *store);
  if (context.operand().empty()) return std::nullopt;
  throw base::Error{base::Code::not_found, context.operand()}.because(base::Cause::no_batch);
}

std::vector<model::Attempt> attempts_of(ledger::Store* store, const std::string& batch,
                                        const std::string& token) {
  if (store == nullptr) return {};
  ledger::AttemptQuery query;
  query.limit = kMostRows;
  if (!batch.empty()) query.batch = batch;
  auto out = store->attempts(query);
  if (!token.empty())
    std::erase_if(out, [&token, kept = base::masked_text(token)](const model::Attempt& attempt) {
      return attempt.token.serial != token && attempt.label != token && attempt.label != kept;
    });
  return out;
}

std::string selected(const Context& context) {
  return base::decoded(base::as_bytes(context.arguments().value("--token").value_or("")));
}

/// --superseded SERIAL, taken back with --undo. Of a serial that nobody has heard of nothing is
/// said.
void supersede(const Context& context) {
  const auto& arguments = context.arguments();
  const auto serial = arguments.value("--superseded");
  if (!serial && arguments.flag("--undo"))
    throw base::Error{base::Code::usage, "--superseded SERIAL"}.because(base::Cause::missing_word);
  if (!serial) return;
  if (serial->empty())
    throw base::Error{base::Code::usage, "--superseded"}.because(base::Cause::missing_value);
  if (!model::is_telling(*serial))  // would take others off the list, too
    throw base::Error{base::Code::usage, "--superseded " + *serial}.because(base::Cause::bad_value);
  model::Supersession row;
  row.serial = base::decoded(base::as_bytes(*serial));
  auto asked = asked_ledger(context);
  if (!asked.store || !asked.store->knows_token(row.serial))
    throw base::Error{base::Code::not_found, row.serial};
  if (arguments.flag("--dry-run")) return;
  row.host = host_name();
  row.user = user_name();
  row.at = clock_now();
  row.withdrawn = arguments.flag("--undo");
  writable_book(context)->record(row);
}

/// Its items, with what their attempts tell of them.
std::vector<model::BatchItem> items_of(ledger::Store& store, const model::Batch& batch) {
  auto out = store.items(batch.id);
  ops::recall(out, attempts_of(&store, batch.id, ""));
  return out;
}

report::Json described(const model::Batch& batch, const std::vector<model::BatchItem>& items) {
  return report::describe_batch(batch, ops::summary_of(items));
}

void add_batches(Context& context, report::Json& document, ledger::Store* store) {
  if (context.arguments().flag("--all")) {
    document["batches"] = report::Json::array();
    if (store == nullptr) return;
    for (const auto& batch : store->batches())
      document["batches"].push_back(described(batch, items_of(*store, batch)));
    return;
  }
  const auto batch = found_batch(context, store);
  const auto items = batch ? items_of(*store, *batch) : std::vector<model::BatchItem>{};
  document["batch"] = batch ? described(*batch, items) : report::Json(nullptr);
  document["items"] = report::describe_batch_items(items, context.report_options());
}

}  // namespace

int cmd_batch_status(Context& context) {
  supersede(context);
  auto asked = asked_ledger(context);
  auto* const store = asked.store ? &*asked.store : nullptr;
  auto document = context.document();
  if (const auto token = selected(context); !token.empty())
    document["attempts"] =
        report::describe_attempts(attempts_of(store, "", token), context.report_options());
  else
    add_batches(context, document, store);
  const auto findings =
      store == nullptr ? decltype(remembered_findings(*store)){} : remembered_findings(*store);
  document["findings"] = report::describe_masters(findings, context.report_options());
  const auto superseded =
      store == nullptr ? std::vector<model::Supersession>{} : store->supersessions();
  document["superseded"] = report::describe_supersessions(superseded);
  document["spooled"] = asked.waiting;
  return context.emit(document);
}

int cmd_batch_export(Context& context) {
  auto asked = asked_ledger(context);
  auto* const store = asked.store ? &*asked.store : nullptr;
  std::string id;
  if (!context.operand().empty()) id = found_batch(context, store)->id;
  auto document = context.document();
  document["attempts"] = report::describe_attempts(attempts_of(store, id, selected(context)),
                                                   context.report_options());
  if (context.json()) return context.emit(document);
  const auto text = report::attempts_csv(document);
  const auto out = context.arguments().value("--out").value_or("-");
  if (out == "-") {
    put(context.out(), text, false);
    return 0;
  }
  base::write_file(out, base::as_bytes(text));
  return 0;
}

}  // namespace ukey::cli
