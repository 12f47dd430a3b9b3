#include "p11/login.hpp"

#include <doctest/doctest.h>

#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;
using p11::Login;
using p11::User;

TEST_CASE("a wrong PIN is told with the token's answer and sent once") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), true);
  recorder.calls->clear();
  for (const auto user : {User::user, User::so}) {
    const auto pin = secret("00000001");
    const auto error = error_of([&] { Login(session, user, &pin, false); });
    CHECK(error.code() == Code::pin_wrong);
    CHECK(error.subject() == kLabel);
    REQUIRE(error.answer());
    CHECK(error.answer()->ckr == "CKR_PIN_INCORRECT");
  }
  CHECK(*recorder.calls == std::vector<std::string>{"C_GetTokenInfo", "C_Login", "C_GetTokenInfo",
                                                    "C_GetTokenInfo", "C_Login", "C_GetTokenInfo"});
}

TEST_CASE("the user and the security officer log in and out") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), true);
  for (const auto user : {User::user, User::so, User::user}) {
    const auto pin = secret(user == User::user ? kPin : kSoPin);
    const Login login{session, user, &pin, false};
    CHECK(login.user() == user);
    CHECK(login.token().label == kLabel);
  }
  CHECK(recorder.count("C_Login") == 3);
  CHECK(recorder.count("C_Logout") == 3);
}

TEST_CASE("a PIN of a length that the token refuses is not sent") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), false);
  for (const auto& text : {std::string{}, std::string{"123"}, std::string(256, '1')}) {
    const auto pin = secret(text);
    const auto error = error_of([&] { Login(session, User::user, &pin, false); });
    CHECK(error.code() == Code::pin_invalid);
    CHECK_FALSE(error.answer());
  }
  CHECK(recorder.count("C_Login") == 0);
}

TEST_CASE("the least and the most length that the token tells are both sent") {
  Fake fake;
  Recorder recorder;
  const auto session = p11::Session::open(fake.module(recorder.door), 7, false);
  for (const std::size_t length : {6, 16}) {
    const auto pin = secret(std::string(length, '1'));
    const Login login{session, User::user, &pin, false};
  }
  CHECK(recorder.count("C_Login") == 2);
  for (const std::size_t length : {5, 17}) {
    const auto pin = secret(std::string(length, '1'));
    CHECK(error_of([&] { Login(session, User::user, &pin, false); }).code() == Code::pin_invalid);
  }
  CHECK(recorder.count("C_Login") == 2);
}

TEST_CASE("lengths that make no sense bound nothing, yet an empty PIN is never sent") {
  Fake fake;
  Recorder recorder;
  const auto session = p11::Session::open(fake.module(recorder.door), 7, false);
  const std::vector<std::pair<unsigned long, unsigned long>> senseless{
      {0, 0}, {4, 0}, {20, 8}, {6, CK_UNAVAILABLE_INFORMATION}};
  for (const auto& [least, most] : senseless) {
    fake.token.ulMinPinLen = least;
    fake.token.ulMaxPinLen = most;
    const auto pin = secret("1");
    { const Login login{session, User::user, &pin, false}; }
    const auto none = secret("");
    CHECK(error_of([&] { Login(session, User::user, &none, false); }).code() == Code::pin_invalid);
  }
  CHECK(recorder.count("C_Login") == 4);
}

TEST_CASE("nothing is sent to a locked PIN, and to one on its final try only when asked to") {
  Fake fake;
  Recorder recorder;
  const auto session = p11::Session::open(fake.module(recorder.door), 7, true);
  const auto pin = secret("123456");
  const auto plain = fake.token.flags;
  struct Case {
    User user;
    unsigned long flag;
    bool use_final_try;
    Code code;
  };
  for (const auto& one : {Case{User::user, CKF_USER_PIN_LOCKED, true, Code::pin_locked},
                          Case{User::so, CKF_SO_PIN_LOCKED, true, Code::pin_locked},
                          Case{User::user, CKF_USER_PIN_FINAL_TRY, false, Code::pin_not_sent},
                          Case{User::so, CKF_SO_PIN_FINAL_TRY, false, Code::pin_not_sent}}) {
    fake.token.flags = plain | one.flag;
    const auto error = error_of([&] { Login(session, one.user, &pin, one.use_final_try); });
    CHECK(error.code() == one.code);
    CHECK(error.subject() == "FAKE");
    CHECK_FALSE(error.answer());
  }
  CHECK(recorder.count("C_Login") == 0);
  fake.token.flags = plain | CKF_USER_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED;
  { const Login login{session, User::user, &pin, true}; }
  fake.token.flags = plain | CKF_SO_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
  { const Login login{session, User::so, &pin, true}; }
  CHECK(recorder.count("C_Login") == 2);
}

