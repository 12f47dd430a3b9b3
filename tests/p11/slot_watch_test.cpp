// Slots whose token may be another: what is asked, how often, and what a module that does not tell
// hides.
#include "p11/slot_watch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>

#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using Why = p11::Suspect::Why;

namespace {

using Slots = std::vector<unsigned long>;

Slots slots_of(const std::vector<p11::Suspect>& suspects, Why why) {
  Slots out;
  for (const auto& suspect : suspects)
    if (suspect.why == why) out.push_back(suspect.slot);
  return out;
}

/// A fake whose calls are kept, from now on, and its events.
struct Watched {
  Watched() {
    fake.slot_event = [this](unsigned long flags, unsigned long* slot) {
      CHECK(flags == CKF_DONT_BLOCK);
      if (events.empty()) return CKR_NO_EVENT;
      *slot = events.front();
      events.pop_front();
      return CKR_OK;
    };
  }
  p11::SlotWatch watch() {
    p11::SlotWatch out{module};
    recorder.calls->clear();
    return out;
  }
  Fake fake;
  std::deque<unsigned long> events;
  Recorder recorder;
  p11::Module module = fake.module(recorder.door);
};

}  // namespace

TEST_CASE("the first look has every slot once, those with a token first") {
  Watched one;
  one.fake.slots = {3, 5};
  one.fake.empty_slots = {1};
  const auto all = one.watch().all(one.module);
  CHECK(slots_of(all, Why::list) == Slots{3, 5});
  CHECK(slots_of(all, Why::turn) == Slots{1});
}

TEST_CASE("while nothing happens a poll makes one call at most, and never waits in it") {
  Watched one;
  one.fake.empty_slots = {8, 9};
  auto watch = one.watch();
  for (int i = 0; i < 40; ++i) {
    const auto before = one.recorder.calls->size();
    (void)watch.poll(one.module, {7});
    CHECK(one.recorder.calls->size() - before <= 1);
  }
  CHECK(one.recorder.count("C_WaitForSlotEvent") == 20);
}

TEST_CASE("events name their slots, each once, and those from before are not told") {
  Watched one;
  one.events = {7, 7};
  auto watch = one.watch();
  CHECK(one.events.empty());
  CHECK(slots_of(watch.poll(one.module, {7}), Why::event).empty());
  (void)watch.poll(one.module, {7});
  one.events = {5, 3, 5};
  CHECK(slots_of(watch.poll(one.module, {7}), Why::event) == Slots{5, 3});
  CHECK(one.events.empty());
}

TEST_CASE("a module that always has an event does not keep the watch") {
  Watched one;
  one.fake.slot_event = [](unsigned long, unsigned long* slot) {
    *slot = 7;
    return CKR_OK;
  };
  auto watch = one.watch();
  CHECK(slots_of(watch.poll(one.module, {7}), Why::event) == Slots{7});
}

TEST_CASE("every slot has its turn, and a reader that came later too") {
  Watched one;
  one.fake.empty_slots = {8};
  auto watch = one.watch();
  const auto turns = [&] {
    Slots out;
    for (int i = 0; i < 12; ++i)
      for (const auto slot : slots_of(watch.poll(one.module, {7}), Why::turn)) out.push_back(slot);
    return out;
  };
  CHECK(turns() == Slots{7, 8, 7, 8});
  one.fake.empty_slots = {8, 9};
  const auto later = turns();
  CHECK(std::count(later.begin(), later.end(), 9UL) >= 1);
}

TEST_CASE("without events the lists are compared: what came and what went is suspect") {
  for (const CK_RV rv : {CKR_FUNCTION_NOT_SUPPORTED, CKR_GENERAL_ERROR}) {
    Watched one;
    one.fake.slot_event = [rv](unsigned long, unsigned long*) { return rv; };
    one.fake.slots = {3, 5};
    auto watch = one.watch();
    one.fake.slots = {5, 6};
    Slots suspects;
    for (int i = 0; i < 4; ++i)
      for (const auto slot : slots_of(watch.poll(one.module, {3, 5}), Why::list))
        suspects.push_back(slot);
    CHECK(suspects == Slots{6, 3});
    CHECK(one.recorder.count("C_WaitForSlotEvent") == 0);
  }
}

TEST_CASE("a module that loses its events is asked for its lists from then on") {
  Watched one;
  auto watch = one.watch();
  one.fake.slot_event = [](unsigned long, unsigned long*) { return CKR_DEVICE_ERROR; };
  for (int i = 0; i < 8; ++i) (void)watch.poll(one.module, {});
  CHECK(one.recorder.count("C_WaitForSlotEvent") == 1);
}

TEST_CASE("a module that cannot list its slots is refused, at the start and later") {
  Watched one;
  auto watch = one.watch();
  one.fake.slot_list = [](unsigned long*, unsigned long*) { return CKR_DEVICE_ERROR; };
  const auto refused = [&] {
    for (int i = 0; i < 20; ++i) (void)watch.poll(one.module, {7});
  };
  CHECK(error_of(refused).answer()->call == "C_GetSlotList");
  CHECK(error_of([&] { p11::SlotWatch{one.module}; }).answer()->call == "C_GetSlotList");
}

TEST_CASE("SoftHSM's slots each have their turn, and nothing is suspected without need") {
  const Store store;
  const auto module = p11::Module::load(kSoftHsm, nullptr);
  p11::SlotWatch watch{module};
  Slots known, turns;
  for (const auto& suspect : watch.all(module)) known.push_back(suspect.slot);
  CHECK(known.size() == 2);
  for (int i = 0; i < 4; ++i)
    for (const auto& suspect : watch.poll(module, known)) {
      CHECK(suspect.why == Why::turn);
      turns.push_back(suspect.slot);
    }
  CHECK(turns == known);
}
