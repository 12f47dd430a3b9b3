#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "fixture.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;

namespace {

std::string text_of(const unsigned char* field, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(field), size);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

CK_RV session_state(const Loaded& module, CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info{};
  return module->C_GetSessionInfo(session, &info);
}

}  // namespace

TEST_CASE("the module exports one name") {
  void* const handle = ::dlopen(UKEY_PRACTICE_MODULE, RTLD_LOCAL | RTLD_NOW);
  REQUIRE(handle != nullptr);
  CHECK(::dlsym(handle, "C_GetFunctionList") != nullptr);
  CHECK(::dlclose(handle) == 0);
  const auto names = output_of("nm -D --defined-only '" UKEY_PRACTICE_MODULE "' | grep ' T '");
  CHECK(names.find("C_GetFunctionList") != names.npos);
  CHECK(names.find("C_Login") == names.npos);
}

TEST_CASE("module and token say what the practice profile matches") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  CK_INFO about{};
  REQUIRE(module->C_GetInfo(&about) == CKR_OK);
  CHECK(text_of(about.manufacturerID, 32) == "ukey");
  CHECK(text_of(about.libraryDescription, 32) == "ukey practice tokens");
  const auto info = module.token_info(module.slots().at(0));
  CHECK(text_of(info.manufacturerID, 32) == "ukey");
  CHECK(text_of(info.model, 16) == "practice UKey");
  CHECK(text_of(info.serialNumber, 16) == store.serials[0]);
}

TEST_CASE("without a drawer the module works and has no slot") {
  const TempFolder folder;
  const Loaded module(folder.path() / "none");
  CHECK(module.started == CKR_OK);
  unsigned long count = 7;
  CHECK(module->C_GetSlotList(CK_FALSE, nullptr, &count) == CKR_OK);
  CHECK(count == 0);
  CK_TOKEN_INFO info{};
  CHECK(module->C_GetTokenInfo(0, &info) == CKR_SLOT_ID_INVALID);
  CHECK(module->C_Logout(1) == CKR_SESSION_HANDLE_INVALID);
  CK_SLOT_ID slot = 0;
  CHECK(module->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_NO_EVENT);
}

TEST_CASE("initialising twice and calling too early are told apart") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  CHECK(module->C_Initialize(nullptr) == CKR_CRYPTOKI_ALREADY_INITIALIZED);
  CHECK(module->C_Finalize(nullptr) == CKR_OK);
  CHECK(module->C_Finalize(nullptr) == CKR_CRYPTOKI_NOT_INITIALIZED);
  unsigned long count = 0;
  CHECK(module->C_GetSlotList(CK_TRUE, nullptr, &count) == CKR_CRYPTOKI_NOT_INITIALIZED);
  CHECK(module->C_Initialize(nullptr) == CKR_OK);
  CHECK(module.slots().size() == 1);
}

TEST_CASE("the room that SoftHSM keeps for one more token is not shown") {
  const Store store({"one", "two"});
  const Loaded module(store.folder.path());
  CHECK(module.slots(true).size() == 2);
  CHECK(module.slots(false).size() == 2);
  unsigned long count = 1;
  CK_SLOT_ID slot = 0;
  CHECK(module->C_GetSlotList(CK_TRUE, &slot, &count) == CKR_BUFFER_TOO_SMALL);
  CHECK(count == 2);
}

TEST_CASE("an unplugged token leaves an empty slot") {
  const Store store({"one", "two"});
  const Loaded module(store.folder.path());
  const auto all = module.slots();
  store.unplug();
  CHECK(module.slots(true).size() == 1);
  CHECK(module.slots(false) == all);
  for (const auto slot : all) {
    CK_SLOT_INFO about{};
    REQUIRE(module->C_GetSlotInfo(slot, &about) == CKR_OK);
    const bool present = slot == module.slots(true).at(0);
    CHECK(((about.flags & CKF_TOKEN_PRESENT) != 0) == present);
    CHECK((about.flags & CKF_REMOVABLE_DEVICE) != 0);
    CK_TOKEN_INFO info{};
    CHECK(module->C_GetTokenInfo(slot, &info) == (present ? CKR_OK : CKR_TOKEN_NOT_PRESENT));
    unsigned long count = 0;
    CHECK(module->C_GetMechanismList(slot, nullptr, &count) ==
          (present ? CKR_OK : CKR_TOKEN_NOT_PRESENT));
  }
}

TEST_CASE("unplugging kills the open sessions for good, and the login with them") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  const auto slot = module.slots().at(0);
  const auto session = module.open(slot);
  REQUIRE(module.login(session, CKU_USER, kUserPin) == CKR_OK);
  store.unplug();
  CHECK(session_state(module, session) == CKR_DEVICE_REMOVED);
  CHECK(module->C_FindObjectsInit(session, nullptr, 0) == CKR_DEVICE_REMOVED);
  CHECK(module->C_CloseSession(session) == CKR_DEVICE_REMOVED);
  store.plug();
  CHECK(session_state(module, session) == CKR_DEVICE_REMOVED);
  const auto fresh = module.open(slot);
  CK_SESSION_INFO info{};
  REQUIRE(module->C_GetSessionInfo(fresh, &info) == CKR_OK);
  CHECK(info.state == CKS_RW_PUBLIC_SESSION);
  CHECK(session_state(module, session) == CKR_DEVICE_REMOVED);
  CHECK(module->C_CloseAllSessions(slot) == CKR_OK);
  CHECK(session_state(module, fresh) == CKR_SESSION_HANDLE_INVALID);
}

