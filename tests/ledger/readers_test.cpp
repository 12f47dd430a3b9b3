// A ledger that other programs read: tests/peers names the places and looks at them afterwards.
#include <cstdlib>

#include "ledger/store.hpp"
#include "tests/ledger/fixture.hpp"

using namespace ukey;
using namespace ukey::ledger_test;

TEST_CASE("readers: a ledger is left with an attempt, a batch and its items") {
  const Folder folder;
  const char* left = std::getenv("UKEY_TEST_LEFT");
  auto store = ledger::Store::open(left != nullptr ? left : folder.file("ledger.db"));
  auto batch = whole_batch();
  batch.id = "00000000000000000000000000000001";
  auto attempt = whole_attempt();
  attempt.id = "00000000000000000000000000000002";
  attempt.batch = batch.id;
  attempt.token.serial = "590bee135b071e59";
  store.put(
      std::vector<ledger::Entry>{whole_item(batch.id, 1), whole_item(batch.id, 2), attempt, batch});
  CHECK(store.attempt(attempt.id).has_value());
  CHECK(store.items(batch.id).size() == 2);
}
