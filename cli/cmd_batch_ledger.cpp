// `batch status | export`: what the ledger remembers. No token is touched.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

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
#include "policy/masters.hpp"
#include "report/ledger.hpp"

namespace ukey::cli {

namespace {

constexpr std::size_t kMostRows = 1'000'000;

std::vector<model::Attempt> attempts_of(ledger::Store& store, const std::string& batch,
                                        const std::string& token) {
  ledger::AttemptQuery query;
  query.limit = kMostRows;
  if (!batch.empty()) query.batch = batch;
  auto out = store.attempts(query);
  if (!token.empty())
    std::erase_if(out, [&token, kept = base::masked_text(token)](const model::Attempt& attempt) {
      return attempt.token.serial != token && attempt.label != token && attempt.label != kept;
    });
  return out;
}

std::string selected(const Context& context) {
  return base::decoded(base::as_bytes(context.arguments().value("--token").value_or("")));
}

/// --superseded SERIAL, taken back with --undo.
void supersede(Context& context, ledger::Book& book) {
  const auto serial = context.arguments().value("--superseded");
  if (!serial || context.arguments().flag("--dry-run")) return;
  if (serial->empty())  // would take every token without a serial off the list
    throw base::Error{base::Code::usage, "--superseded"}.because(base::Cause::missing_value);
  model::Supersession row;
  row.serial = base::decoded(base::as_bytes(*serial));
  row.host = host_name();
  row.user = user_name();
  row.at = clock_now();
  row.withdrawn = context.arguments().flag("--undo");
  book.record(row);
}

report::Json described(ledger::Store& store, const model::Batch& batch) {
  return report::describe_batch(batch, ops::summary_of(store.items(batch.id)));
}

void add_batches(Context& context, report::Json& document, ledger::Store& store) {
  if (context.arguments().flag("--all")) {
    document["batches"] = report::Json::array();
    for (const auto& batch : store.batches())
      document["batches"].push_back(described(store, batch));
    return;
  }
  const auto batch = chosen_batch(context, store);
  document["batch"] = batch ? described(store, *batch) : report::Json(nullptr);
  document["items"] = report::Json::array();
  if (batch)
    document["items"] =
        report::describe_batch_items(store.items(batch->id), context.report_options());
}

}  // namespace

int cmd_batch_status(Context& context) {
  const auto book = open_book(context);
  supersede(context, *book);
  auto& store = reached_store(context, *book);
  auto document = context.document();
  if (const auto token = selected(context); !token.empty())
    document["attempts"] =
        report::describe_attempts(attempts_of(store, "", token), context.report_options());
  else
    add_batches(context, document, store);
  document["findings"] =
      report::describe_masters(remembered_findings(store), context.report_options());
  document["superseded"] = report::describe_supersessions(store.supersessions());
  document["spooled"] = book->pending();
  return context.emit(document);
}

int cmd_batch_export(Context& context) {
  const auto book = open_book(context);
  auto& store = reached_store(context, *book);
  std::string id;
  if (!context.operand().empty()) id = chosen_batch(context, store)->id;
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
