#include "p11/pin.hpp"

#include <doctest/doctest.h>

#include <optional>

#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;
using p11::Login;
using p11::User;

namespace {

/// What the fake got in the one call; C functions carry no state.
struct Got {
  int calls = 0;
  bool without_old = false, without_fresh = false;
  CK_RV answer = CKR_OK;
};
Got got;

CK_RV take_set_pin(unsigned long, unsigned char* old, unsigned long old_size, unsigned char* fresh,
                   unsigned long fresh_size) {
  ++got.calls;
  got.without_old = old == nullptr && old_size == 0;
  got.without_fresh = fresh == nullptr && fresh_size == 0;
  return got.answer;
}

CK_RV take_init_pin(unsigned long, unsigned char* fresh, unsigned long size) {
  ++got.calls;
  got.without_fresh = fresh == nullptr && size == 0;
  return got.answer;
}

/// A fake that takes PINs.
struct PinFake : Fake {
  PinFake() {
    functions.C_SetPIN = take_set_pin;
    functions.C_InitPIN = take_init_pin;
    got = {};
  }
};

}  // namespace

TEST_CASE("a changed PIN is the one that logs in, on SoftHSM") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), true);
  const auto old = secret(kPin);
  const auto fresh = secret("24681357");
  p11::set_pin(session, &old, &fresh, false);
  CHECK(recorder.count("C_SetPIN") == 1);
  CHECK(error_of([&] { Login(session, User::user, &old, false); }).code() == Code::pin_wrong);
  const Login login{session, User::user, &fresh, false};
  CHECK(login.user() == User::user);
}

TEST_CASE("a wrong old PIN changes nothing and is sent once, on SoftHSM") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), true);
  const auto wrong = secret("00000000");
  const auto fresh = secret("24681357");
  const auto error = error_of([&] { p11::set_pin(session, &wrong, &fresh, false); });
  CHECK(error.code() == Code::pin_wrong);
  CHECK(error.subject() == kLabel);
  CHECK(error.answer()->call == "C_SetPIN");
  CHECK(recorder.count("C_SetPIN") == 1);
  const auto old = secret(kPin);
  const Login login{session, User::user, &old, false};
}

TEST_CASE("the security officer gives the user a new PIN, on SoftHSM") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), true);
  const auto so = secret(kSoPin);
  const auto fresh = secret("24681357");
  {
    Login officer{session, User::so, &so, false};
    p11::init_pin(session, officer, &fresh);
    officer.log_out();
    CHECK(recorder.count("C_Logout") == 1);
    officer.log_out();
  }
  CHECK(recorder.count("C_Logout") == 1);
  const Login user{session, User::user, &fresh, false};
  CHECK(recorder.count("C_InitToken") == 0);
}

TEST_CASE("a wrong PIN of the security officer is told as that") {
  const Store store;
  const auto module = p11::Module::load(kSoftHsm, nullptr);
  const auto session = p11::Session::open(module, slot_of(module), true);
  const auto wrong = secret("00000000");
  const auto error = error_of([&] { Login(session, User::so, &wrong, false); });
  CHECK(error.code() == Code::pin_wrong);
  CHECK(error.concerns_so());
  CHECK_FALSE(error_of([&] { Login(session, User::user, &wrong, false); }).concerns_so());
}

TEST_CASE("a change is guarded as a login is: locked, final try, lengths") {
  PinFake fake;
  const auto session = p11::Session::open(fake.module(), 7, true);
  const auto good = secret("123456");
  const auto plain = fake.token.flags;
  const auto code = [&](const base::Secret* old, const base::Secret* fresh) {
    return error_of([&] { p11::set_pin(session, old, fresh, false); }).code();
  };
  fake.token.flags = plain | CKF_USER_PIN_LOCKED;
  CHECK(code(&good, &good) == Code::pin_locked);
  fake.token.flags = plain | CKF_USER_PIN_FINAL_TRY;
  CHECK(code(&good, &good) == Code::pin_not_sent);
  fake.token.flags = plain;
  for (const char* bad : {"", "12345", "12345678901234567"}) {
    const auto odd = secret(bad);
    CHECK(code(&odd, &good) == Code::pin_invalid);
    CHECK(code(&good, &odd) == Code::pin_invalid);
  }
  CHECK(code(nullptr, &good) == Code::pin_missing);
  CHECK(code(&good, nullptr) == Code::pin_missing);
  CHECK(got.calls == 0);
  fake.token.flags = plain | CKF_USER_PIN_FINAL_TRY;
  p11::set_pin(session, &good, &good, true);
  CHECK(got.calls == 1);
}

TEST_CASE("a token with a pad of its own gets no PIN, old or new") {
  PinFake fake;
  fake.token.flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  const auto session = p11::Session::open(fake.module(), 7, true);
  p11::set_pin(session, nullptr, nullptr, false);
  CHECK(got.without_old);
  CHECK(got.without_fresh);
  const Login officer{session, User::so, nullptr, false};
  got.without_fresh = false;
  p11::init_pin(session, officer, nullptr);
  CHECK(got.without_fresh);
  CHECK(got.calls == 2);
}

TEST_CASE("what the token refuses is told once, whole, and of the token") {
  PinFake fake;
  const auto session = p11::Session::open(fake.module(), 7, true);
  const auto pin = secret("123456");
  const Login officer{session, User::so, &pin, false};
  for (const auto& [rv, code] : {std::pair{CK_RV{CKR_PIN_LEN_RANGE}, Code::pin_invalid},
                                 {CKR_DEVICE_REMOVED, Code::token_removed},
                                 {0x800000a0UL, Code::token_refused}}) {
    got = {};
    got.answer = rv;
    for (const auto& error : {error_of([&] { p11::init_pin(session, officer, &pin); }),
                              error_of([&] { p11::set_pin(session, &pin, &pin, false); })}) {
      CHECK(error.code() == code);
      CHECK(error.answer()->rv == rv);
      CHECK(error.subject() == "FAKE");
    }
    CHECK(got.calls == 2);
  }
}
