#include "ledger/attempt_rows.hpp"

#include <array>
#include <functional>
#include <map>

#include "ledger/columns.hpp"
#include "ledger/kept_error.hpp"

namespace ukey::ledger {

namespace {

constexpr std::array kColumns{
    "id",           "revision",    "kind",        "batch",         "host",          "account",
    "manufacturer", "model",       "serial",      "label",         "holder",        "uscc",
    "holder_kind",  "ca",          "lock_kind",   "verdict",       "bid_answer",    "bid_typed",
    "bid_at",       "fee_receipt", "begun",       "changed",       "judged",        "result",
    "reason",       "error_code",  "error_cause", "error_subject", "error_command", "error_so",
    "error_call",   "error_rv",    "error_ckr"};
constexpr std::array kStep{"attempt", "position", "step", "done_at"};
constexpr std::array kCertificate{"attempt",       "position",         "role",
                                  "former_serial", "former_not_after", "former_sha256",
                                  "fresh_serial",  "fresh_not_after",  "fresh_sha256"};
constexpr std::array kBidFile{"attempt", "position", "file", "unread"};

void add_bids(const std::optional<model::BidStatement>& bids, Row& out) {
  out.push_back(bids ? Value{symbol_of(bids->answer)} : Value{});
  out.push_back(bids ? column(bids->typed) : Value{});
  out.push_back(bids ? column(bids->at) : Value{});
}

void add_error(const std::optional<base::Error>& error, Row& out) {
  if (!error) {
    out.resize(out.size() + 8);
    return;
  }
  const auto kept = kept_error(*error);
  for (const auto& text : {kept.code, kept.cause, kept.subject, kept.command}) out.push_back(text);
  out.push_back(column(kept.so));
  for (const auto& text : {kept.call, kept.rv, kept.ckr}) out.push_back(text);
}

Row row_of(const model::Attempt& attempt) {
  Row out{attempt.id, column(attempt.revision)};
  for (const auto& text :
       {std::string{symbol_of(attempt.kind)}, attempt.batch, attempt.host, attempt.user,
        attempt.token.manufacturer, attempt.token.model, attempt.token.serial, attempt.label,
        attempt.holder, attempt.uscc, std::string{symbol_of(attempt.holder_kind)}, attempt.ca,
        std::string{symbol_of(attempt.lock)}})
    out.push_back(text);
  out.push_back(attempt.verdict ? Value{symbol_of(*attempt.verdict)} : Value{});
  add_bids(attempt.bids, out);
  out.push_back(attempt.fee_receipt);
  out.push_back(column(attempt.begun));
  out.push_back(column(attempt.changed));
  out.push_back(column(attempt.judged));
  out.push_back(Value{symbol_of(attempt.result)});
  out.push_back(attempt.reason);
  add_error(attempt.error, out);
  return out;
}

void add_mark(const model::CertificateMark& mark, Row& out) {
  const bool none = mark.sha256.empty();
  out.push_back(none ? Value{} : Value{mark.serial});
  out.push_back(none ? Value{} : column(mark.not_after));
  out.push_back(none ? Value{} : Value{mark.sha256});
}

void put_lists(Database& database, const model::Attempt& attempt) {
  for (const char* table : {"attempt_steps", "attempt_certificates", "attempt_bid_files"})
    database.change("DELETE FROM " + std::string{table} + " WHERE attempt = :v0", {attempt.id});
  unsigned position = 0;
  for (const auto& row : attempt.steps)
    database.change(adding("attempt_steps", kStep),
                    {attempt.id, column(position++), row.step, column(row.at)});
  position = 0;
  for (const auto& row : attempt.certificates) {
    Row values{attempt.id, column(position++), symbol_of(row.role)};
    add_mark(row.former, values);
    add_mark(row.fresh, values);
    database.change(adding("attempt_certificates", kCertificate), values);
  }
  if (!attempt.bids) return;
  position = 0;
  for (const bool unread : {false, true})
    for (const auto& file : unread ? attempt.bids->unread : attempt.bids->files)
      database.change(adding("attempt_bid_files", kBidFile),
                      {attempt.id, column(position++), file, column(unread)});
}

std::optional<model::BidStatement> bids_in(RowReader& row) {
  const Value answer = row.next();
  const Value typed = row.next();
  const auto at = row.maybe_time();
  if (!answer || !at) return std::nullopt;
  return model::BidStatement{value_of<model::BidAnswer>(*answer), typed == "1", *at, {}, {}};
}

std::optional<base::Error> error_in(RowReader& row) {
  KeptError kept;
  for (auto* text : {&kept.code, &kept.cause, &kept.subject, &kept.command})
    *text = row.text_or_none();
  kept.so = row.next() == "1";
  for (auto* text : {&kept.call, &kept.rv, &kept.ckr}) *text = row.text_or_none();
  return error_of(kept);
}

model::Attempt attempt_in(RowReader row) {
  model::Attempt out;
  out.id = row.text();
  out.revision = row.number();
  out.kind = row.symbol<model::AttemptKind>();
  for (auto* text : {&out.batch, &out.host, &out.user, &out.token.manufacturer, &out.token.model,
                     &out.token.serial, &out.label, &out.holder, &out.uscc})
    *text = row.text();
  out.holder_kind = row.symbol<model::HolderKind>();
  out.ca = row.text();
  out.lock = row.symbol<model::LockKind>();
  if (const Value verdict = row.next()) out.verdict = value_of<model::Verdict>(*verdict);
  out.bids = bids_in(row);
  out.fee_receipt = row.text();
  out.begun = row.time();
  out.changed = row.time();
  out.judged = row.maybe_time();
  out.result = row.symbol<model::AttemptResult>();
  out.reason = row.text();
  out.error = error_in(row);
  return out;
}

model::CertificateMark mark_in(RowReader& row) {
  model::CertificateMark out;
  out.serial = row.text_or_none();
  out.not_after = row.maybe_time().value_or(base::Time{});
  out.sha256 = row.text_or_none();
  return out;
}

using Attempts = std::map<std::string, model::Attempt*>;

/// Reads the rows of a list that belong to the chosen attempts, each given to its attempt.
void read_list(Database& database, const std::string& table, Names columns,
               const std::string& chosen, const Row& values, const Attempts& attempts,
               const std::function<void(model::Attempt&, RowReader&)>& take) {
  const auto query = "SELECT " + listed(columns) + " FROM " + table +
                     " WHERE attempt IN (SELECT id FROM attempts " + chosen +
                     ") ORDER BY attempt, position";
  for (const auto& values_of_row : database.rows(query, values, columns.size())) {
    RowReader row{values_of_row};
    const auto owner = attempts.find(row.text());
    static_cast<void>(row.number());  // its place, which the order keeps
    if (owner != attempts.end()) take(*owner->second, row);
  }
}

void read_lists(Database& database, const std::string& chosen, const Row& values,
                const Attempts& attempts) {
  read_list(database, "attempt_steps", kStep, chosen, values, attempts,
            [](model::Attempt& attempt, RowReader& row) {
              auto step = row.text();
              attempt.steps.push_back({std::move(step), row.time()});
            });
  read_list(database, "attempt_certificates", kCertificate, chosen, values, attempts,
            [](model::Attempt& attempt, RowReader& row) {
              model::AttemptCertificate out;
              out.role = row.symbol<model::Role>();
              out.former = mark_in(row);
              out.fresh = mark_in(row);
              attempt.certificates.push_back(out);
            });
  read_list(database, "attempt_bid_files", kBidFile, chosen, values, attempts,
            [](model::Attempt& attempt, RowReader& row) {
              auto file = row.text();
              if (!attempt.bids) return;
              (row.truth() ? attempt.bids->unread : attempt.bids->files).push_back(std::move(file));
            });
}

}  // namespace

void put_attempt(Database& database, const model::Attempt& attempt) {
  static const auto kStatement =
      replacing("attempts", kColumns, "id", "excluded.revision > attempts.revision");
  if (database.change(kStatement, row_of(attempt)) != 0) put_lists(database, attempt);
}

std::vector<model::Attempt> read_attempts(Database& database, const std::string& chosen,
                                          const Row& values) {
  std::vector<model::Attempt> out;
  const auto query = "SELECT " + listed(kColumns) + " FROM attempts " + chosen;
  for (const auto& row : database.rows(query, values, kColumns.size()))
    out.push_back(attempt_in(RowReader{row}));
  Attempts by_id;
  for (auto& attempt : out) by_id[attempt.id] = &attempt;
  if (!out.empty()) read_lists(database, chosen, values, by_id);
  return out;
}

std::vector<model::KnownMaster> read_masters(Database& database, const std::string& uscc) {
  static constexpr std::array kMaster{"manufacturer", "model", "serial", "label",
                                      "holder",       "uscc",  "changed"};
  auto query = "SELECT " + listed(kMaster, "a.") +
               " FROM attempts a WHERE a.lock_kind = 'master' AND a.uscc <> ''"
               " AND NOT EXISTS (SELECT 1 FROM attempts b WHERE b.serial = a.serial"
               " AND b.model = a.model AND b.manufacturer = a.manufacturer"
               " AND (ltrim(a.serial, ' 0') <> '' OR b.label = a.label)"
               " AND b.lock_kind <> 'undetermined'"
               " AND (b.begun > a.begun OR (b.begun = a.begun AND b.id > a.id)))"
               " AND NOT EXISTS (SELECT 1 FROM supersessions s WHERE s.serial = a.serial"
               " AND s.withdrawn = 0)";
  if (!uscc.empty()) query += " AND a.uscc = :v0";
  std::vector<model::KnownMaster> out;
  for (const auto& values : database.rows(query + " ORDER BY a.uscc, a.changed, a.id",
                                          uscc.empty() ? Row{} : Row{uscc}, kMaster.size())) {
    RowReader row{values};
    model::KnownMaster master;
    for (auto* text : {&master.token.manufacturer, &master.token.model, &master.token.serial,
                       &master.label, &master.holder, &master.uscc})
      *text = row.text();
    master.seen = row.time();
    out.push_back(master);
  }
  return out;
}

}  // namespace ukey::ledger
