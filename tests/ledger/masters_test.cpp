#include <algorithm>
#include <chrono>

#include "ledger/store.hpp"
#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Entry;
using ledger::Store;

std::vector<std::string> serials(const std::vector<model::KnownMaster>& masters) {
  std::vector<std::string> out;
  for (const auto& master : masters) out.push_back(master.token.serial);
  return out;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("ledger: a unit's masters are the tokens last seen as such") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto one = whole_attempt();
    auto two = whole_attempt();
    auto another = whole_attempt();
    two.uscc = one.uscc;
    two.begun += std::chrono::hours{1};
    two.changed += std::chrono::hours{1};
    two.result = model::AttemptResult::running;
    store.put(std::vector<Entry>{one, two, another});
    CHECK(serials(store.masters(one.uscc)) == Ids{one.token.serial, two.token.serial});
    const auto found = store.masters(one.uscc).at(0);
    CHECK(found.token == one.token);
    CHECK(found.label == one.label);
    CHECK(found.holder == one.holder);
    CHECK(found.seen == one.changed);
    CHECK_FALSE(found.present);
    const auto all = serials(store.masters(""));
    CHECK(std::ranges::count(all, another.token.serial) == 1);

    auto unsure = one;  // nobody could see its seals: that says nothing new
    unsure.id = ledger::new_id();
    unsure.begun += std::chrono::hours{3};
    unsure.lock = model::LockKind::undetermined;
    store.put(unsure);
    CHECK(serials(store.masters(one.uscc)) == Ids{one.token.serial, two.token.serial});
    auto sub = unsure;
    sub.id = ledger::new_id();
    sub.lock = model::LockKind::sub;
    store.put(sub);
    CHECK(serials(store.masters(one.uscc)) == Ids{two.token.serial});
  }
}

TEST_CASE("ledger: a token that went to another unit is that one's master alone") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    const auto before = whole_attempt();
    auto after = whole_attempt();
    after.token = before.token;
    after.begun += std::chrono::hours{1};
    auto nobody = whole_attempt();
    nobody.uscc.clear();
    store.put(std::vector<Entry>{after, before, nobody});
    CHECK(store.masters(before.uscc).empty());
    CHECK(serials(store.masters(after.uscc)) == Ids{after.token.serial});
    CHECK(std::ranges::count(serials(store.masters("")), nobody.token.serial) == 0);
  }
}

TEST_CASE("ledger: a superseded master stays superseded until that is withdrawn") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto attempt = whole_attempt();
    store.put(attempt);
    model::Supersession said{attempt.token.serial, "窗口二", "clerk", at("2026-11-23T00:00:00Z")};
    store.put(said);
    CHECK(store.masters(attempt.uscc).empty());
    attempt.id = ledger::new_id();
    attempt.begun = at("2026-11-24T00:00:00Z");
    store.put(attempt);
    CHECK(store.masters(attempt.uscc).empty());
    said.withdrawn = true;
    store.put(said);  // in the same second
    CHECK(serials(store.masters(attempt.uscc)) == Ids{attempt.token.serial});
    said.withdrawn = false;
    store.put(said);  // comes again, from a spool
    CHECK(serials(store.masters(attempt.uscc)) == Ids{attempt.token.serial});
    said.at += std::chrono::seconds{1};
    store.put(said);
    CHECK(store.masters(attempt.uscc).empty());
    const auto all = store.supersessions();
    const auto mine = std::ranges::find(all, said.serial, &model::Supersession::serial);
    REQUIRE(mine != all.end());
    CHECK(text_of(*mine) == text_of(said));
  }
}

TEST_CASE("ledger: masters whose serial is all zeros are told apart by their labels") {
  const Folder folder;
  for (const auto& place : places(folder)) {
    auto store = Store::open(place);
    auto one = whole_attempt();
    one.token.serial = "0000000000000000";
    auto two = whole_attempt();
    two.token = one.token;
    two.uscc = one.uscc;
    two.label = "another";
    two.begun += std::chrono::hours{1};
    store.put(std::vector<Entry>{one, two});
    CHECK(store.masters(one.uscc).size() == 2);
  }
}
