#include "ops/batch.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "base/error.hpp"

using namespace ukey;
using namespace std::chrono_literals;
using model::BatchItem;
using model::ItemEnd;
using model::ItemState;
using model::RenewalStep;
using States = std::vector<ItemState>;
using Progress = std::function<void(RenewalStep)>;

namespace {

std::vector<BatchItem> items_of(std::size_t count, const std::string& source = "") {
  std::vector<BatchItem> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i].batch = "b";
    out[i].number = static_cast<unsigned>(i + 1);
    out[i].label = "token-" + std::to_string(i + 1);
    out[i].pin_source = source;
  }
  return out;
}

ItemEnd ended(ItemState state) {
  ItemEnd out;
  out.state = state;
  return out;
}

ItemEnd refused() {
  ItemEnd out;
  out.reason = "pin_wrong";
  out.error = base::Error{base::Code::pin_wrong};
  out.pin_unproven = true;
  return out;
}

/// What launching an item comes to whose PIN must not be sent.
ItemEnd not_sent() {
  ItemEnd out;
  out.reason = "pin_not_sent";
  out.error = base::Error{base::Code::pin_not_sent}.because(base::Cause::source_withdrawn);
  return out;
}

/// A batch without tokens: what was recorded, and how many items were at work at once.
struct Crew {
  model::Batch batch;
  std::vector<ledger::Entry> entries;
  std::atomic<int> at_work{0}, most{0};
  std::atomic<unsigned> ids{0};
  std::atomic<bool> stop{false};

