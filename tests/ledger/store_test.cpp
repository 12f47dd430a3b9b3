#include "ledger/store.hpp"

#include <chrono>

#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;
using ledger::AttemptQuery;
using ledger::Entry;
using ledger::Store;

/// The ids of the attempts that answer.
std::vector<std::string> ids(const std::vector<model::Attempt>& attempts) {
  std::vector<std::string> out;
  for (const auto& attempt : attempts) out.push_back(attempt.id);
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("ledger: an attempt comes back with everything in it") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto attempt = whole_attempt();
    store.put(attempt);
    const auto back = store.attempt(attempt.id);
    REQUIRE(back.has_value());
    CHECK(text_of(*back) == text_of(attempt));
    CHECK_FALSE(store.attempt(ledger::new_id()).has_value());
  }
}

TEST_CASE("ledger: what an attempt lacks comes back as absent") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    model::Attempt attempt;
    attempt.id = ledger::new_id();
    store.put(attempt);
    CHECK(text_of(store.attempt(attempt.id).value()) == text_of(attempt));
    attempt.revision = 1;
    attempt.bids = model::BidStatement{};
    attempt.certificates = {{}};
    attempt.error = base::Error{base::Code::pin_wrong};
    store.put(attempt);
    CHECK(text_of(store.attempt(attempt.id).value()) == text_of(attempt));
  }
}

TEST_CASE("ledger: a batch and its items come back with everything in them") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto batch = whole_batch();
    auto bare = whole_item(batch.id, 2);
    bare.line.reset();
    const std::vector<Entry> entries{whole_item(batch.id, 10), bare, whole_item(batch.id, 1), batch,
                                     whole_item(ledger::new_id(), 3)};
    store.put(entries);
    CHECK(text_of(store.batch(batch.id).value()) == text_of(batch));
    const auto items = store.items(batch.id);
    REQUIRE(items.size() == 3);
    CHECK(text_of(items[0]) == text_of(entries[2]));
    CHECK(text_of(items[1]) == text_of(entries[1]));
    CHECK(text_of(items[2]) == text_of(entries[0]));
  }
}

TEST_CASE("ledger: a newer revision takes an entry's place whole, an older or equal one does not") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto attempt = whole_attempt();
    store.put(attempt);
    auto other = attempt;
    other.result = model::AttemptResult::renewed;
    other.steps = {{"login", at("2026-11-22T02:01:00Z")}};
    other.certificates.clear();
    for (const unsigned revision : {0U, 2U, 3U}) {
      other.revision = revision;
      store.put(other);
      CHECK(text_of(store.attempt(attempt.id).value()) == text_of(attempt));
    }
    other.revision = 4;
    store.put(other);
    CHECK(text_of(store.attempt(attempt.id).value()) == text_of(other));
    store.put(attempt);
    CHECK(text_of(store.attempt(attempt.id).value()) == text_of(other));
  }
}

TEST_CASE("ledger: a batch and an item follow their revisions as well, in one put or several") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto batch = whole_batch();
    auto item = whole_item(batch.id, 1);
    std::vector<Entry> entries;
    for (const unsigned revision : {2U, 3U, 1U}) {
      batch.revision = item.revision = revision;
      batch.withdrawn = {"revision " + std::to_string(revision), "two"};
      item.note = "revision " + std::to_string(revision);
      entries.emplace_back(batch);
      entries.emplace_back(item);
    }
    store.put(entries);
    CHECK(store.batch(batch.id).value().withdrawn == std::vector<std::string>{"revision 3", "two"});
    CHECK(store.items(batch.id).at(0).note == "revision 3");
    store.put(entries[0]);
    store.put(entries[1]);
    CHECK(store.batch(batch.id).value().revision == 3);
    CHECK(store.items(batch.id).at(0).revision == 3);
  }
}

