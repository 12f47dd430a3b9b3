#include "ledger/book.hpp"

#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <memory>

#include "tests/ledger/fixture.hpp"
#include "tests/ledger/processes.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Book;
using ledger::Entry;
using ledger::Store;

constexpr std::chrono::milliseconds kAtOnce{0};

/// A ledger whose database is away, until it is let back.
struct Away {
  Folder folder;
  std::string gate = folder.file("gate"), place = folder.file("gate/ledger.db"),
              spool = folder.file("spool");
  std::vector<base::Error> told;
  Away() { std::ofstream{gate}; }
  void back() const { fs::remove(gate); }
  Book book(std::chrono::milliseconds patience = kAtOnce) {
    return Book{place, spool, [this](const base::Error& why) { told.push_back(why); }, patience};
  }
};

std::size_t files_below(const std::string& path) {
  std::size_t out = 0;
  if (!fs::exists(path)) return 0;
  for (const auto& file : fs::recursive_directory_iterator{path})
    if (file.is_regular_file()) ++out;
  return out;
}

}  // namespace

TEST_CASE("book: an entry goes into the store, and nothing into a spool") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    Book book{place, folder.file("spool"), [](const base::Error&) { FAIL("it is not away"); }};
    const auto attempt = whole_attempt();
    book.record(attempt);
    REQUIRE(book.store() != nullptr);
    CHECK(text_of(book.store()->attempt(attempt.id).value()) == text_of(attempt));
    CHECK(book.pending() == 0);
    CHECK(book.flush());
    CHECK_FALSE(fs::exists(folder.file("spool")));
  }
}

TEST_CASE("book: while the store is away entries wait, which is told once, and follow later") {
  Away away;
  auto book = away.book();
  const auto attempt = whole_attempt();
  const auto batch = whole_batch();
  book.record(attempt);
  book.record(batch);
  CHECK(book.pending() == 2);
  CHECK(book.store() == nullptr);
  REQUIRE(away.told.size() == 1);
  CHECK(away.told[0].code() == base::Code::ledger);
  CHECK(away.told[0].subject() == away.place);
  CHECK_FALSE(book.flush());
  away.back();
  CHECK(book.flush());
  CHECK(book.pending() == 0);
  CHECK(files_below(away.spool) == 0);
  CHECK(text_of(book.store()->attempt(attempt.id).value()) == text_of(attempt));
  CHECK(text_of(book.store()->batch(batch.id).value()) == text_of(batch));
}

TEST_CASE("book: the next record after the store came back takes along what waits") {
  Away away;
  auto book = away.book();
  const auto waited = whole_attempt();
  book.record(waited);
  away.back();
  const auto attempt = whole_attempt();
  book.record(attempt);
  CHECK(book.pending() == 0);
  CHECK(Store::open(away.place).attempts({}).size() == 2);
}

TEST_CASE("book: a store that was away is left alone for a while, and entries wait as long") {
  Away away;
  auto book = away.book(std::chrono::hours{1});
  away.back();
  book.record(whole_attempt());
  CHECK(book.pending() == 1);
  CHECK_FALSE(fs::exists(away.place));
}

TEST_CASE("book: what another run left in the spool is kept when the next one opens") {
  Away away;
  const auto attempt = whole_attempt();
  away.book().record(attempt);
  away.back();
  auto book = away.book();
  CHECK(book.pending() == 0);
  CHECK(book.store()->attempt(attempt.id).has_value());
}

TEST_CASE("book: of several revisions that wait the newest is kept, whatever the store has") {
  Away away;
  auto attempt = whole_attempt();
  {
    auto book = away.book();
    for (const unsigned revision : {9U, 11U, 10U}) {
      attempt.revision = revision;
      attempt.reason = "revision " + std::to_string(revision);
      book.record(attempt);
    }
    CHECK(book.pending() == 3);
  }
  away.back();
  attempt.revision = 10;
  Store::open(away.place).put(attempt);
  CHECK(away.book().store()->attempt(attempt.id).value().reason == "revision 11");
}

