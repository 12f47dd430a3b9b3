// A connection to the ledger's database, SQLite or PostgreSQL: statements go in, rows of texts come
// out. It knows no table, and keeps what a database says of its users to itself. All of it throws
// Error ledger without subject, with a cause where one is named. A server that does not answer for
// ten seconds is unreachable, and its connection is good for nothing any more.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ukey::ledger {

class Courier;

/// What a column holds; absent is NULL. Numbers and truth values are texts as well ("0", "1").
using Value = std::optional<std::string>;
using Row = std::vector<Value>;

class Database {
 public:
  /// Connects; an SQLite file that is missing is made when `making`, with its folder. Cause
  /// `unreachable` when a server does not take us, `no_ledger` for a file that is no database.
  Database(const std::string& place, bool making);
  ~Database();
  Database(const Database&) = delete;             // one connection, one owner
  Database& operator=(const Database&) = delete;  // same

  /// A statement without values.
  void run(const std::string& statement);

  /// A statement that changes rows, with `:v0`, `:v1` … for its values; how many it changed. It is
  /// prepared once for as long as the connection lives.
  std::size_t change(const std::string& statement, const Row& values);

  /// The rows of a query, each of `columns` values.
  [[nodiscard]] std::vector<Row> rows(const std::string& query, const Row& values,
                                      std::size_t columns);

  [[nodiscard]] bool server() const;

 private:
  struct Inside;  // keeps SOCI out of here

  template <class T>
  T patiently(std::chrono::milliseconds limit, std::function<T(Inside&)> work);

  std::unique_ptr<Courier> courier_;  // to a server
  std::shared_ptr<Inside> inside_;    // none once the server was given up
};

/// Reading sees one state of the ledger; writing keeps other writers out or waits for them.
enum class Purpose { reading, writing };

/// All or nothing: undone unless it came to `commit`.
class Transaction {
 public:
  Transaction(Database& database, Purpose purpose);
  ~Transaction();
  Transaction(const Transaction&) = delete;             // ends once
  Transaction& operator=(const Transaction&) = delete;  // same

  /// On disk when it returns, as far as the database promises that.
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace ukey::ledger
