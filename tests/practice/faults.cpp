#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "fixture.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;

namespace {

/// How many data objects the token holds.
unsigned long objects_on(const Loaded& module, CK_SESSION_HANDLE session) {
  std::array<CK_OBJECT_HANDLE, 16> handles{};
  unsigned long count = 0;
  if (module->C_FindObjectsInit(session, nullptr, 0) != CKR_OK) return 99;
  module->C_FindObjects(session, handles.data(), handles.size(), &count);
  module->C_FindObjectsFinal(session);
  return count;
}

CK_RV write_object(const Loaded& module, CK_SESSION_HANDLE session) {
  Template object;
  object.number(CKA_CLASS, CKO_DATA).flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false);
  object.text(CKA_LABEL, "note");
  auto attributes = object.attributes();
  CK_OBJECT_HANDLE handle = 0;
  return module->C_CreateObject(session, attributes.data(), attributes.size(), &handle);
}

CK_RV any_call(const Loaded& module) {
  unsigned long count = 0;
  return module->C_GetSlotList(CK_TRUE, nullptr, &count);
}

}  // namespace

TEST_CASE("the n-th call of a function answers what is demanded, the others work") {
  const Store store({"one"});
  const Loaded module(store.folder.path(), "C_GetSlotList:2=0x80000abc");
  CHECK(any_call(module) == CKR_OK);
  CHECK(any_call(module) == 0x80000abc);
  CHECK(any_call(module) == CKR_OK);
}

TEST_CASE("without a number every call fails, and several demands stand side by side") {
  const Store store({"one"});
  const Loaded module(store.folder.path(), "C_GetInfo=0x5,C_GetSlotList:1=0x30");
  CK_INFO info{};
  CHECK(module->C_GetInfo(&info) == CKR_GENERAL_ERROR);
  CHECK(module->C_GetInfo(&info) == CKR_GENERAL_ERROR);
  CHECK(any_call(module) == CKR_DEVICE_ERROR);
  CHECK(any_call(module) == CKR_OK);
}

TEST_CASE("a star counts the calls of all functions, C_Initialize being the first") {
  const Store store({"one"});
  const Loaded module(store.folder.path(), "*:3=0x30");
  CHECK(module.started == CKR_OK);
  CHECK(any_call(module) == CKR_OK);
  CHECK(any_call(module) == CKR_DEVICE_ERROR);
  CHECK(any_call(module) == CKR_OK);
  const Loaded broken(store.folder.path(), "C_Initialize:1=0x30");
  CHECK(broken.started == CKR_DEVICE_ERROR);
}

TEST_CASE("a fault before forwarding leaves the token alone, one after it does not") {
  const Store store({"one"});
  for (const auto& [fault, written] :
       {std::pair{"C_CreateObject=0x30", 0ul}, {"C_CreateObject!=0x30", 1ul}}) {
    const Loaded module(store.folder.path(), fault);
    const auto session = module.open(module.slots().at(0));
    REQUIRE(module.login(session, CKU_USER, kUserPin) == CKR_OK);
    CHECK(write_object(module, session) == CKR_DEVICE_ERROR);
    CHECK(objects_on(module, session) == written);
  }
}

TEST_CASE("a demanded death is a SIGKILL at that very call") {
  const Store store({"one"});
  for (const auto& [fault, written] :
       {std::pair{"C_CreateObject:2=die", 1ul}, {"C_CreateObject!:2=die", 3ul}}) {
    const int status = in_child([&] {
      const Loaded module(store.folder.path(), fault);
      const auto session = module.open(module.slots().at(0));
      if (module.login(session, CKU_USER, kUserPin) != CKR_OK) return 1;
      if (write_object(module, session) != CKR_OK) return 2;
      write_object(module, session);
      return 3;
    });
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    const Loaded module(store.folder.path());
    CHECK(objects_on(module, module.open(module.slots().at(0))) == written);
  }
}

TEST_CASE("dying in C_Login after the count keeps the try on the disk") {
  const Store store({"one"});
  const int status = in_child([&] {
    const Loaded module(store.folder.path(), "C_Login!=die");
    return static_cast<int>(module.login(module.open(module.slots().at(0)), CKU_USER, "00000000"));
  });
  CHECK(WIFSIGNALED(status));
  CHECK(read_state(store.state_file()).user_failures == 1);
}

TEST_CASE("a hanging call does not come back, and does not stop other threads") {
  const Store store({"one"});
  const auto child = ::fork();
  if (child == 0) {
    const Loaded module(store.folder.path(), "C_GetInfo=hang");
    std::thread([&] {
      CK_INFO info{};
      module->C_GetInfo(&info);
      ::_exit(1);
    }).detach();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    ::_exit(any_call(module) == CKR_OK ? 42 : 2);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("each forwarded call lasts as long as demanded, C_GetInfo does not") {
  const Store store({"one"});
  const Loaded module(store.folder.path(), "", "60");
  const auto lasts = [](const auto& call) {
    const auto start = std::chrono::steady_clock::now();
    call();
    return std::chrono::steady_clock::now() - start;
  };
  CHECK(lasts([&] { any_call(module); }) >= std::chrono::milliseconds(60));
  CK_INFO info{};  // of many, one at least is not held up by this machine
  auto shortest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 100; ++i)
    shortest = std::min(shortest, lasts([&] { module->C_GetInfo(&info); }));
  CHECK(shortest < std::chrono::milliseconds(60));
}

TEST_CASE("a demand that is not understood stops the module at C_Initialize") {
  const Store store({"one"});
  for (const char* fault : {"C_Nothing=die", "C_Login", "C_Login=", "C_Login=5", "C_Login:0=die",
                            "C_Login:x=die", "C_Login=0xzz", "=die", "C_Login=die,,C_Login=die"}) {
    CAPTURE(fault);
    const Loaded module(store.folder.path(), fault);
    CHECK(module.started == CKR_ARGUMENTS_BAD);
  }
  const Loaded slow(store.folder.path(), "", "soon");
  CHECK(slow.started == CKR_ARGUMENTS_BAD);
}