TEST_CASE("book: an entry that neither store nor spool takes is an error") {
  Away away;
  std::ofstream{away.spool};
  auto book = away.book();
  const auto error = thrown([&] { book.record(whole_attempt()); });
  REQUIRE(error.has_value());
  CHECK(error->code() == base::Code::ledger);
  CHECK(error->subject().starts_with(away.spool));
}

TEST_CASE("book: a file that cannot be read stays in the spool and holds up no other") {
  Away away;
  auto book = away.book();
  const auto attempt = whole_attempt();
  book.record(attempt);
  const auto spool = fs::directory_iterator { away.spool } -> path();
  std::ofstream{spool / "attempt-0.json"} << "{";
  std::ofstream{spool / "attempt-1.json.Xy12ab"} << "half";
  CHECK(book.pending() == 2);
  away.back();
  CHECK_FALSE(book.flush());
  CHECK(book.pending() == 1);
  CHECK(fs::exists(spool / "attempt-0.json"));
  CHECK(book.store()->attempt(attempt.id).has_value());
}

TEST_CASE("book: what waits for one ledger gets into no other") {
  Away away;
  away.book().record(whole_attempt());
  const auto other = away.folder.file("other.db");
  Book book{other, away.spool, {}};
  CHECK(book.pending() == 0);
  CHECK(book.store()->attempts({}).empty());
  CHECK(away.book().pending() == 1);
}

TEST_CASE("book: the spool is its owner's alone") {
  Away away;
  away.book().record(whole_attempt());
  for (const auto& entry : fs::recursive_directory_iterator{away.spool})
    if (entry.is_directory()) CHECK(entry.status().permissions() == fs::perms::owner_all);
  CHECK(fs::status(away.spool).permissions() == fs::perms::owner_all);
}

TEST_CASE("book: a store that fails in mid-run is followed by the spool, and takes all later") {
  const Folder folder;
  const auto place = folder.file("ledger.db");
  Process writer{[&](const Process::Say& say) {
    signal(SIGXFSZ, SIG_IGN);
    Book book{place, folder.file("spool"), [&](const base::Error& why) { say(why.subject()); },
              kAtOnce};
    rlimit most{200'000, RLIM_INFINITY};  // the spool's small files still find room
    setrlimit(RLIMIT_FSIZE, &most);
    auto attempt = whole_attempt();
    attempt.reason.assign(16'000, 'x');
    for (int i = 0; i < 25; ++i) {
      attempt.id = ledger::new_id();
      book.record(attempt);
    }
    say(std::to_string(book.pending()));
    most.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &most);
    say(book.flush() ? "kept" : "waits");
  }};
  const auto said = writer.lines();
  CHECK(writer.ended_well());
  REQUIRE(said.size() == 3);
  CHECK(said[0] == place);
  CHECK(std::stoi(said[1]) > 0);
  CHECK(said[2] == "kept");
  CHECK(Store::open(place).attempts({}).size() == 25);
}

TEST_CASE("book: eight processes that spool and then empty the spool together lose nothing") {
  Away away;
  const auto in_eight = [&](const std::function<void(Book&)>& work) {
    std::vector<std::unique_ptr<Process>> all;
    for (int i = 0; i < 8; ++i)
      all.push_back(std::make_unique<Process>([&](const Process::Say&) {
        auto book = away.book();
        work(book);
      }));
    for (const auto& one : all) CHECK(one->ended_well());
  };
  in_eight([](Book& book) {
    for (int i = 0; i < 10; ++i) book.record(whole_attempt());
  });
  CHECK(away.book().pending() == 80);
  away.back();
  in_eight([](Book& book) {
    for (int i = 0; i < 5; ++i) book.record(whole_attempt());
  });
  CHECK(away.book().pending() == 0);
  CHECK(Store::open(away.place).attempts({}).size() == 120);
}
