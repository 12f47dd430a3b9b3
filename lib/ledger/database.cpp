#include "ledger/database.hpp"

#include <fcntl.h>
// Debian builds SOCI with Boost; what we use of it needs none.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#include <soci/soci.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/bytes.hpp"
#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "ledger/courier.hpp"
#include "ledger/place.hpp"
#include "ledger/storable.hpp"

namespace ukey::ledger {

namespace {

using base::Cause;
using base::Code;
using base::Error;

// A server that answers nothing for so long is away. Longer than it waits for other programs'
// locks, so that such a wait ends with an answer; making a connection has a limit of its own, in
// the URL.
constexpr std::chrono::seconds kStatement{10};
constexpr std::chrono::seconds kConnecting{60};

/// A statement with places for its values, which must not move while it lives.
struct Prepared {
  std::vector<std::string> values, columns;
  std::vector<soci::indicator> given, got;
  soci::statement statement;

  Prepared(soci::session& session, const std::string& text, std::size_t value_count,
           std::size_t column_count)
      : values(value_count),
        columns(column_count),
        given(value_count),
        got(column_count),
        statement(session) {
    statement.alloc();
    statement.prepare(text);
    for (std::size_t i = 0; i < column_count; ++i)
      statement.exchange(soci::into(columns[i], got[i]));
    for (std::size_t i = 0; i < value_count; ++i)
      statement.exchange(soci::use(values[i], given[i]));
    statement.define_and_bind();
  }

  void fill(const Row& row) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      given[i] = row[i] ? soci::i_ok : soci::i_null;
      values[i] = row[i] ? storable(*row[i]) : std::string{};
    }
  }

