// Waiting for tokens while tokens and modules fail, hang or hide what happens.
#include <algorithm>

#include "witness.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using namespace std::chrono_literals;
using base::Code;
using model::TokenState;

TEST_CASE("a module that says there is no event, though there was, is found out") {
  const OwnStore store({"first", "second"});
  store.plug(false, 1);
  const Demand demand("C_WaitForSlotEvent=0x8");
  Witness witness;
  witness.acts = {[&] { store.plug(true, 1); }, [&] { store.plug(false, 0); }};
  Watch watch{bench_over()};
  watch.run(witness.watcher);
  CHECK(witness.story() == Story{"present first", "plugged second", "unplugged first"});
}

TEST_CASE("a card that cannot be read is told with its error, and the watch goes on") {
  const OwnStore store({"one"});
  const Demand demand("C_OpenSession:1=0x30");
  const auto witness =
      watched(bench_over(), {[&] { store.plug(false); }, [&] { store.plug(true); }});
  CHECK(witness.story() == Story{"present one", "unplugged one", "plugged one"});
  CHECK(witness.heard[0].card->state == TokenState::failed);
  CHECK(witness.heard[0].card->error->answer()->rv == CKR_DEVICE_ERROR);
  CHECK(witness.heard[2].card->state == TokenState::ready);
}

TEST_CASE("a card that the module does not recognise is told as that, once") {
  const OwnStore store({"one"});
  store.plug(false);
  static bool in = false;
  static Tap<& CK_FUNCTION_LIST::C_GetTokenInfo>* tap = nullptr;
  Tap<&CK_FUNCTION_LIST::C_GetTokenInfo> mine([](CK_SLOT_ID slot, CK_TOKEN_INFO* info) -> CK_RV {
    return in ? CKR_TOKEN_NOT_RECOGNIZED : tap->original(slot, info);
  });
  tap = &mine;
  const auto witness = watched(bench_over(), {[] { in = true; }, [] { in = false; }});
  CHECK(witness.story() == Story{"plugged ", "unplugged "});
  CHECK(witness.heard[0].card->state == TokenState::unrecognised);
  CHECK(witness.heard[0].card->error->cause() == base::Cause::unrecognised);
  CHECK(witness.heard[0].card->token.modules == std::vector<std::string>{kModule});
}

TEST_CASE("an empty slot that answers nonsense is no token, and a busy token has not gone") {
  const OwnStore store({"one", "two"});
  store.plug(false, 1);
  static bool broken = false;
  static Tap<& CK_FUNCTION_LIST::C_GetTokenInfo>* tap = nullptr;
  Tap<&CK_FUNCTION_LIST::C_GetTokenInfo> mine([](CK_SLOT_ID slot, CK_TOKEN_INFO* info) -> CK_RV {
    return broken ? CKR_GENERAL_ERROR : tap->original(slot, info);
  });
  tap = &mine;
  const auto witness = watched(bench_over(), {[] { broken = true; }, [] { broken = false; }});
  CHECK(witness.story() == Story{"present one"});
}

TEST_CASE("a module that fails while it is watched is given up and told, the others go on") {
  const OwnStore store({"one", "two"});
  store.plug(false, 1);
  const Demand demand("C_GetSlotList:3=0x30");  // when the list is read anew
  const auto witness = watched(bench_over({kModule, softhsm()}), {[&] { store.plug(true, 1); }});
  auto story = witness.story();
  REQUIRE(story.size() == 4);
  std::sort(story.begin(), story.end() - 1);  // SoftHSM lists its slots in no order
  CHECK(story ==
        Story{"present one", "present one", "present two", std::string("failed ") + kModule});
  const auto& row = *witness.heard.back().module;
  CHECK(row.state == model::ModuleState::failed);
  CHECK(row.error->code() == Code::module_broken);
  CHECK(row.error->answer()->call == "C_GetSlotList");
}

TEST_CASE("a module that hangs is given up within its limit, in a look and while a card is read") {
  for (const char* where : {"C_GetTokenInfo:2=hang", "C_OpenSession:1=hang"}) {
    CAPTURE(where);
    const OwnStore store({"one"});
    const Demand demand(where);
    const auto bench = bench_over({kModule, softhsm()});
    bench->limits = p11::Limits::all(2000ms);
    const auto witness = watched(bench, {});
    const auto& last =
        *std::ranges::find(witness.heard, WatchEvent::failed, &model::Sighting::event);
    CHECK(last.module->file == kModule);
    CHECK(last.module->error->code() == Code::module_timeout);
    CHECK(std::ranges::count(witness.heard, WatchEvent::failed, &model::Sighting::event) == 1);
    CHECK(std::ranges::count(witness.heard, WatchEvent::unplugged, &model::Sighting::event) == 0);
  }
}

TEST_CASE("the error of the last module that works ends the watch") {
  const OwnStore store({"one"});
  const Demand demand("C_GetSlotList:3=0x30");
  Witness witness;
  Watch watch{bench_over({"/nonexistent/libtoken.so", kModule})};
  REQUIRE(watch.modules().size() == 2);
  CHECK(watch.modules()[0].error->code() == Code::no_module);
  const auto error = error_of([&] { watch.run(witness.watcher); });
  CHECK(error.subject() == kModule);
  CHECK(watch.modules()[1].state == model::ModuleState::failed);
  CHECK(error_of([] { Watch{bench_over({"/nonexistent/libtoken.so"})}; }).code() ==
        Code::no_module);
}

TEST_CASE("what its listener throws ends the watch and blames no module") {
  const OwnStore store({"one"});
  Witness witness;
  witness.acts = {[&] { store.plug(false); }};
  witness.watcher.tell = [&](const model::Sighting& sighting) {
    if (sighting.event == WatchEvent::unplugged) throw base::Error{Code::file_io, "stdout"};
    return sighting.event != WatchEvent::failed;
  };
  Watch watch{bench_over()};
  CHECK(error_of([&] { watch.run(witness.watcher); }).code() == Code::file_io);
  CHECK(watch.modules()[0].state == model::ModuleState::ready);
}