TEST_CASE("each coming and going of a token is told once") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  CK_SLOT_ID slot = 0;
  const auto event = [&] { return module->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr); };
  CHECK(event() == CKR_NO_EVENT);
  store.unplug();
  CHECK(event() == CKR_OK);
  CHECK(slot == module.slots(false).at(0));
  CHECK(event() == CKR_NO_EVENT);
  store.plug();
  CHECK(event() == CKR_OK);
  store.unplug();
  store.plug();
  CHECK(event() == CKR_OK);
  CHECK(event() == CKR_NO_EVENT);
}

TEST_CASE("waiting for an event ends with the event, or with C_Finalize") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  CK_SLOT_ID slot = 0;
  CK_RV rv = CKR_GENERAL_ERROR;
  const auto wait = [&] { rv = module->C_WaitForSlotEvent(0, &slot, nullptr); };
  std::thread waiting(wait);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  store.unplug();
  waiting.join();
  CHECK(rv == CKR_OK);
  CHECK(slot == module.slots(false).at(0));
  waiting = std::thread(wait);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(module->C_Finalize(nullptr) == CKR_OK);
  waiting.join();
  CHECK(rv == CKR_CRYPTOKI_NOT_INITIALIZED);
}

TEST_CASE("a state file that is not understood is a device error, not a guess") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  std::ofstream(store.state_file()) << "limit 0\n";
  CK_TOKEN_INFO info{};
  CHECK(module->C_GetTokenInfo(module.slots(false).empty() ? 0 : 1, &info) != CKR_OK);
  CHECK(module.slots().empty());
  CHECK(!parse_state("limit 256\n"));
  CHECK(!parse_state("plugged 2\n"));
  CHECK(!parse_state("colour red\n"));
  CHECK(!parse_state("user_failures -1\n"));
  CHECK(!parse_state("limit\n"));
  CHECK(parse_state("# noted\nlimit 255\n")->limit == 255);
  CHECK(parse_state("")->limit == 6);
}

TEST_CASE("practice tokens and plain SoftHSM stand side by side in one process") {
  const Store mine({"practice"});
  const Store other({"plain"});
  const auto library = find_softhsm({});
  REQUIRE(library);
  std::ofstream(other.folder.path() / "plain.conf")
      << "directories.tokendir = " << store_path(other.folder.path()).string() << "\n";
  const BorrowedVariable conf("SOFTHSM2_CONF", (other.folder.path() / "plain.conf").string());
  void* const handle = ::dlopen(library->c_str(), RTLD_LOCAL | RTLD_NOW);
  REQUIRE(handle != nullptr);
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
  CK_FUNCTION_LIST* plain = nullptr;
  REQUIRE(get(&plain) == CKR_OK);
  const auto serial_seen = [&] {
    std::array<CK_SLOT_ID, 4> ids{};
    unsigned long count = ids.size();
    CHECK(plain->C_GetSlotList(CK_TRUE, ids.data(), &count) == CKR_OK);
    CHECK(count == 2);
    CK_TOKEN_INFO info{};
    CHECK(plain->C_GetTokenInfo(ids[0], &info) == CKR_OK);
    return text_of(info.serialNumber, 16);
  };
  for (const bool plain_first : {true, false}) {
    if (plain_first) REQUIRE(plain->C_Initialize(nullptr) == CKR_OK);
    {
      const Loaded module(mine.folder.path());
      if (!plain_first) REQUIRE(plain->C_Initialize(nullptr) == CKR_OK);
      CHECK(serial_seen() == other.serials[0]);
      CHECK(text_of(module.token_info(module.slots().at(0)).serialNumber, 16) == mine.serials[0]);
      CHECK(std::string(std::getenv("SOFTHSM2_CONF")).ends_with("plain.conf"));
    }
    CHECK(serial_seen() == other.serials[0]);
    CHECK(plain->C_Finalize(nullptr) == CKR_OK);
  }
  ::dlclose(handle);
}

TEST_CASE("a child process initialises for itself") {
  const Store store({"one"});
  const Loaded module(store.folder.path());
  const auto session = module.open(module.slots().at(0));
  const int status = in_child([&] {
    if (!module.slots().empty()) return 1;
    if (module->C_Initialize(nullptr) != CKR_OK) return 2;
    if (module.slots().size() != 1) return 3;
    return module->C_Finalize(nullptr) == CKR_OK ? 0 : 4;
  });
  CHECK(status == 0);
  CHECK(session_state(module, session) == CKR_OK);
}

TEST_CASE("the module can be loaded and left many times") {
  const Store store({"one"});
  for (int i = 0; i < 20; ++i) {
    const Loaded module(store.folder.path());
    REQUIRE(module.slots().size() == 1);
    CHECK(module.login(module.open(module.slots().at(0)), CKU_USER, kUserPin) == CKR_OK);
  }
}
