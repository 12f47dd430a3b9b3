#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "fixture.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;

TEST_CASE("the user PIN goes from low over final to locked, and each step is seen in the flags") {
  const Store store({"ladder"});
  const Loaded module(store.folder.path());
  REQUIRE(module.started == CKR_OK);
  const auto slot = module.slots().at(0);
  const auto session = module.open(slot);
  CHECK((module.token_info(slot).flags & kUserFlags) == 0);
  for (int tries = 1; tries <= 6; ++tries) {
    CHECK(module.login(session, CKU_USER, "00000000") == CKR_PIN_INCORRECT);
    CK_FLAGS expected = CKF_USER_PIN_COUNT_LOW;
    if (tries == 5) expected |= CKF_USER_PIN_FINAL_TRY;
    if (tries == 6) expected |= CKF_USER_PIN_LOCKED;
    CHECK((module.token_info(slot).flags & kUserFlags) == expected);
  }
  CHECK(module.login(session, CKU_USER, kUserPin) == CKR_PIN_LOCKED);
  CHECK((module.token_info(slot).flags & kSoFlags) == 0);
}

TEST_CASE("a right PIN clears the count, also on the final try") {
  const Store store({"ladder"});
  store.change([](TokenState& state) { state.user_failures = 5; });
  const Loaded module(store.folder.path());
  const auto slot = module.slots().at(0);
  CHECK((module.token_info(slot).flags & kUserFlags) ==
        (CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY));
  CHECK(module.login(module.open(slot), CKU_USER, kUserPin) == CKR_OK);
  CHECK((module.token_info(slot).flags & kUserFlags) == 0);
  CHECK(read_state(store.state_file()).user_failures == 0);
}

TEST_CASE("an answer that never looked at the PIN costs no try") {
  const Store store({"ladder"});
  const Loaded module(store.folder.path());
  const auto session = module.open(module.slots().at(0));
  REQUIRE(module.login(session, CKU_USER, kUserPin) == CKR_OK);
  CHECK(module.login(session, CKU_USER, kUserPin) == CKR_USER_ALREADY_LOGGED_IN);
  CHECK(module.set_pin(session, kUserPin, "1") == CKR_PIN_LEN_RANGE);
  CHECK(read_state(store.state_file()).user_failures == 0);
}

TEST_CASE("the count is one for all processes and outlives them") {
  const Store store({"ladder"});
  for (int tries = 1; tries <= 3; ++tries) {
    const int status = in_child([&] {
      const Loaded module(store.folder.path());
      const auto session = module.open(module.slots().at(0));
      return module.login(session, CKU_USER, "00000000") == CKR_PIN_INCORRECT ? 0 : 1;
    });
    CHECK(status == 0);
    CHECK(read_state(store.state_file()).user_failures == static_cast<unsigned long>(tries));
  }
  for (int tries = 4; tries <= 6; ++tries) {
    const Loaded module(store.folder.path());
    const auto session = module.open(module.slots().at(0));
    CHECK(module.login(session, CKU_USER, "00000000") == CKR_PIN_INCORRECT);
  }
  const Loaded module(store.folder.path());
  CHECK((module.token_info(module.slots().at(0)).flags & CKF_USER_PIN_LOCKED) != 0);
}

TEST_CASE("two processes that try at once lose no count") {
  const Store store({"ladder"});
  store.change([](TokenState& state) { state.limit = 40; });
  const auto ten_tries = [&] {
    const Loaded module(store.folder.path());
    const auto session = module.open(module.slots().at(0));
    for (int i = 0; i < 10; ++i) {
      if (module.login(session, CKU_USER, "00000000") != CKR_PIN_INCORRECT) return 1;
    }
    return 0;
  };
  const auto child = ::fork();
  if (child == 0) ::_exit(ten_tries());
  CHECK(ten_tries() == 0);
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(read_state(store.state_file()).user_failures == 20);
}

TEST_CASE("while a PIN is being looked at, the disk already holds the failure") {
  const Store store({"ladder"});
  const Loaded module(store.folder.path());
  const auto session = module.open(module.slots().at(0));
  std::atomic<bool> seen = false, done = false;
  std::thread watcher([&] {
    while (!done && !seen) seen = read_state(store.state_file()).user_failures == 1;
  });
  for (int i = 0; i < 500 && !seen; ++i) {
    CHECK(module.login(session, CKU_USER, kUserPin) == CKR_OK);
    CHECK(module->C_Logout(session) == CKR_OK);
  }
  done = true;
  watcher.join();
  CHECK(seen);
  CHECK(read_state(store.state_file()).user_failures == 0);
}