  ops::BatchHooks hooks(std::function<ItemEnd(const BatchItem&, const Progress&)> work) {
    ops::BatchHooks out;
    out.launch = [this, work](const BatchItem& item, bool withdrawn, const Progress& progress) {
      if (withdrawn) return not_sent();
      const int now = ++at_work;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) continue;
      struct Leave {
        std::atomic<int>& count;
        ~Leave() { --count; }
      } leave{at_work};
      return work(item, progress);
    };
    out.record = [this](const ledger::Entry& entry) { entries.push_back(entry); };
    out.new_id = [this] { return "attempt-" + std::to_string(++ids); };
    out.clock = [] { return base::Time{1'700'000'000s}; };
    out.stopping = [this] { return stop.load(); };
    return out;
  }

  /// Waits until so many items were at work at once, a minute at most.
  void await(int count) const {
    for (int i = 0; i < 12'000 && most < count; ++i) std::this_thread::sleep_for(5ms);
  }

  /// The states that were recorded of an item, in their order.
  States states_of(unsigned number) const {
    States out;
    for (const auto& entry : entries)
      if (const auto* item = std::get_if<BatchItem>(&entry); item && item->number == number)
        out.push_back(item->state);
    return out;
  }
};

}  // namespace

TEST_CASE("each item is recorded before its work and after it, and the batch gets its end") {
  Crew stage;
  auto items = items_of(3);
  const auto summary =
      ops::carry_out(stage.batch, items, 2, stage.hooks([](const BatchItem& item, const Progress&) {
        return ended(item.number == 2 ? ItemState::skipped : ItemState::renewed);
      }));
  CHECK(summary.renewed == 2);
  CHECK(summary.skipped == 1);
  CHECK(summary.left == 0);
  for (unsigned number : {1U, 3U})
    CHECK(stage.states_of(number) == States{ItemState::running, ItemState::renewed});
  CHECK(stage.states_of(2) == States{ItemState::running, ItemState::skipped});
  REQUIRE(stage.batch.ended.has_value());
  CHECK(std::get<model::Batch>(stage.entries.back()).ended == stage.batch.ended);
  std::set<std::string> attempts;
  for (const auto& item : items) attempts.insert(item.attempt);
  CHECK(attempts.size() == 3);
}

TEST_CASE("as many items are at work at once as were allowed, of tokens with one serial only one") {
  for (const std::string serial : {"", "1234"}) {
    Crew stage;
    auto items = items_of(20);
    for (auto& item : items) item.token.serial = serial;
    const auto work = [&stage, most = serial.empty() ? 4 : 1](const BatchItem&, const Progress&) {
      stage.await(most);
      return ended(ItemState::renewed);
    };
    CHECK(ops::carry_out(stage.batch, items, 4, stage.hooks(work)).renewed == 20);
    CHECK(stage.most == (serial.empty() ? 4 : 1));
  }
}

TEST_CASE("a PIN source serves one token alone until a login from it has succeeded") {
  Crew stage;
  auto items = items_of(12, "file:pin");
  std::atomic<bool> proven{false};
  std::atomic<int> before{0};
  const auto work = [&](const BatchItem&, const Progress& progress) {
    if (!proven) {
      ++before;
      std::this_thread::sleep_for(30ms);  // time for another one to begin wrongly
      proven = true;
      progress(RenewalStep::login);
    }
    stage.await(2);
    return ended(ItemState::renewed);
  };
  CHECK(ops::carry_out(stage.batch, items, 6, stage.hooks(work)).renewed == 12);
  CHECK(before == 1);
  CHECK(stage.most > 1);
}

TEST_CASE("an item that sent no PIN before it failed leaves the source to the next one") {
  Crew stage;
  auto items = items_of(3, "file:pin");
  const auto work = [](const BatchItem& item, const Progress& progress) {
    if (item.number == 1) throw base::Error{base::Code::no_token, item.label};
    progress(RenewalStep::login);
    return ended(ItemState::renewed);
  };
  CHECK(ops::carry_out(stage.batch, items, 3, stage.hooks(work)).renewed == 2);
  CHECK(stage.batch.withdrawn.empty());
}

TEST_CASE("one wrong PIN withdraws its source for the whole batch, and no other") {
  Crew stage;
  auto items = items_of(6, "file:pin");
  items[5].pin_source = "file:other";
  std::atomic<int> launched{0};
  const auto work = [&](const BatchItem& item, const Progress& progress) {
    ++launched;
    if (item.pin_source == "file:pin") return refused();
    progress(RenewalStep::login);
    return ended(ItemState::renewed);
  };
  const auto summary = ops::carry_out(stage.batch, items, 4, stage.hooks(work));
  CHECK(launched == 2);
  CHECK(summary.renewed == 1);
  CHECK(summary.failed == 5);
  CHECK(summary.reasons.at({"pin_wrong", {}}) == 1);
  CHECK(summary.reasons.at({"pin_not_sent", base::Cause::source_withdrawn}) == 4);
  CHECK(stage.batch.withdrawn == std::vector<std::string>{"file:pin"});
  bool recorded = false;
  for (const auto& entry : stage.entries)
    if (const auto* batch = std::get_if<model::Batch>(&entry))
      recorded = recorded || batch->withdrawn == stage.batch.withdrawn;
  CHECK(recorded);
}

TEST_CASE("a source that was withdrawn stays so when the batch is taken up again") {
  Crew stage;
  stage.batch.withdrawn = {"file:pin"};
  auto items = items_of(2, "file:pin");
  items[0].state = ItemState::running;
  items[0].attempt = "before";
  std::atomic<int> launched{0};
  const auto work = [&](const BatchItem&, const Progress&) {
    ++launched;
    return ended(ItemState::renewed);
  };
  CHECK(ops::carry_out(stage.batch, items, 2, stage.hooks(work)).failed == 2);
  CHECK(launched == 0);
}

TEST_CASE(
    "an item that was begun before keeps its attempt, and what came to its end is left alone") {
  Crew stage;
  auto items = items_of(3);
  items[0].state = ItemState::running;
  items[0].attempt = "before";
  items[1].state = ItemState::renewed;
  items[2].state = ItemState::failed;
  std::vector<std::string> attempts;
  const auto work = [&](const BatchItem& item, const Progress&) {
    attempts.push_back(item.attempt);
    return ended(ItemState::renewed);
  };
  const auto summary = ops::carry_out(stage.batch, items, 1, stage.hooks(work));
  CHECK(attempts == std::vector<std::string>{"before"});
  CHECK(summary.renewed == 2);
  CHECK(summary.failed == 1);
}

TEST_CASE("what the work on an item throws is that item's failure, and the others go on") {
  Crew stage;
  auto items = items_of(4);
  const auto work = [](const BatchItem& item, const Progress&) {
    if (item.number == 2) throw base::Error{base::Code::module_broken, item.label};
    return ended(ItemState::renewed);
  };
  const auto summary = ops::carry_out(stage.batch, items, 2, stage.hooks(work));
  CHECK(summary.renewed == 3);
  CHECK(summary.reasons.at({"module_broken", {}}) == 1);
  CHECK(items[1].state == ItemState::failed);
}

TEST_CASE("a batch that is stopped begins nothing more and has no end yet") {
  Crew stage;
  auto items = items_of(10);
  const auto work = [&](const BatchItem&, const Progress&) {
    stage.stop = true;
    return ended(ItemState::renewed);
  };
  const auto summary = ops::carry_out(stage.batch, items, 1, stage.hooks(work));
  CHECK(summary.renewed == 1);
  CHECK(summary.left == 9);
  CHECK_FALSE(stage.batch.ended.has_value());
}

TEST_CASE("an item that cannot be begun now stays for a resume, and so does the batch") {
  Crew stage;
  auto items = items_of(2);
  const auto work = [](const BatchItem& item, const Progress&) {
    return ended(item.number == 1 ? ItemState::waiting : ItemState::renewed);
  };
  const auto summary = ops::carry_out(stage.batch, items, 2, stage.hooks(work));
  CHECK(summary.left == 1);
  CHECK_FALSE(stage.batch.ended.has_value());
  CHECK(items[0].attempt.empty());
  CHECK_FALSE(items[1].attempt.empty());
}

TEST_CASE("an item that waits for who still works on it keeps the attempt of that work") {
  Crew stage;
  auto items = items_of(1);
  items[0].state = ItemState::running;
  items[0].attempt = "before";
  const auto work = [](const BatchItem&, const Progress&) { return ended(ItemState::waiting); };
  (void)ops::carry_out(stage.batch, items, 1, stage.hooks(work));
  CHECK(items[0].attempt == "before");
}

TEST_CASE("when nothing can be recorded nothing is begun, and the reason is told") {
  Crew stage;
  auto items = items_of(5);
  std::atomic<int> launched{0};
  auto hooks = stage.hooks([&](const BatchItem&, const Progress&) {
    ++launched;
    return ended(ItemState::renewed);
  });
  hooks.record = [](const ledger::Entry&) { throw base::Error{base::Code::ledger, "full"}; };
  CHECK_THROWS_AS((void)ops::carry_out(stage.batch, items, 3, hooks), base::Error);
  CHECK(launched == 0);
}

TEST_CASE("a listener that fails ends the batch after what is under way, not the work on a token") {
  Crew stage;
  auto items = items_of(5, "file:pin");
  std::atomic<int> finished{0};
  auto hooks = stage.hooks([&](const BatchItem&, const Progress& progress) {
    progress(RenewalStep::login);
    ++finished;
    return ended(ItemState::renewed);
  });
  hooks.progressed = [](const auto&, auto) { throw base::Error{base::Code::file_io, "stdout"}; };
  CHECK_THROWS_AS((void)ops::carry_out(stage.batch, items, 1, hooks), base::Error);
  CHECK(finished == 1);
  CHECK(items[0].state == ItemState::renewed);
}
