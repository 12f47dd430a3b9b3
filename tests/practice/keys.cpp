// Keys on a practice token in OpenSSL's hands: what a real UKey does to them, SoftHSM does not.
#include <doctest/doctest.h>

#include <chrono>

#include "fixture.hpp"
#include "p11/evp_key.hpp"
#include "p11/key_pair.hpp"
#include "p11/login.hpp"
#include "p11/object.hpp"
#include "p11/watchdog.hpp"
#include "p11/writing.hpp"
#include "tests/p11/key_use.hpp"

using namespace ukey;
using namespace ukey::practice::test;
using practice::BorrowedVariable;

namespace {

constexpr auto kRemoved = base::Code::token_removed;

/// The environment that the module reads, and the module with a user logged in.
struct Desk {
  explicit Desk(const Store& store, const std::string& fault = "",
                std::shared_ptr<p11::Door> door = nullptr)
      : drawer("UKEY_PRACTICE", store.folder.path().string()),
        demand("UKEY_PRACTICE_FAULT", fault),
        module(p11::Module::load(UKEY_PRACTICE_MODULE, std::move(door))),
        session(p11::Session::open(module, module.slots_with_token().at(0), true)),
        pin(user_pin()),
        login(session, p11::User::user, &pin, false) {}

  static base::Secret user_pin() {
    base::Secret out;
    for (const char c : practice::kUserPin) (void)out.push(static_cast<std::uint8_t>(c));
    return out;
  }

  p11::TokenKey make(const std::string& algorithm) {
    (void)p11::generate_pair(session, {algorithm, {1}, {}, true, true});
    return open();
  }
  p11::TokenKey open() { return p11::TokenKey::open(session, base::Bytes{1}); }

  BorrowedVariable drawer, demand;
  p11::Module module;
  p11::Session session;
  base::Secret pin;
  p11::Login login;
};

/// The error that signing leaves in the key; `bug` when there is none.
base::Error refusal_of(const p11::TokenKey& key) {
  return tests::sign(key.get(), "x").empty() && key.failure() ? *key.failure()
                                                              : base::Error(base::Code::bug);
}

}  // namespace

TEST_CASE("a key made on a practice token signs and opens envelopes") {
  for (const std::string algorithm : {"rsa-2048", "ec-p256"}) {
    const Store store({"keys"});
    Desk desk(store);
    const auto key = desk.make(algorithm);
    CHECK(tests::verifies(key.get(), "x", tests::sign(key.get(), "x")));
    const auto certificate = tests::certificate_of(key.get());
    REQUIRE(certificate);
    const auto text = base::as_bytes("bid");
    CHECK(tests::through_envelope(certificate.get(), key.get(), "bid") ==
          base::Bytes(text.begin(), text.end()));
  }
}

TEST_CASE("a token that is pulled out between two uses is told as removed, and stays so") {
  const Store store({"keys"});
  Desk desk(store);
  const auto key = desk.make("rsa-2048");
  CHECK_FALSE(tests::sign(key.get(), "x").empty());
  store.unplug();
  CHECK(refusal_of(key).code() == kRemoved);
  CHECK(refusal_of(key).answer()->call == "C_SignInit");
  store.plug();
  CHECK(refusal_of(key).code() == kRemoved);
}

TEST_CASE("after the token came back its key is opened anew") {
  const Store store({"keys"});
  {
    Desk desk(store);
    const auto key = desk.make("rsa-2048");
    store.unplug();
    CHECK(refusal_of(key).code() == kRemoved);
    store.plug();
  }
  Desk desk(store);
  const auto key = desk.open();
  CHECK(tests::verifies(key.get(), "x", tests::sign(key.get(), "x")));
}

TEST_CASE("whichever call of a use fails, the token's whole code is told") {
  const Store store({"keys"});
  { (void)Desk(store).make("rsa-2048"); }
  for (const std::string call : {"C_SignInit", "C_Sign", "C_Sign!"}) {
    CAPTURE(call);
    Desk desk(store, call + ":1=0x80000abc");
    const auto key = desk.open();
    const auto error = refusal_of(key);
    REQUIRE(error.answer());
    CHECK(error.answer()->rv == 0x80000abc);
    CHECK(call.starts_with(error.answer()->call));
    const auto anew = desk.open();
    CHECK_FALSE(tests::sign(anew.get(), "x").empty());
    CHECK_FALSE(anew.failure());
  }
}

TEST_CASE("whichever call of opening a key fails, there is no key and nothing hangs") {
  const Store store({"keys"});
  { (void)Desk(store).make("ec-p256"); }
  for (const std::string call :
       {"C_OpenSession:2", "C_FindObjectsInit:1", "C_FindObjects:1", "C_FindObjects:2",
        "C_FindObjectsFinal:1", "C_GetAttributeValue:1", "C_FindObjectsInit:2", "C_FindObjects:3",
        "C_FindObjects:4", "C_FindObjectsFinal:2", "C_GetAttributeValue:2"}) {
    CAPTURE(call);
    Desk desk(store, call + "=0x32");
    CHECK(code_of([&] { (void)desk.open(); }) == kRemoved);
    const auto key = desk.open();
    CHECK_FALSE(tests::sign(key.get(), "x").empty());
  }
}

TEST_CASE(
    "whichever call of agreeing on a key fails, the envelope stays shut and the secret goes") {
  const Store store({"keys"});
  { (void)Desk(store).make("ec-p256"); }
  for (const std::string call :
       {"C_DeriveKey:1", "C_GetAttributeValue:3", "C_GetAttributeValue:4"}) {
    CAPTURE(call);
    Desk desk(store, call + "=0x30");
    const auto key = desk.open();
    const auto certificate = tests::certificate_of(key.get());
    REQUIRE(certificate);
    CHECK(tests::through_envelope(certificate.get(), key.get(), "bid").empty());
    REQUIRE(key.failure());
    CHECK(key.failure()->answer()->ckr == "CKR_DEVICE_ERROR");
    CHECK_FALSE(tests::through_envelope(certificate.get(), key.get(), "bid").empty());
  }
}

TEST_CASE("a signature that never comes back is given up") {
  const Store store({"keys"});
  { (void)Desk(store).make("rsa-2048"); }
  const int status = in_child([&] {
    const auto door = std::make_shared<p11::Door>();
    try {
      p11::supervised<void>(door, p11::Limits::all(std::chrono::milliseconds(1500)),
                            [&store, door] {
                              Desk desk(store, "C_Sign=hang", door);
                              const auto key = desk.open();
                              (void)tests::sign(key.get(), "x");
                            });
    } catch (const base::Error& error) {
      const bool told = error.code() == base::Code::module_timeout && error.answer() &&
                        error.answer()->call == "C_Sign";
      ::_exit(told ? 42 : 1);
    }
    return 2;
  });
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
}

TEST_CASE("a certificate written to a practice token is there for the next program") {
  const Store store({"keys"});
  const p11::NewCertificate made{{0x30, 0}, {0x30, 0}, {0x30, 0}, {2, 1, 1}, {9}, {'x'}};
  { (void)p11::write_certificate(Desk(store).session, made); }
  Desk desk(store, "C_CreateObject=0x31");
  const auto seen = p11::read_certificates(desk.session);
  REQUIRE(seen.size() == 1);
  CHECK(p11::read_certificate(desk.session, seen[0].handle) == made);
  CHECK(code_of([&] { (void)p11::write_certificate(desk.session, made); }) ==
        base::Code::token_full);
}
