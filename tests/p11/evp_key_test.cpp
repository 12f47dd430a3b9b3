// Keys on a token in OpenSSL's hands.
#include "p11/evp_key.hpp"

#include <doctest/doctest.h>
#include <openssl/cmp.h>

#include "p11/key_pair.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/key_use.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;
using p11::TokenKey;
using Calls = std::vector<std::string>;

namespace {

/// A token with a user logged in.
struct Desk {
  Store store;
  Recorder recorder;
  p11::Module module = p11::Module::load(kSoftHsm, recorder.door);
  p11::Session session = p11::Session::open(module, slot_of(module), true);
  base::Secret pin = secret(kPin);
  p11::Login login{session, p11::User::user, &pin, false};

  TokenKey key(const std::string& algorithm, std::string_view id = "one", bool signs = true,
               bool decrypts = true) {
    (void)p11::generate_pair(session, {algorithm, octets(id), octets("pair"), signs, decrypts});
    recorder.calls->clear();
    return TokenKey::open(session, octets(id));
  }
};

}  // namespace

TEST_CASE("an RSA key costs six calls to open, two to sign with, one to close") {
  Desk desk;
  {
    const auto key = desk.key("rsa-2048");
    CHECK(*desk.recorder.calls == Calls{"C_OpenSession", "C_FindObjectsInit", "C_FindObjects",
                                        "C_FindObjects", "C_FindObjectsFinal",
                                        "C_GetAttributeValue"});
    desk.recorder.calls->clear();
    const auto signature = sign(key.get(), "practice");
    CHECK(*desk.recorder.calls == Calls{"C_SignInit", "C_Sign"});
    const auto copy = key;
    CHECK(verifies(copy.get(), "practice", signature));
    CHECK_FALSE(verifies(copy.get(), "practise", signature));
    CHECK_FALSE(key.failure());
    desk.recorder.calls->clear();
  }
  CHECK(*desk.recorder.calls == Calls{"C_CloseSession"});
}

TEST_CASE("an EC key is completed from its public half, signs in two calls and agrees in four") {
  Desk desk;
  const auto key = desk.key("ec-p256");
  CHECK(desk.recorder.calls->size() == 11);
  desk.recorder.calls->clear();
  const auto signature = sign(key.get(), "practice");
  CHECK(*desk.recorder.calls == Calls{"C_SignInit", "C_Sign"});
  CHECK(verifies(public_half(key.get()).get(), "practice", signature));
  const auto certificate = certificate_of(key.get());
  REQUIRE(certificate);
  desk.recorder.calls->clear();
  CHECK(through_envelope(certificate.get(), key.get(), "sealed bid") == octets("sealed bid"));
  CHECK(*desk.recorder.calls ==
        Calls{"C_DeriveKey", "C_GetAttributeValue", "C_GetAttributeValue", "C_DestroyObject"});
  CHECK_FALSE(key.failure());
}

TEST_CASE("an RSA key opens what was encrypted for it, with either padding and in an envelope") {
  Desk desk;
  const auto key = desk.key("rsa-2048");
  const auto open_half = public_half(key.get());
  REQUIRE(open_half);
  for (const int padding : {RSA_PKCS1_PADDING, RSA_PKCS1_OAEP_PADDING}) {
    const auto hidden = encrypt(open_half.get(), padding, octets("secret"));
    desk.recorder.calls->clear();
    CHECK(decrypt(key.get(), padding, hidden) == octets("secret"));
    CHECK(*desk.recorder.calls == Calls{"C_DecryptInit", "C_Decrypt"});
  }
  CHECK(verifies(open_half.get(), "pss", sign(key.get(), "pss", true), true));
  const auto certificate = certificate_of(key.get());
  REQUIRE(certificate);
  CHECK(through_envelope(certificate.get(), key.get(), "sealed bid") == octets("sealed bid"));
}

TEST_CASE("a request is signed with a key on the token") {
  Desk desk;
  for (const std::string algorithm : {"rsa-2048", "ec-p256"}) {
    const auto key = desk.key(algorithm, algorithm);
    const Owned<X509_REQ, X509_REQ_free> request{X509_REQ_new()};
    CHECK(X509_REQ_set_pubkey(request.get(), key.get()) == 1);
    CHECK(X509_REQ_sign(request.get(), key.get(), EVP_sha256()) > 0);
    CHECK(X509_REQ_verify(request.get(), public_half(key.get()).get()) == 1);
  }
}

TEST_CASE("a CMP message is protected, and its request proven, with a key on the token") {
  Desk desk;
  for (const std::string algorithm : {"rsa-2048", "ec-p256"}) {
    const auto key = desk.key(algorithm, algorithm);
    const auto certificate = certificate_of(key.get());
    REQUIRE(certificate);
    using OwnedCmp = Owned<OSSL_CMP_CTX, OSSL_CMP_CTX_free>;
    const OwnedCmp server{OSSL_CMP_CTX_new(nullptr, nullptr)};
    OSSL_CMP_CTX_set1_srvCert(server.get(), certificate.get());
    const OwnedCmp client{OSSL_CMP_CTX_new(nullptr, nullptr)};
    OSSL_CMP_CTX_set1_cert(client.get(), certificate.get());
    OSSL_CMP_CTX_set1_pkey(client.get(), key.get());
    REQUIRE(EVP_PKEY_up_ref(key.get()) == 1);
    OSSL_CMP_CTX_set0_newPkey(client.get(), 1, key.get());
    OSSL_CMP_CTX_set_transfer_cb_arg(client.get(), server.get());
    OSSL_CMP_CTX_set_transfer_cb(
        client.get(), [](OSSL_CMP_CTX* from, const OSSL_CMP_MSG* message) -> OSSL_CMP_MSG* {
          auto* to = static_cast<OSSL_CMP_CTX*>(OSSL_CMP_CTX_get_transfer_cb_arg(from));
          CHECK(OSSL_CMP_validate_msg(to, message) == 1);
          return nullptr;
        });
    desk.recorder.calls->clear();
    CHECK(OSSL_CMP_exec_KUR_ses(client.get()) == nullptr);
    CHECK(*desk.recorder.calls == Calls{"C_SignInit", "C_Sign", "C_SignInit", "C_Sign"});
  }
}

