#include "ledger/schema.hpp"

#include <array>
#include <string>

#include "base/error.hpp"

namespace ukey::ledger {

namespace {

using base::Cause;
using base::Code;
using base::Error;

// Times are texts in RFC 3339, UTC; truth is 0 or 1; a list has a row for each member. What stands
// here was made in ledgers that exist: it is never changed, the next version adds to it.
constexpr std::array kFirst{
    "CREATE TABLE ukey_schema (version INTEGER NOT NULL)",
    "INSERT INTO ukey_schema (version) VALUES (0)",
    "CREATE TABLE attempts (id TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, "
    "kind TEXT NOT NULL, batch TEXT NOT NULL, host TEXT NOT NULL, account TEXT NOT NULL, "
    "manufacturer TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL, label TEXT NOT NULL, "
    "holder TEXT NOT NULL, uscc TEXT NOT NULL, holder_kind TEXT NOT NULL, ca TEXT NOT NULL, "
    "lock_kind TEXT NOT NULL, verdict TEXT, bid_answer TEXT, bid_typed INTEGER, bid_at TEXT, "
    "fee_receipt TEXT NOT NULL, begun TEXT NOT NULL, changed TEXT NOT NULL, judged TEXT, "
    "result TEXT NOT NULL, reason TEXT NOT NULL, error_code TEXT, error_cause TEXT, "
    "error_subject TEXT, error_command TEXT, error_so INTEGER, error_call TEXT, error_rv TEXT, "
    "error_ckr TEXT)",
    "CREATE INDEX attempts_by_token ON attempts (serial, model, manufacturer, begun)",
    "CREATE INDEX attempts_by_batch ON attempts (batch)",
    "CREATE INDEX attempts_by_unit ON attempts (uscc)",
    "CREATE INDEX attempts_by_time ON attempts (begun)",
    "CREATE TABLE attempt_steps (attempt TEXT NOT NULL, position INTEGER NOT NULL, "
    "step TEXT NOT NULL, done_at TEXT NOT NULL, PRIMARY KEY (attempt, position))",
    "CREATE TABLE attempt_certificates (attempt TEXT NOT NULL, position INTEGER NOT NULL, "
    "role TEXT NOT NULL, former_serial TEXT, former_not_after TEXT, former_sha256 TEXT, "
    "fresh_serial TEXT, fresh_not_after TEXT, fresh_sha256 TEXT, PRIMARY KEY (attempt, position))",
    "CREATE TABLE attempt_bid_files (attempt TEXT NOT NULL, position INTEGER NOT NULL, "
    "file TEXT NOT NULL, unread INTEGER NOT NULL, PRIMARY KEY (attempt, position))",
    "CREATE TABLE batches (id TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, "
    "host TEXT NOT NULL, account TEXT NOT NULL, begun TEXT NOT NULL, ended TEXT)",
    "CREATE TABLE batch_options (batch TEXT NOT NULL, position INTEGER NOT NULL, "
    "word TEXT NOT NULL, PRIMARY KEY (batch, position))",
    "CREATE TABLE batch_withdrawn (batch TEXT NOT NULL, position INTEGER NOT NULL, "
    "word TEXT NOT NULL, PRIMARY KEY (batch, position))",
    "CREATE TABLE batch_items (batch TEXT NOT NULL, number BIGINT NOT NULL, "
    "revision BIGINT NOT NULL, line BIGINT, selector TEXT NOT NULL, note TEXT NOT NULL, "
    "manufacturer TEXT NOT NULL, model TEXT NOT NULL, serial TEXT NOT NULL, label TEXT NOT NULL, "
    "holder TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, attempt TEXT NOT NULL, "
    "pin_source TEXT NOT NULL, changed TEXT NOT NULL, PRIMARY KEY (batch, number))",
    "CREATE TABLE supersessions (serial TEXT NOT NULL PRIMARY KEY, host TEXT NOT NULL, "
    "account TEXT NOT NULL, said_at TEXT NOT NULL, withdrawn INTEGER NOT NULL)"};

constexpr int kVersion = 1;

/// Asks the catalogue's table, not a function that answers from memory: another program may have
/// made ours while this one waited for its turn.
bool there(Database& database) {
  return !database
              .rows(database.server()
                        ? "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'ukey_schema' AND "
                          "pg_catalog.pg_table_is_visible(oid)"
                        : "SELECT 1 FROM sqlite_master WHERE name = 'ukey_schema'",
                    {}, 1)
              .empty();
}

/// 0: there is no ledger.
int version(Database& database) {
  if (!there(database)) return 0;
  const auto rows = database.rows("SELECT version FROM ukey_schema", {}, 1);
  if (rows.size() != 1 || !rows[0][0]) throw Error{Code::ledger}.because(Cause::no_ledger);
  const auto& text = *rows[0][0];
  if (text.empty() || text.size() > 6 || text.find_first_not_of("0123456789") != std::string::npos)
    throw Error{Code::ledger}.because(Cause::no_ledger);
  return std::stoi(text);
}

int known_version(Database& database) {
  const int found = version(database);
  if (found > kVersion) throw Error{Code::ledger}.because(Cause::newer_ledger);
  return found;
}

/// A database server may serve others beside us; a file is ours alone.
void refuse_foreign(Database& database) {
  if (!database.server() && !database.rows("SELECT 1 FROM sqlite_master LIMIT 1", {}, 1).empty())
    throw Error{Code::ledger}.because(Cause::no_ledger);
}

void bring_up(Database& database, bool making) {
  Transaction transaction{database, Purpose::writing};
  // In PostgreSQL two programs can make one table at once, and one of them fails.
  if (database.server()) database.run("SELECT pg_advisory_xact_lock(1970038137)");
  const int found = known_version(database);
  if (found == 0 && making) {
    refuse_foreign(database);
    for (const char* statement : kFirst) database.run(statement);
  }
  if (found < kVersion)
    database.change("UPDATE ukey_schema SET version = :v0", {std::to_string(kVersion)});
  transaction.commit();
}

}  // namespace

bool find_tables(Database& database) {
  const int found = known_version(database);
  if (found != 0 && found < kVersion) bring_up(database, false);
  return found != 0;
}

void make_tables(Database& database) {
  if (!find_tables(database)) bring_up(database, true);
}

}  // namespace ukey::ledger
