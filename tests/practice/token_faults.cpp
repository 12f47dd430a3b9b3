// Demands on the module that are meant for one token of several.
#include <doctest/doctest.h>
#include <signal.h>

#include "fixture.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;

namespace {

CK_SLOT_ID any_slot_of(const Loaded& module, const std::string& serial) {
  for (const auto slot : module.slots(false)) {
    const auto info = module.token_info(slot);
    if (std::string(std::begin(info.serialNumber), std::end(info.serialNumber)) == serial)
      return slot;
  }
  FAIL("no token " << serial);
  return 0;
}

CK_RV open_rv(const Loaded& module, CK_SLOT_ID slot) {
  CK_SESSION_HANDLE session = 0;
  return module->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session);
}

CK_RV session_rv(const Loaded& module, CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info{};
  return module->C_GetSessionInfo(session, &info);
}

/// The signal that ends a child which opens a session on the first token; 0 when none does.
int deadly(const Store& store, const std::string& fault) {
  const int status = in_child([&] {
    const Loaded module(store.folder.path(), fault);
    return open_rv(module, any_slot_of(module, store.serials[0])) == CKR_OK ? 0 : 1;
  });
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_CASE("a demand names its token by serial, name or label, and spares the others") {
  const Store store({"one", "two"});
  store.change([](TokenState& state) { state.name = "master-07", state.label = "练习-07"; });
  for (const auto& token : {store.serials[0], std::string("master-07"), std::string("练习-07")}) {
    CAPTURE(token);
    const Loaded module(store.folder.path(), "@" + token + "/C_OpenSession=0x30");
    REQUIRE(module.started == CKR_OK);
    CHECK(open_rv(module, any_slot_of(module, store.serials[0])) == CKR_DEVICE_ERROR);
    CHECK(open_rv(module, any_slot_of(module, store.serials[1])) == CKR_OK);
  }
  const Loaded stranger(store.folder.path(), "@nobody/*=0x30");
  CHECK(open_rv(stranger, any_slot_of(stranger, store.serials[0])) == CKR_OK);
}

TEST_CASE("calls are counted for each token by itself, in its sessions too") {
  const Store store({"one", "two"});
  const Loaded module(store.folder.path(), "@" + store.serials[0] + "/C_GetSessionInfo:2=0x30,@" +
                                               store.serials[1] + "/C_GetSessionInfo:1=0x32");
  const auto first = module.open(any_slot_of(module, store.serials[0]));
  const auto second = module.open(any_slot_of(module, store.serials[1]));
  CHECK(session_rv(module, first) == CKR_OK);
  CHECK(session_rv(module, second) == CKR_DEVICE_REMOVED);
  CHECK(session_rv(module, first) == CKR_DEVICE_ERROR);
  CHECK(session_rv(module, first) == CKR_OK);
  CHECK(session_rv(module, second) == CKR_OK);
}

TEST_CASE("a star with a token counts the calls that are for it and no others") {
  const Store store({"one", "two"});
  const Loaded module(store.folder.path(), "@" + store.serials[1] + "/*:3=0x30");
  const auto theirs = module.slots().at(0), ours = module.slots().at(1);
  const bool swapped = store.serials[0] > store.serials[1];
  const auto one = swapped ? ours : theirs, two = swapped ? theirs : ours;
  CK_SLOT_INFO info{};
  for (int i = 0; i < 5; ++i) CHECK(module->C_GetSlotInfo(one, &info) == CKR_OK);
  CHECK(module->C_GetSlotInfo(two, &info) == CKR_OK);
  const auto session = module.open(two);
  CHECK(session_rv(module, session) == CKR_DEVICE_ERROR);
  CHECK(session_rv(module, session) == CKR_OK);
}

TEST_CASE("one token can kill or crash the process, another cannot") {
  const Store store({"one", "two"});
  CHECK(deadly(store, "@" + store.serials[0] + "/C_OpenSession=die") == SIGKILL);
  CHECK(deadly(store, "@" + store.serials[0] + "/C_OpenSession=crash") == SIGSEGV);
  CHECK(deadly(store, "C_OpenSession!=crash") == SIGSEGV);
  CHECK(deadly(store, "@" + store.serials[1] + "/C_OpenSession=crash") == 0);
}

TEST_CASE("a token that is unplugged on demand is gone for every process until it is plugged in") {
  const Store store({"one", "two"});
  {
    const Loaded module(store.folder.path(),
                        "@" + store.serials[0] + "/C_FindObjectsInit:2=unplug");
    const auto slot = any_slot_of(module, store.serials[0]);
    const auto session = module.open(slot);
    CHECK(module->C_FindObjectsInit(session, nullptr, 0) == CKR_OK);
    CHECK(module->C_FindObjectsFinal(session) == CKR_OK);
    CHECK(module->C_FindObjectsInit(session, nullptr, 0) == CKR_DEVICE_REMOVED);
    CHECK(session_rv(module, session) == CKR_DEVICE_REMOVED);
    CHECK(module.slots().size() == 1);
    CHECK(open_rv(module, slot) == CKR_TOKEN_NOT_PRESENT);
    CHECK(open_rv(module, module.slots().at(0)) == CKR_OK);
    CK_SLOT_ID told = 0;
    CHECK(module->C_WaitForSlotEvent(CKF_DONT_BLOCK, &told, nullptr) == CKR_OK);
    CHECK(told == slot);
  }
  CHECK(Loaded(store.folder.path()).slots().size() == 1);
  store.plug();
  CHECK(Loaded(store.folder.path()).slots().size() == 2);
}

TEST_CASE("unplugged after the call, the token has done what it was told and does not say so") {
  const Store store({"one"});
  {
    const Loaded module(store.folder.path(), "C_InitPIN!=unplug");
    const auto session = module.open(module.slots().at(0));
    REQUIRE(module.login(session, CKU_SO, kSoPin) == CKR_OK);
    CHECK(module->C_InitPIN(session, Loaded::octets("24682468"), 8) == CKR_DEVICE_REMOVED);
  }
  CHECK(!read_state(store.state_file()).plugged);
  store.plug();
  const Loaded module(store.folder.path());
  CHECK(module.login(module.open(module.slots().at(0)), CKU_USER, "24682468") == CKR_OK);
}

TEST_CASE("only calls that are for a token can be told by the token, or unplug it") {
  const Store store({"one"});
  for (const char* fault :
       {"@x/C_GetSlotList=0x30", "@x/C_Initialize=die", "@/C_Login=die", "@x=die", "@C_Login=die",
        "@x/=die", "*=unplug", "C_GetInfo=unplug", "C_Login=unplugged", "C_Login=crashed"}) {
    CAPTURE(fault);
    const Loaded module(store.folder.path(), fault);
    CHECK(module.started == CKR_ARGUMENTS_BAD);
  }
  CHECK(Loaded(store.folder.path(), "@x/*=unplug,C_GetSlotInfo=unplug").started == CKR_OK);
}