TEST_CASE("a wrong PIN that locks is told as that, by the flags read after it or by the answer") {
  Fake fake;
  const auto session = p11::Session::open(fake.module(), 7, true);
  const auto pin = secret("123456");
  const auto plain = fake.token.flags;
  struct Case {
    User user;
    unsigned long flag_after;
    CK_RV answer;
    std::optional<base::Cause> cause;
  };
  for (const auto& one :
       {Case{User::user, CKF_USER_PIN_LOCKED, CKR_PIN_INCORRECT, base::Cause::locked_now},
        Case{User::so, CKF_SO_PIN_LOCKED, CKR_PIN_INCORRECT, base::Cause::locked_now},
        Case{User::user, CKF_SO_PIN_LOCKED, CKR_PIN_INCORRECT, {}},
        Case{User::user, CKF_USER_PIN_FINAL_TRY, CKR_PIN_INCORRECT, {}},
        Case{User::user, CKF_USER_PIN_LOCKED, CKR_DEVICE_ERROR, {}},
        Case{User::so, 0, CKR_PIN_LOCKED, base::Cause::locked_now}}) {
    fake.token.flags = plain;
    fake.login = [&](unsigned long, base::ByteView) {
      fake.token.flags = plain | one.flag_after;
      return one.answer;
    };
    const auto error = error_of([&] { Login(session, one.user, &pin, true); });
    CHECK(error.cause() == one.cause);
    CHECK(error.answer()->rv == one.answer);
    CHECK(error.concerns_so() == (one.user == User::so));
  }
}

TEST_CASE("a token that is gone after a wrong PIN leaves it at that") {
  Fake fake;
  const auto session = p11::Session::open(fake.module(), 7, true);
  const auto pin = secret("123456");
  fake.login = [&](unsigned long, base::ByteView) {
    fake.token_info = [](CK_TOKEN_INFO*) { return CKR_DEVICE_REMOVED; };
    return CKR_PIN_INCORRECT;
  };
  const auto error = error_of([&] { Login(session, User::user, &pin, false); });
  CHECK(error.code() == Code::pin_wrong);
  CHECK_FALSE(error.cause());
}

TEST_CASE("without a PIN the token itself asks for it, if it can") {
  Fake fake;
  Recorder recorder;
  const auto session = p11::Session::open(fake.module(recorder.door), 7, false);
  CHECK(error_of([&] { Login(session, User::user, nullptr, false); }).code() == Code::pin_missing);
  CHECK(recorder.count("C_Login") == 0);
  fake.token.flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  bool without = false;
  fake.login = [&](unsigned long user, base::ByteView pin) {
    without = pin.data() == nullptr && pin.empty() && user == CKU_USER;
    return CKR_OK;
  };
  const Login login{session, User::user, nullptr, false};
  CHECK(without);
}

TEST_CASE("a login that is there already counts only while a guard of ours holds it") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), false);
  const auto pin = secret(kPin);
  {
    auto outer = std::make_unique<Login>(session, User::user, &pin, false);
    auto inner = std::make_unique<Login>(session, User::user, &pin, false);
    outer.reset();
    CHECK(recorder.count("C_Logout") == 0);
    inner.reset();
    CHECK(recorder.count("C_Logout") == 1);
  }
  p11::call(module, "C_Login", &CK_FUNCTION_LIST::C_Login, session.handle(), CKU_USER,
            const_cast<unsigned char*>(pin.reveal().data()),
            static_cast<unsigned long>(pin.size()));
  const auto wrong = secret("00000001");
  const auto error = error_of([&] { Login(session, User::user, &wrong, false); });
  CHECK(error.code() == Code::token_refused);
  CHECK(error.answer()->ckr == "CKR_USER_ALREADY_LOGGED_IN");
  CHECK(recorder.count("C_Logout") == 1);
}

TEST_CASE("a token without a label is named by its serial, and a vendor's answer stays whole") {
  Fake fake;
  std::fill(std::begin(fake.token.label), std::end(fake.token.label), ' ');
  fake.login = [](unsigned long, base::ByteView) { return CK_RV{0x800000a0UL}; };
  const auto session = p11::Session::open(fake.module(), 7, false);
  const auto pin = secret("123456");
  const auto error = error_of([&] { Login(session, User::user, &pin, false); });
  CHECK(error.code() == Code::token_refused);
  CHECK(error.subject() == "0001");
  CHECK(error.answer()->rv == 0x800000a0UL);
}
