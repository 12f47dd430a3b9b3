#include "ledger/database.hpp"

#include <fcntl.h>
// Debian builds SOCI with Boost; what we use of it needs none.
#include <soci/soci-config.h>
#undef SOCI_HAVE_BOOST
#include <soci/soci.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <string_view>
#include <thread>
#include <unordered_map>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "ledger/place.hpp"
#include "ledger/storable.hpp"

namespace ukey::ledger {

namespace {

using base::Cause;
using base::Code;
using base::Error;

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
      open(path.c_str(), O_RDWR | O_CLOEXEC | (making ? O_CREAT : 0), S_IRUSR | S_IWUSR)};
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

void open_file(soci::session& session, const std::string& place, bool making) {
  try {
    const auto path = std::filesystem::absolute(place).string();
    prepare_file(path, making);
    const auto text = file_text(path);
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
    session << "SET lock_timeout = '30s'";
    session << "SET statement_timeout = '60s'";
    session << "SET idle_in_transaction_session_timeout = '60s'";
  });
}

}  // namespace

struct Database::Inside {
  bool server = false;
  soci::session session;
  std::unordered_map<std::string, std::unique_ptr<Prepared>> prepared;  // gone before the session
};

Database::Database(const std::string& place, bool making) : inside_(std::make_unique<Inside>()) {
  inside_->server = is_server(place);
  if (inside_->server)
    open_server(inside_->session, place);
  else
    open_file(inside_->session, place, making);
}

Database::~Database() = default;

bool Database::server() const { return inside_->server; }

void Database::run(const std::string& statement) {
  guarded([&] { inside_->session << statement; });
}

std::size_t Database::change(const std::string& statement, const Row& values) {
  return guarded([&] {
    auto& prepared = inside_->prepared[statement];
    if (!prepared)
      prepared = std::make_unique<Prepared>(inside_->session, statement, values.size(), 0);
    prepared->fill(values);
    prepared->statement.execute(true);
    return static_cast<std::size_t>(prepared->statement.get_affected_rows());
  });
}

std::vector<Row> Database::rows(const std::string& query, const Row& values, std::size_t columns) {
  return guarded([&] {
    std::vector<Row> out;
    Prepared prepared{inside_->session, query, values.size(), columns};
    prepared.fill(values);
    prepared.statement.execute(false);
    while (prepared.statement.fetch()) out.push_back(prepared.row());
    return out;
  });
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