TEST_CASE("ledger: attempts are found by token, batch, kind, result and time, newest first") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto first = whole_attempt();
    auto second = whole_attempt();
    auto third = whole_attempt();
    second.token = third.token = first.token;
    third.batch = first.batch;
    second.begun += std::chrono::hours{1};
    second.changed += std::chrono::hours{1};
    third.begun += std::chrono::hours{2};
    third.changed += std::chrono::hours{2};
    second.kind = model::AttemptKind::pin_unlock;
    third.result = model::AttemptResult::renewed;
    store.put(std::vector<Entry>{second, third, first, whole_attempt()});

    AttemptQuery query;
    query.token = first.token;
    CHECK(ids(store.attempts(query)) == Ids{third.id, second.id, first.id});
    query.limit = 2;
    CHECK(ids(store.attempts(query)) == Ids{third.id, second.id});
    CHECK(text_of(store.attempts(query).at(1)) == text_of(second));
    query.since = second.changed + std::chrono::seconds{1};
    CHECK(ids(store.attempts(query)) == Ids{third.id});
    query.since = second.changed;
    CHECK(ids(store.attempts(query)) == Ids{third.id, second.id});
    query.kind = model::AttemptKind::pin_unlock;
    CHECK(ids(store.attempts(query)) == Ids{second.id});
    query = {};
    query.batch = first.batch;
    CHECK(ids(store.attempts(query)) == Ids{third.id, first.id});
    query.result = model::AttemptResult::renewed;
    CHECK(ids(store.attempts(query)) == Ids{third.id});
    query.token = model::TokenIdentity{"another maker", first.token.model, first.token.serial};
    CHECK(store.attempts(query).empty());
  }
}

TEST_CASE("ledger: a batch is found by the beginning of its id, unless two begin so") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto batch = whole_batch();
    auto other = whole_batch();
    other.id = batch.id.substr(0, 8) + (batch.id[8] == '0' ? '1' : '0') + other.id.substr(9);
    store.put(batch);
    CHECK(store.batch(batch.id.substr(0, 6)).value().id == batch.id);
    CHECK_FALSE(store.batch(batch.id.substr(0, 5)).has_value());
    CHECK_FALSE(store.batch("").has_value());
    CHECK_FALSE(store.batch(batch.id + "0").has_value());
    store.put(other);
    CHECK_FALSE(store.batch(batch.id.substr(0, 8)).has_value());
    CHECK(store.batch(batch.id.substr(0, 9)).value().id == batch.id);
    CHECK(store.batch(other.id).value().id == other.id);
  }
}

TEST_CASE("ledger: batches are listed, those begun last first") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto later = whole_batch();
    auto earlier = whole_batch();
    later.begun = at("2036-01-01T00:00:00Z");
    later.options.clear();
    earlier.ended.reset();
    store.put(std::vector<Entry>{earlier, later});
    const auto all = store.batches();
    REQUIRE(all.size() >= 2);
    CHECK(text_of(all.front()) == text_of(later));
  }
}

TEST_CASE("ledger: ten thousand items are put at once and read at once") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto batch = ledger::new_id();
    std::vector<Entry> entries;
    for (unsigned number = 1; number <= 10'000; ++number)
      entries.emplace_back(whole_item(batch, number));
    store.put(entries);
    const auto items = store.items(batch);
    CHECK(items.size() == 10'000);
    CHECK(items.back().number == 10'000);
  }
}

TEST_CASE("ledger: texts that no database takes are kept in a form that it takes") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto batch = whole_batch();
    batch.options = {"\xcd\xb6\xb1\xea.zip", "\xff\xfe", std::string{"a\0b", 3}, "", "'; --"};
    store.put(batch);
    CHECK(text_of(store.batch(batch.id).value()) == text_of(batch));
  }
}

TEST_CASE("a ledger that can be written says so, and nothing is left of the trial") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto before = store.batches().size();
    store.require_writable();
    CHECK(store.batches().size() == before);
    CHECK_FALSE(store.knows_token("no such serial"));
  }
}

TEST_CASE("a ledger knows the serials that were written of, octet for octet") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto attempt = whole_attempt();
    attempt.token.serial = "Ab" + ledger::new_id();
    store.put(attempt);
    CHECK(store.knows_token(attempt.token.serial));
    CHECK_FALSE(store.knows_token("ab" + attempt.token.serial.substr(2)));
  }
}

TEST_CASE("ledger: what began in one second stands in the order in which it began") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    ledger::AttemptQuery query;
    query.batch = ledger::new_id();
    std::vector<std::string> ids;
    for (int i = 0; i < 20; ++i) {
      auto attempt = whole_attempt();
      attempt.id = ledger::new_id();
      attempt.batch = *query.batch;
      store.put(attempt);
      ids.insert(ids.begin(), attempt.id);
    }
    std::vector<std::string> found;
    for (const auto& attempt : store.attempts(query)) found.push_back(attempt.id);
    CHECK(found == ids);
  }
}