  [[nodiscard]] Row row() const {
    Row out(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (got[i] == soci::i_ok) out[i] = columns[i];
    return out;
  }
};

/// What SOCI says may hold values, a user's name, a host: none of it goes on.
template <class Work>
auto guarded(const Work& work) {
  try {
    return work();
  } catch (const std::exception&) {
    throw Error{Code::ledger};
  }
}

/// Makes the file before SQLite does, so that it belongs to its owner alone, as do the files that
/// SQLite puts beside it; and sees whether it is SQLite's at all.
void prepare_file(const std::string& path, bool making) {
  const auto folder = std::filesystem::path{path}.parent_path().string();
  if (making) base::make_private_folder(folder);
  const base::Descriptor file{
      open(path.c_str(), (making ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, S_IRUSR | S_IWUSR)};
  struct stat facts {};
  if (file.number() < 0 || fstat(file.number(), &facts) != 0) throw Error{Code::ledger};
  static constexpr std::string_view kMagic{"SQLite format 3\0", 16};
  char head[kMagic.size()];
  const auto got = S_ISREG(facts.st_mode) ? read(file.number(), head, sizeof head) : -1;
  if (got != 0 && std::string_view(head, got < 0 ? 0 : static_cast<std::size_t>(got)) != kMagic)
    throw Error{Code::ledger}.because(Cause::no_ledger);
}

/// SOCI takes a text with "=" in it for a list of settings.
std::string file_text(const std::string& path) {
  if (path.find('=') == std::string::npos) return path;
  if (path.find('"') != std::string::npos) throw Error{Code::ledger};
  return "dbname=\"" + path + "\"";
}

/// A file that two programs make at once is locked for a moment in which SQLite does not wait.
void keep_log(soci::session& session) {
  for (int tries = 1500;; --tries) {
    try {
      session << "PRAGMA journal_mode=WAL";
      return;
    } catch (const soci::soci_error& error) {
      const std::string_view said = error.what();
      if (tries == 0 || said.find("locked") == std::string_view::npos) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  }
}

/// Whether SQLite may write the file, and make its own beside it.
bool writable(const std::string& path) {
  const auto folder = std::filesystem::path{path}.parent_path().string();
  return access(path.c_str(), W_OK) == 0 && access(folder.c_str(), W_OK) == 0;
}

/// What SOCI takes for a file that may only be read. Where no log lies beside it nobody writes, and
/// it is read as it is: for more SQLite would have to make files of its own.
std::string unwritable_text(const std::string& path) {
  static constexpr std::string_view kPlain =
      "/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::string name = "file:";
  for (const char c : path)
    name += kPlain.find(c) != std::string_view::npos
                ? std::string{c}
                : "%" + base::hex(base::as_bytes(std::string_view{&c, 1}));
  std::error_code unknown;
  if (!std::filesystem::exists(path + "-wal", unknown)) name += "?immutable=1";
  return "dbname=\"" + name + "\" readonly=true";
}

void open_file(soci::session& session, const std::string& place, bool making) {
  try {
    const auto path = std::filesystem::absolute(place).string();
    prepare_file(path, making);
    const auto text = making || writable(path) ? file_text(path) : unwritable_text(path);
    guarded([&] {
      session.open("sqlite3", text);
      session << "PRAGMA busy_timeout=30000";
      if (making) keep_log(session);
      session << "PRAGMA synchronous=FULL";
    });
  } catch (const std::filesystem::filesystem_error&) {
    throw Error{Code::ledger};
  } catch (const Error& error) {
    if (error.code() == Code::ledger) throw;
    throw Error{Code::ledger};
  }
}

void open_server(soci::session& session, const std::string& place) {
  try {
    guarded([&] { session.open("postgresql", connection_text(place)); });
  } catch (const Error& error) {
    throw error.because(Cause::unreachable);
  }
  guarded([&] {
    session << "SET client_min_messages = error";  // libpq prints the others
    session << "SET lock_timeout = '8s'";
    session << "SET statement_timeout = '60s'";
    session << "SET idle_in_transaction_session_timeout = '60s'";
  });
}

}  // namespace

struct Database::Inside {
  soci::session session;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> prepared;  // gone before the session
  std::unique_ptr<Prepared> asked;                                      // same

  void ask(const std::string& query, const Row& values, std::size_t columns) {
    asked.reset();
    asked = std::make_unique<Prepared>(session, query, values.size(), columns);
    asked->fill(values);
    asked->statement.execute(false);
  }

  std::size_t change(const std::string& statement, const Row& values) {
    auto& known = prepared[statement];
    if (!known) known = std::make_unique<Prepared>(session, statement, values.size(), 0);
    known->fill(values);
    known->statement.execute(true);
    return static_cast<std::size_t>(known->statement.get_affected_rows());
  }
};

/// Work with the connection: a file's at once, a server's within its limit, after which the
/// connection is its thread's alone.
template <class T>
T Database::patiently(std::chrono::milliseconds limit, std::function<T(Inside&)> work) {
  if (!inside_) throw Error{Code::ledger}.because(Cause::unreachable);
  auto guarded_work = [inside = inside_, work = std::move(work)] {
    return guarded([&] { return work(*inside); });
  };
  if (!courier_) return guarded_work();
  try {
    return courier_->within<T>(limit, std::move(guarded_work));
  } catch (const Error& error) {
    if (error.cause() == Cause::unreachable) inside_.reset();
    throw;
  }
}

Database::Database(const std::string& place, bool making) : inside_(std::make_shared<Inside>()) {
  if (!is_server(place)) {
    open_file(inside_->session, place, making);
    return;
  }
  courier_ = std::make_unique<Courier>();
  courier_->within<void>(kConnecting,
                         [inside = inside_, place] { open_server(inside->session, place); });
}

/// A connection says good-bye to its server, which may not listen.
Database::~Database() {
  if (!courier_ || !inside_) return;
  try {
    courier_->within<void>(kStatement, [inside = std::move(inside_)]() mutable { inside.reset(); });
  } catch (const std::exception&) {
    // its thread keeps what is left of it
  }
}

bool Database::server() const { return courier_ != nullptr; }

void Database::run(const std::string& statement) {
  patiently<void>(kStatement, [statement](Inside& inside) { inside.session << statement; });
}

std::size_t Database::change(const std::string& statement, const Row& values) {
  return patiently<std::size_t>(
      kStatement, [statement, values](Inside& inside) { return inside.change(statement, values); });
}

/// The rows are all here once the statement was carried out: to take them over is no waiting.
std::vector<Row> Database::rows(const std::string& query, const Row& values, std::size_t columns) {
  patiently<void>(kStatement,
                  [query, values, columns](Inside& inside) { inside.ask(query, values, columns); });
  std::vector<Row> out;
  guarded([&] {
    while (inside_->asked->statement.fetch()) out.push_back(inside_->asked->row());
  });
  patiently<void>(kStatement, [](Inside& inside) { inside.asked.reset(); });
  return out;
}

Transaction::Transaction(Database& database, Purpose purpose) : database_(database) {
  const bool writing = purpose == Purpose::writing;
  if (database.server())
    database.run(writing ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  else
    database.run(writing ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const Error&) {
    // the connection is gone, and the transaction with it
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace ukey::ledger
