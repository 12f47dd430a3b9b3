// Waiting for tokens: who comes, who goes, who was in already.
#include "ops/watch.hpp"

#include "contents.hpp"
#include "witness.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using namespace std::chrono_literals;
using base::Code;
using model::TokenState;

TEST_CASE("tokens that are in are told first, then each that comes, with its card, and goes") {
  const OwnStore store({"first", "second"}, [](Writer& writer) { make_master(writer); });
  store.plug(false, 1);
  Witness witness;
  witness.acts = {[&] { store.plug(true, 1); }, [&] { store.plug(false, 0); },
                  [&] { store.plug(false, 1); }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() ==
        Story{"present first", "plugged second", "unplugged first", "unplugged second"});
  for (const int i : {0, 1}) {
    CHECK(witness.heard[i].card->state == TokenState::ready);
    CHECK(witness.heard[i].card->lock.kind == model::LockKind::master);
  }
}

TEST_CASE("without any token a watch waits, and ends as soon as it is told to") {
  const OwnStore store({});
  const auto bench = bench_over();
  const Calls calls(*bench);
  Watch watch{bench};
  Watcher watcher;
  int looks = 0;
  watcher.pause = [&](std::chrono::milliseconds time) {
    CHECK(time <= 250ms);
    return ++looks < 9;
  };
  int heard = 0;
  watcher.tell = [&heard](const model::Sighting&) { return ++heard > 0; };
  const auto before = calls.names().size();
  watch.run(watcher);
  CHECK(looks == 9);
  CHECK(heard == 0);
  CHECK(calls.names().size() - before <= 8);
  CHECK(calls.count("C_OpenSession") == 0);
}

TEST_CASE("a module without events is watched by its lists") {
  const OwnStore store({"first", "second"});
  store.plug(false, 1);
  const Demand demand("C_WaitForSlotEvent=0x54");
  Witness witness;
  witness.acts = {[&] { store.plug(true, 1); }, [&] { store.plug(false, 0); }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present first", "plugged second", "unplugged first"});
}

TEST_CASE("a token that another one replaces unnoticed in its slot goes, and the other comes") {
  const OwnStore store({"one"});
  static Tap<& CK_FUNCTION_LIST::C_GetTokenInfo>* tap = nullptr;
  static bool replaced = false;
  Tap<&CK_FUNCTION_LIST::C_GetTokenInfo> mine([](CK_SLOT_ID slot, CK_TOKEN_INFO* info) -> CK_RV {
    const auto rv = tap->original(slot, info);
    if (replaced) info->serialNumber[0] = 'X';
    return rv;
  });
  tap = &mine;
  Witness witness;
  witness.acts = {[] { replaced = true; }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present one", "unplugged one", "plugged one"});
  REQUIRE(witness.heard.size() == 3);
  CHECK(witness.heard[1].card->token.serial == store.serials[0]);
  CHECK(witness.heard[2].card->token.serial == "X" + store.serials[0].substr(1));
}

TEST_CASE("tokens that share a serial come and go each for itself") {
  const OwnStore store({"one", "two"});
  store.plug(false, 1);
  const Renamed renamed("1234");
  Witness witness;
  witness.acts = {[&] { store.plug(true, 1); }, [&] { store.plug(false, 0); },
                  [&] { store.plug(false, 1); }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present one", "plugged two", "unplugged one", "unplugged two"});
  CHECK(witness.heard[0].card->token.selector == "1234");
  CHECK(witness.heard[1].card->token.selector == "two");
}

TEST_CASE("a token that one with its serial replaces unnoticed goes, and the other comes") {
  const OwnStore store({"one"});
  std::optional<Renamed> renamed{std::in_place, "1234"};
  Witness witness;
  witness.acts = {[&] {
    renamed.reset();
    renamed.emplace("1234", "two");
  }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present one", "unplugged one", "plugged two"});
}

TEST_CASE("a token that is pulled and put back between two looks goes and comes") {
  const OwnStore store({"one"});
  Witness witness;
  witness.acts = {[&] { store.plug(false), store.plug(true); }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present one", "unplugged one", "plugged one"});
}

TEST_CASE("a token behind two modules comes once and goes once, whichever notices first") {
  const OwnStore store({"one", "two"});
  store.plug(false, 1);
  const CopiedModule copy;
  Witness witness;
  witness.acts = {[&] { store.plug(true, 1); }, [&] { store.plug(false, 1); },
                  [&] { store.plug(false, 0); }};
  Watch watch{bench_over({copy.file(), kModule})};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present one", "plugged two", "unplugged two", "unplugged one"});
  for (const auto& sighting : witness.heard)
    CHECK(sighting.card->token.modules == std::vector<std::string>{copy.file(), kModule});
}

TEST_CASE("with a selector only the tokens that it fits are told") {
  const OwnStore store({"one", "two"});
  store.plug(false, 0);
  store.plug(false, 1);
  Witness witness;
  witness.acts = {[&] { store.plug(true, 0), store.plug(true, 1); },
                  [&] { store.plug(false, 0), store.plug(false, 1); }};
  Watch watch{bench_of("two")};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"plugged two", "unplugged two"});
}

TEST_CASE("an uninitialised token is not told") {
  const OwnStore store({"only"});
  const auto witness = watched(bench_over({softhsm()}), {});
  CHECK(witness.story() == Story{"present only"});
}

TEST_CASE("a listener that has heard enough hears nothing more") {
  const OwnStore store({"one", "two", "three"});
  Witness witness;
  int heard = 0;
  witness.watcher.tell = [&](const model::Sighting&) { return ++heard < 2; };
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(heard == 2);
}

TEST_CASE("each token that came is handed on, with whether it was in and was handled before") {
  const OwnStore store({"in", "came", "again"});
  store.plug(false, 1);
  store.plug(false, 2);
  Witness witness;
  witness.acts = {[&] { store.plug(true, 1); }, [&] { store.plug(true, 2); }};
  witness.watcher.handled = [](const model::Card& card) { return card.token.label == "again"; };
  Story story;
  witness.watcher.arrived = [&](const Arrival& arrival) {
    CHECK(witness.heard.back().card->token.serial == arrival.token.ref.serial);
    CHECK(arrival.card.state == TokenState::ready);
    story.push_back(arrival.token.ref.label + (arrival.was_in ? " was in" : "") +
                    (arrival.handled ? " handled" : ""));
  };
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(story == Story{"in was in", "came", "again handled"});
}

TEST_CASE("a watch judges by the time that it is, and logs in nowhere") {
  const OwnStore store({"one"});
  store.plug(false);
  auto bench = bench_over();
  const Asked asked(*bench);
  auto now = made();
  bench->clock = [&now] { return now; };
  const auto witness = watched(bench, {[&] {
                                 now += std::chrono::hours{24};
                                 store.plug(true);
                               }});
  REQUIRE(witness.heard.size() == 1);
  CHECK(witness.heard[0].as_of == now);
  CHECK(witness.heard[0].card->state == TokenState::ready);
  CHECK(asked.serials().empty());
}