TEST_CASE("several keys of one token are in use side by side") {
  Desk desk;
  const auto first = desk.key("rsa-2048", "first");
  const auto second = desk.key("rsa-2048", "second");
  const auto again = TokenKey::open(desk.session, octets("first"));
  const auto one = sign(first.get(), "x");
  const auto two = sign(second.get(), "x");
  CHECK(verifies(again.get(), "x", one));
  CHECK_FALSE(verifies(again.get(), "x", two));
  CHECK(sign(again.get(), "x") == one);
  CHECK(EVP_PKEY_eq(first.get(), again.get()) == 1);
  CHECK(EVP_PKEY_eq(first.get(), second.get()) != 1);
}

TEST_CASE("a key outlives the session and the handles that it was opened with") {
  std::optional<TokenKey> key;
  const Store store;
  const auto pin = secret(kPin);
  std::optional<p11::Module> module = p11::Module::load(kSoftHsm, nullptr);
  std::optional<p11::Session> login_session = p11::Session::open(*module, slot_of(*module), true);
  p11::Login login{*login_session, p11::User::user, &pin, false};
  {
    const auto session = p11::Session::open(*module, slot_of(*module), true);
    (void)p11::generate_pair(session, {"rsa-2048", octets("1"), {}, true, true});
    key = TokenKey::open(session, octets("1"));
  }
  login_session.reset();
  module.reset();
  CHECK(verifies(key->get(), "later", sign(key->get(), "later")));
}

TEST_CASE("OpenSSL may hold a key longer than the program does") {
  Desk desk;
  OwnedKey held;
  {
    const auto key = desk.key("rsa-2048");
    CHECK(EVP_PKEY_up_ref(key.get()) == 1);
    held.reset(key.get());
  }
  CHECK(desk.recorder.count("C_CloseSession") == 0);
  CHECK(verifies(held.get(), "later", sign(held.get(), "later")));
  CHECK(EVP_PKEY_dup(held.get()) == nullptr);
  held.reset();
  CHECK(desk.recorder.count("C_CloseSession") == 1);
}

TEST_CASE("without a key of that ID, or without its login, there is none to open") {
  Desk desk;
  (void)desk.key("rsa-2048");
  const auto missing = error_of([&] { (void)TokenKey::open(desk.session, octets("two")); });
  CHECK(missing.code() == Code::not_found);
  CHECK(missing.subject() == base::hex(octets("two")));
  desk.login.log_out();
  CHECK(error_of([&] { (void)TokenKey::open(desk.session, octets("one")); }).code() ==
        Code::not_found);
}

TEST_CASE("what the token refuses is told with its call and code until it works again") {
  Desk desk;
  const auto key = desk.key("rsa-2048");
  desk.login.log_out();
  CHECK(sign(key.get(), "x").empty());
  const auto refused = key.failure();
  REQUIRE(refused);
  CHECK(refused->code() == Code::token_refused);
  CHECK(refused->subject() == kSoftHsm);
  CHECK(refused->answer()->call == "C_SignInit");
  CHECK(refused->answer()->ckr.starts_with("CKR_"));
  const p11::Login login{desk.session, p11::User::user, &desk.pin, false};
  const auto anew = TokenKey::open(desk.session, octets("one"));
  CHECK_FALSE(sign(anew.get(), "x").empty());
  CHECK_FALSE(anew.failure());
}

TEST_CASE("a key that is not for signing does not sign by another way") {
  Desk desk;
  const auto key = desk.key("rsa-2048", "one", false, true);
  desk.recorder.calls->clear();
  CHECK(sign(key.get(), "x").empty());
  CHECK(*desk.recorder.calls == Calls{"C_SignInit"});
  REQUIRE(key.failure());
  CHECK(key.failure()->answer()->ckr == "CKR_KEY_FUNCTION_NOT_PERMITTED");
}

TEST_CASE("a failure of OpenSSL's own is none of the token's") {
  Desk desk;
  const auto key = desk.key("rsa-2048");
  CHECK(decrypt(key.get(), RSA_PKCS1_OAEP_PADDING, base::Bytes(256, 1)).empty());
  CHECK_FALSE(key.failure());
}

TEST_CASE("who loads the program itself as a module gets what he got without us") {
  Desk desk;
  const auto key = desk.key("rsa-2048");
  CK_FUNCTION_LIST* list = nullptr;
  REQUIRE(C_GetFunctionList(&list) == CKR_OK);  // p11-kit's, which nobody has initialised
  CK_INFO info{};
  CHECK(list->C_GetInfo(&info) == CKR_CRYPTOKI_NOT_INITIALIZED);
}
