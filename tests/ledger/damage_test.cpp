// The ledger among many writers, killed ones, and files that are none.
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include "ledger/database.hpp"
#include "ledger/store.hpp"
#include "tests/ledger/fixture.hpp"
#include "tests/ledger/processes.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Entry;
using ledger::Store;

std::optional<base::Error> opening(const std::string& place) {
  return thrown([&] { static_cast<void>(Store::open(place)); });
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

/// Puts attempts one by one, and says of each when it is kept.
void put_for_ever(const std::string& place, const std::string& batch, const Process::Say& say) {
  auto store = Store::open(place);
  for (;;) {
    auto attempt = whole_attempt();
    attempt.batch = batch;
    store.put(attempt);
    say(attempt.id);
  }
}

/// All that a process said was kept is there, and what is there is whole.
void check_kept(const std::string& place, const std::string& batch,
                const std::vector<std::string>& said) {
  auto store = Store::open(place);
  ledger::AttemptQuery query;
  query.batch = batch;
  for (const auto& id : said) CHECK(store.attempt(id).has_value());
  for (const auto& attempt : store.attempts(query)) {
    CHECK(attempt.steps.size() == 2);
    CHECK(attempt.certificates.size() == 2);
    CHECK(attempt.bids.value().unread.size() == 1);
  }
}

}  // namespace

TEST_CASE("a new ledger, its folder and what lies beside it belong to their owner alone") {
  const Folder folder;
  const mode_t mask = umask(0);
  const auto place = folder.file("state/ukey/ledger.db");
  auto store = Store::open(place);
  store.put(whole_attempt());
  umask(mask);
  CHECK(mode_of(folder.file("state")) == 0700);
  CHECK(mode_of(folder.file("state/ukey")) == 0700);
  for (const auto& file : fs::directory_iterator{folder.file("state/ukey")})
    CHECK(mode_of(file.path().string()) == 0600);
}

TEST_CASE("any name that a file can have is a ledger's place") {
  const Folder folder;
  for (const char* name : {"a b.db", "台账.db", "x=y.db", "a = b  c.db", ":memory:", "it's.db",
                           "say\"so.db", "file:x?mode=memory", "100%25.db"}) {
    CAPTURE(name);
    const auto attempt = whole_attempt();
    Store::open(folder.file(name)).put(attempt);
    REQUIRE(fs::is_regular_file(folder.file(name)));
    auto again = Store::open_existing(folder.file(name));
    REQUIRE(again.has_value());
    CHECK(again->attempt(attempt.id).has_value());
  }
}

TEST_CASE("to ask a ledger that is not there makes nothing") {
  const Folder folder;
  CHECK_FALSE(Store::open_existing(folder.file("none/ledger.db")).has_value());
  CHECK_FALSE(Store::open_existing(folder.file("ledger.db")).has_value());
  CHECK(fs::is_empty(folder.path));
  std::ofstream{folder.file("ledger.db")};
  CHECK_FALSE(Store::open_existing(folder.file("ledger.db")).has_value());
  CHECK(fs::file_size(folder.file("ledger.db")) == 0);
}

TEST_CASE("a file that is no ledger is refused and stays as it is") {
  const Folder folder;
  const auto place = folder.file("notes.txt");
  std::ofstream{place} << "a list of things to do, longer than sixteen octets";
  for (const auto& error :
       {opening(place), thrown([&] { static_cast<void>(Store::open_existing(place)); })}) {
    REQUIRE(error.has_value());
    CHECK(error->code() == base::Code::ledger);
    CHECK(error->cause() == base::Cause::no_ledger);
    CHECK(error->subject() == place);
  }
  CHECK(fs::file_size(place) == 50);
  const auto other = folder.file("other.db");
  std::ofstream{other};
  ledger::Database{other, false}.run("CREATE TABLE bookmarks (url TEXT)");
  CHECK(opening(other).value().cause() == base::Cause::no_ledger);
  CHECK(opening(folder.path).value().code() == base::Code::ledger);
}

TEST_CASE("ledger: one that a newer program changed is refused and stays as it is") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto attempt = whole_attempt();
    store.put(attempt);
    ledger::Database database{place, false};
    database.run("UPDATE ukey_schema SET version = 2");
    for (const auto& error :
         {opening(place), thrown([&] { static_cast<void>(Store::open_existing(place)); })}) {
      REQUIRE(error.has_value());
      CHECK(error->code() == base::Code::ledger);
      CHECK(error->cause() == base::Cause::newer_ledger);
    }
    database.run("UPDATE ukey_schema SET version = 1");
    CHECK(Store::open(place).attempt(attempt.id).has_value());
  }
}

