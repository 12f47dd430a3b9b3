#include "ledger/batch_rows.hpp"

#include <array>
#include <map>

#include "ledger/columns.hpp"

namespace ukey::ledger {

namespace {

constexpr std::array kBatch{"id", "revision", "host", "account", "begun", "ended"};
constexpr std::array kWord{"batch", "position", "word"};
constexpr std::array kItem{"batch",        "number",  "revision",   "line",   "selector", "note",
                           "manufacturer", "model",   "serial",     "label",  "holder",   "state",
                           "reason",       "attempt", "pin_source", "changed"};
constexpr std::array kSupersession{"serial", "host", "account", "said_at", "withdrawn"};

using Words = std::vector<std::string>;

void put_words(Database& database, const std::string& table, const std::string& batch,
               const Words& words) {
  database.change("DELETE FROM " + table + " WHERE batch = :v0", {batch});
  unsigned position = 0;
  for (const auto& word : words)
    database.change(adding(table, kWord), {batch, column(position++), word});
}

std::map<std::string, Words> read_words(Database& database, const std::string& table) {
  std::map<std::string, Words> out;
  for (const auto& row :
       database.rows("SELECT batch, word FROM " + table + " ORDER BY batch, position", {}, 2)) {
    RowReader reader{row};
    auto& words = out[reader.text()];
    words.push_back(reader.text());
  }
  return out;
}

model::BatchItem item_in(RowReader row) {
  model::BatchItem out;
  out.batch = row.text();
  out.number = row.number();
  out.revision = row.number();
  out.line = row.maybe_number();
  for (auto* text : {&out.selector, &out.note, &out.token.manufacturer, &out.token.model,
                     &out.token.serial, &out.label, &out.holder})
    *text = row.text();
  out.state = row.symbol<model::ItemState>();
  for (auto* text : {&out.reason, &out.attempt, &out.pin_source}) *text = row.text();
  out.changed = row.time();
  return out;
}

}  // namespace

void put_batch(Database& database, const model::Batch& batch) {
  static const auto kStatement =
      replacing("batches", kBatch, "id", "excluded.revision > batches.revision");
  const Row row{batch.id,   column(batch.revision), batch.host,
                batch.user, column(batch.begun),    column(batch.ended)};
  if (database.change(kStatement, row) == 0) return;
  put_words(database, "batch_options", batch.id, batch.options);
  put_words(database, "batch_withdrawn", batch.id, batch.withdrawn);
}

void put_item(Database& database, const model::BatchItem& item) {
  static const auto kStatement =
      replacing("batch_items", kItem, "batch, number", "excluded.revision > batch_items.revision");
  database.change(kStatement,
                  {item.batch, column(item.number), column(item.revision), column(item.line),
                   item.selector, item.note, item.token.manufacturer, item.token.model,
                   item.token.serial, item.label, item.holder, symbol_of(item.state), item.reason,
                   item.attempt, item.pin_source, column(item.changed)});
}

void put_supersession(Database& database, const model::Supersession& said) {
  static const auto kStatement =
      replacing("supersessions", kSupersession, "serial",
                "excluded.said_at > supersessions.said_at OR (excluded.said_at = "
                "supersessions.said_at AND excluded.withdrawn > supersessions.withdrawn)");
  database.change(kStatement,
                  {said.serial, said.host, said.user, column(said.at), column(said.withdrawn)});
}

std::vector<model::Batch> read_batches(Database& database, const std::string& id) {
  auto query = "SELECT " + listed(kBatch) + " FROM batches";
  if (!id.empty()) query += " WHERE substr(id, 1, " + std::to_string(id.size()) + ") = :v0";
  const auto rows = database.rows(query + " ORDER BY begun DESC, substr(id, 17) DESC, id",
                                  id.empty() ? Row{} : Row{id}, kBatch.size());
  auto options = read_words(database, "batch_options");
  auto withdrawn = read_words(database, "batch_withdrawn");
  std::vector<model::Batch> out;
  for (const auto& values : rows) {
    RowReader row{values};
    model::Batch batch;
    batch.id = row.text();
    batch.revision = row.number();
    batch.host = row.text();
    batch.user = row.text();
    batch.begun = row.time();
    batch.ended = row.maybe_time();
    batch.options = options[batch.id];
    batch.withdrawn = withdrawn[batch.id];
    out.push_back(std::move(batch));
  }
  return out;
}

std::vector<model::BatchItem> read_items(Database& database, const std::string& batch) {
  std::vector<model::BatchItem> out;
  for (const auto& row : database.rows("SELECT " + listed(kItem) +
                                           " FROM batch_items WHERE batch = :v0"
                                           " ORDER BY number",
                                       {batch}, kItem.size()))
    out.push_back(item_in(RowReader{row}));
  return out;
}

std::vector<model::Supersession> read_supersessions(Database& database) {
  std::vector<model::Supersession> out;
  for (const auto& values :
       database.rows("SELECT " + listed(kSupersession) + " FROM supersessions ORDER BY serial", {},
                     kSupersession.size())) {
    RowReader row{values};
    model::Supersession said;
    for (auto* text : {&said.serial, &said.host, &said.user}) *text = row.text();
    said.at = row.time();
    said.withdrawn = row.truth();
    out.push_back(std::move(said));
  }
  return out;
}

}  // namespace ukey::ledger