TEST_CASE("changing the PIN counts its tries too and ends the wish for a change") {
  const Store store({"ladder"});
  store.change([](TokenState& state) { state.user_to_be_changed = true; });
  const Loaded module(store.folder.path());
  const auto slot = module.slots().at(0);
  const auto session = module.open(slot);
  CHECK((module.token_info(slot).flags & CKF_USER_PIN_TO_BE_CHANGED) != 0);
  CHECK(module.set_pin(session, "00000000", "24682468") == CKR_PIN_INCORRECT);
  CHECK((module.token_info(slot).flags & kUserFlags) == CKF_USER_PIN_COUNT_LOW);
  CHECK(module.set_pin(session, kUserPin, "24682468") == CKR_OK);
  CHECK((module.token_info(slot).flags & (kUserFlags | CKF_USER_PIN_TO_BE_CHANGED)) == 0);
  CHECK(module.login(session, CKU_USER, "24682468") == CKR_OK);
}

TEST_CASE("a locked PIN cannot be changed, and the security officer unlocks it") {
  const Store store({"ladder"});
  store.change([](TokenState& state) { state.user_failures = state.limit; });
  const Loaded module(store.folder.path());
  const auto slot = module.slots().at(0);
  const auto session = module.open(slot);
  CHECK(module.set_pin(session, kUserPin, "24682468") == CKR_PIN_LOCKED);
  REQUIRE(module.login(session, CKU_SO, kSoPin) == CKR_OK);
  CHECK(module->C_InitPIN(session, Loaded::octets("24682468"), 8) == CKR_OK);
  CHECK(module->C_Logout(session) == CKR_OK);
  CHECK((module.token_info(slot).flags & kUserFlags) == 0);
  CHECK(module.login(session, CKU_USER, "24682468") == CKR_OK);
}

TEST_CASE("a locked SO PIN is final: neither login nor initialising the token helps") {
  const Store store({"ladder"});
  const Loaded module(store.folder.path());
  const auto slot = module.slots().at(0);
  const auto session = module.open(slot);
  for (int i = 0; i < 6; ++i) {
    CHECK(module.login(session, CKU_SO, "00000000") == CKR_PIN_INCORRECT);
  }
  CHECK((module.token_info(slot).flags & kSoFlags) == (CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_LOCKED));
  CHECK((module.token_info(slot).flags & kUserFlags) == 0);
  CHECK(module.login(session, CKU_SO, kSoPin) == CKR_PIN_LOCKED);
  CHECK(module->C_CloseSession(session) == CKR_OK);
  std::string label(32, 'x');
  CHECK(module->C_InitToken(slot, Loaded::octets(kSoPin), kSoPin.size(), Loaded::octets(label)) ==
        CKR_PIN_LOCKED);
  CHECK(module.login(module.open(slot), CKU_USER, kUserPin) == CKR_OK);
}

TEST_CASE("changing the SO PIN counts on the SO's ladder") {
  const Store store({"ladder"});
  const Loaded module(store.folder.path());
  const auto session = module.open(module.slots().at(0));
  REQUIRE(module.login(session, CKU_SO, kSoPin) == CKR_OK);
  CHECK(module.set_pin(session, "00000000", "13571357") == CKR_PIN_INCORRECT);
  CHECK(read_state(store.state_file()).so_failures == 1);
  CHECK(read_state(store.state_file()).user_failures == 0);
}

TEST_CASE("each token has its own limit and its own count") {
  const Store store({"three", "six"});
  store.change([](TokenState& state) { state.limit = 3; });
  const Loaded module(store.folder.path());
  for (const auto slot : module.slots()) {
    const auto session = module.open(slot);
    for (int i = 0; i < 3; ++i) CHECK(module.login(session, CKU_USER, "0000") != CKR_OK);
  }
  CHECK(read_state(store.state_file(0)).user_failures == 3);
  CHECK(read_state(store.state_file(1)).user_failures == 3);
  int locked = 0;
  for (const auto slot : module.slots()) {
    if ((module.token_info(slot).flags & CKF_USER_PIN_LOCKED) != 0) ++locked;
  }
  CHECK(locked == 1);
}

TEST_CASE("pkcs11-tool reads the same flags") {
  const Store store({"ladder"});
  const BorrowedVariable drawer("UKEY_PRACTICE", store.folder.path().string());
  const std::string tool = "pkcs11-tool --module '" UKEY_PRACTICE_MODULE "' -L";
  const auto with_failures = [&](unsigned long failures) {
    store.change([failures](TokenState& state) { state.user_failures = failures; });
    return output_of(tool);
  };
  const auto fresh = with_failures(0);
  CHECK(fresh.find("practice UKey") != fresh.npos);
  CHECK(fresh.find("user PIN count low") == fresh.npos);
  CHECK(with_failures(1).find("user PIN count low") != std::string::npos);
  CHECK(with_failures(5).find("final user PIN try") != std::string::npos);
  CHECK(with_failures(6).find("user PIN locked") != std::string::npos);
}