TEST_CASE("a ledger in a folder that nobody may write into is refused") {
  const Folder folder;
  const auto place = folder.file("ledger.db");
  Store::open(place).put(whole_attempt());
  fs::permissions(folder.path, fs::perms{0555});
  Process other{[&](const Process::Say& say) {
    if (geteuid() == 0 && setuid(65534) != 0) return say("no other user");
    for (const auto& path : {folder.file("new.db"), folder.file("new/ledger.db"), place})
      say(opening(path).value().subject());
  }};
  CHECK(other.lines() ==
        std::vector<std::string>{folder.file("new.db"), folder.file("new/ledger.db"), place});
  CHECK(other.ended_well());
  fs::permissions(folder.path, fs::perms::owner_all);
}

TEST_CASE("ledger: eight writers that begin with nothing lose nothing and double nothing") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    const auto batch = whole_batch();
    std::vector<std::unique_ptr<Process>> writers;
    for (unsigned writer = 0; writer < 8; ++writer)
      writers.push_back(std::make_unique<Process>([&](const Process::Say& say) {
        auto store = Store::open(place);
        for (unsigned turn = 1; turn <= 10; ++turn) {
          auto attempt = whole_attempt();
          attempt.batch = batch.id;
          auto own = whole_item(batch.id, writer + 1);
          auto shared = whole_item(batch.id, 99);
          own.revision = turn;
          shared.revision = turn * 8 + writer;
          store.put(std::vector<Entry>{shared, own, attempt, batch});
          say(attempt.id);
        }
      }));
    std::vector<std::string> said;
    for (const auto& writer : writers) {
      const auto lines = writer->lines();
      said.insert(said.end(), lines.begin(), lines.end());
      CHECK(writer->ended_well());
    }
    auto store = Store::open(place);
    ledger::AttemptQuery query;
    query.batch = batch.id;
    CHECK(said.size() == 80);
    CHECK(store.attempts(query).size() == 80);
    for (const auto& id : said) CHECK(store.attempt(id).has_value());
    const auto items = store.items(batch.id);
    REQUIRE(items.size() == 9);
    for (unsigned i = 0; i < 8; ++i) CHECK(items[i].revision == 10);
    CHECK(items[8].revision == 87);
  }
}

TEST_CASE("ledger: a writer that is killed at any moment leaves whole entries, all that it kept") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    const auto batch = ledger::new_id();
    std::vector<std::string> said;
    for (int round = 0; round < 6; ++round) {
      Process writer{[&](const Process::Say& say) { put_for_ever(place, batch, say); }};
      writer.await(50 + 171 * round);  // an entry is said in 33
      writer.kill(SIGKILL);
      const auto lines = writer.lines();
      CHECK_FALSE(writer.ended_well());
      said.insert(said.end(), lines.begin(), lines.end());
    }
    CHECK_FALSE(said.empty());
    check_kept(place, batch, said);
  }
}

TEST_CASE("a disk that is full is an error, and what was kept before stays") {
  const Folder folder;
  const auto place = folder.file("ledger.db");
  const auto batch = ledger::new_id();
  static_cast<void>(Store::open(place));
  Process writer{[&](const Process::Say& say) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit most{300'000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &most);
    const auto error = thrown([&] { put_for_ever(place, batch, say); });
    say(error && error->code() == base::Code::ledger ? "ledger" : "another");
  }};
  auto said = writer.lines();
  REQUIRE(said.size() > 1);
  CHECK(said.back() == "ledger");
  said.pop_back();
  check_kept(place, batch, said);
}

TEST_CASE("a server that nobody runs is unreachable, and the error names it without its user") {
  const std::string place = "postgresql://clerk@127.0.0.1:1/ukey";
  for (const auto& error : {thrown([&] { static_cast<void>(Store::open(place)); }),
                            thrown([&] { static_cast<void>(Store::open_existing(place)); })}) {
    REQUIRE(error.has_value());
    CHECK(error->code() == base::Code::ledger);
    CHECK(error->cause() == base::Cause::unreachable);
    CHECK(error->subject() == "postgresql://127.0.0.1:1/ukey");
  }
}
