// The ledger on a server that goes away and comes back: ledger.bats starts it, and says how to stop
// it.
#include <cstdlib>
#include <string>

#include "ledger/book.hpp"
#include "ledger/database.hpp"
#include "ledger/store.hpp"
#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Book;
using ledger::Entry;
using ledger::Store;

std::string server() {
  const char* url = std::getenv("UKEY_TEST_POSTGRES");
  REQUIRE(url != nullptr);
  return url;
}

/// Runs the program that stops and starts the server.
void server_to(const char* verb) {
  const char* program = std::getenv("UKEY_TEST_POSTGRES_SWITCH");
  REQUIRE(program != nullptr);
  REQUIRE(std::system((std::string{program} + " " + verb).c_str()) == 0);
}

/// The sample's URL with another user.
std::string as_guest() {
  auto out = server();
  return out.replace(out.find("ukey@"), 5, "guest@");
}

}  // namespace

TEST_CASE("who is not let in is told so, without a word of the secrets") {
  static_cast<void>(Store::open(server()));
  auto stranger = server();
  stranger.replace(stranger.find("ukey@"), 5, "stranger@");
  const auto refused = thrown([&] { static_cast<void>(Store::open(stranger)); });
  REQUIRE(refused.has_value());
  CHECK(refused->cause() == base::Cause::unreachable);
  CHECK(refused->subject().find("stranger") == std::string::npos);
  const auto guest = thrown([&] { static_cast<void>(Store::open(as_guest())); });
  REQUIRE(guest.has_value());
  CHECK(guest->code() == base::Code::ledger);
  CHECK(guest->subject().find("guest") == std::string::npos);
}

TEST_CASE("a connection that was cut is made anew within the same call") {
  auto store = Store::open(server());
  const auto before = whole_attempt();
  const auto after = whole_attempt();
  store.put(before);
  server_to("stop");
  server_to("start");
  store.put(after);
  CHECK(store.attempt(before.id).has_value());
  CHECK(store.attempt(after.id).has_value());
  server_to("stop");
  server_to("start");
  CHECK(store.attempt(after.id).has_value());
}

TEST_CASE("entries made while it is away wait in the spool and follow once, in any order") {
  const Folder folder;
  std::vector<base::Error> told;
  const auto note = [&](const base::Error& why) { told.push_back(why); };
  Book book{server(), folder.file("spool"), note, std::chrono::milliseconds{0}};
  auto attempt = whole_attempt();
  auto batch = whole_batch();
  book.record(std::vector<Entry>{attempt, batch});
  server_to("stop");
  attempt.revision = 4;
  attempt.result = model::AttemptResult::renewed;
  book.record(attempt);
  batch.revision = 2;
  book.record(batch);
  CHECK(book.pending() == 2);
  CHECK(book.store() == nullptr);
  REQUIRE(told.size() == 1);
  CHECK(told[0].cause() == base::Cause::unreachable);
  Book another{server(), folder.file("spool"), {}, std::chrono::milliseconds{0}};
  const auto its_own = whole_attempt();
  another.record(its_own);
  CHECK(book.pending() == 3);
  server_to("start");
  CHECK(book.flush());
  CHECK(another.flush());
  auto store = Store::open(server());
  CHECK(text_of(store.attempt(attempt.id).value()) == text_of(attempt));
  CHECK(text_of(store.batch(batch.id).value()) == text_of(batch));
  CHECK(store.attempt(its_own.id).has_value());
}

TEST_CASE("one that is frozen is away after a while, and what is recorded follows when it thaws") {
  const Folder folder;
  std::vector<base::Error> told;
  const auto note = [&](const base::Error& why) { told.push_back(why); };
  Book book{server(), folder.file("spool"), note, std::chrono::milliseconds{0}};
  auto asking = Store::open(server());
  const auto before = whole_attempt();
  const auto after = whole_attempt();
  book.record(before);
  server_to("freeze");
  book.record(after);
  CHECK(book.store() == nullptr);
  CHECK(book.pending() == 1);
  REQUIRE(told.size() == 1);
  CHECK(told[0].cause() == base::Cause::unreachable);
  const auto unasked = thrown([&] { static_cast<void>(asking.attempt(before.id)); });
  CHECK(unasked.value().cause() == base::Cause::unreachable);
  server_to("thaw");
  CHECK(book.flush());
  CHECK(asking.attempt(before.id).has_value());
  CHECK(asking.attempt(after.id).has_value());
}

TEST_CASE("to ask one without a ledger makes none") {
  const auto place = server() + "?options=-csearch_path%3Dempty";
  ledger::Database{server(), false}.run("CREATE SCHEMA IF NOT EXISTS empty");
  CHECK_FALSE(Store::open_existing(place).has_value());
  CHECK_FALSE(Store::open_existing(place).has_value());
  static_cast<void>(Store::open(place));
  CHECK(Store::open_existing(place).has_value());
  ledger::Database{server(), false}.run("DROP SCHEMA empty CASCADE");
}
