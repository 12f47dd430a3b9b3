// Keys on tokens that lie, or that say little.
#include <doctest/doctest.h>

#include "p11/evp_key.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/key_use.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;
using p11::TokenKey;

namespace {

const base::Bytes kP256 = *base::unhex("06082a8648ce3d030107");
const base::Bytes kSm2 = *base::unhex("06082a811ccf5501822d");
// The generators of the curves, as good a public key as any: an uncompressed point in an OCTET
// STRING.
const base::Bytes kPointP256 = *base::unhex(
    "0441046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
const base::Bytes kPointSm2 = *base::unhex(
    "04410432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7"
    "bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0");

Fake::Object key(unsigned long object_class, unsigned long type, std::vector<Attribute> more) {
  more.insert(more.end(),
              {number(CKA_CLASS, object_class), number(CKA_KEY_TYPE, type), text(CKA_ID, "1")});
  return object(std::move(more));
}

Fake::Object rsa_key(std::vector<Attribute> more = {}) {
  more.push_back({CKA_MODULUS, base::Bytes(256, 0xc3)});
  more.push_back({CKA_PUBLIC_EXPONENT, {1, 0, 1}});
  return key(CKO_PRIVATE_KEY, CKK_RSA, std::move(more));
}

TokenKey open(Fake& fake, std::string_view id = "1") {
  return TokenKey::open(p11::Session::open(fake.module(), 7, false), octets(id));
}

Code refused(const std::vector<Fake::Object>& objects) {
  Fake fake;
  fake.objects = objects;
  return error_of([&] { (void)open(fake); }).code();
}

CK_RV fine(CK_SESSION_HANDLE, CK_MECHANISM*, CK_OBJECT_HANDLE) { return CKR_OK; }

}  // namespace

TEST_CASE("a key that wants the PIN for each use is not supported, and nobody is asked for it") {
  CHECK(refused({rsa_key({flag(CKA_ALWAYS_AUTHENTICATE, true)})}) == Code::not_supported);
  Fake fake;
  fake.objects = {rsa_key({flag(CKA_ALWAYS_AUTHENTICATE, false)})};
  CHECK(open(fake).get() != nullptr);
}

TEST_CASE("keys of other kinds and SM2 keys are not supported") {
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_DSA, {})}) == Code::not_supported);
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_VENDOR_DEFINED + 1, {})}) == Code::not_supported);
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_EC,
                     {{CKA_EC_PARAMS, kSm2}, {CKA_EC_POINT, kPointSm2}})}) == Code::not_supported);
  Fake fake;
  fake.objects = {
      key(CKO_PRIVATE_KEY, CKK_EC, {{CKA_EC_PARAMS, kP256}, {CKA_EC_POINT, kPointP256}})};
  CHECK(open(fake).get() != nullptr);
}

TEST_CASE(
    "a key whose public numbers are nowhere is not found, one whose numbers are absurd fails") {
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_RSA, {})}) == Code::not_found);
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_EC, {{CKA_EC_PARAMS, kP256}})}) == Code::not_found);
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_EC,
                     {{CKA_EC_PARAMS, kP256}, {CKA_EC_POINT, {4, 1, 9}}})}) == Code::not_supported);
  CHECK(refused({key(CKO_PRIVATE_KEY, CKK_EC,
                     {{CKA_EC_PARAMS, {1}}, {CKA_EC_POINT, kPointP256}})}) == Code::not_supported);
  CHECK(refused({object({number(CKA_CLASS, CKO_PRIVATE_KEY), text(CKA_ID, "1")})}) ==
        Code::not_supported);
}

TEST_CASE("public numbers that the private key does not tell come from the public key") {
  Fake fake;
  fake.objects = {key(CKO_PRIVATE_KEY, CKK_RSA, {}),
                  key(CKO_PUBLIC_KEY, CKK_RSA,
                      {{CKA_MODULUS, base::Bytes(256, 0xc3)}, {CKA_PUBLIC_EXPONENT, {3}}})};
  CHECK(EVP_PKEY_get_bits(open(fake).get()) == 2048);
}

TEST_CASE("a module that does not look at the ID is not believed") {
  Fake fake;
  fake.objects = {rsa_key(), rsa_key()};
  fake.objects[0][CKA_ID] = octets("another");
  fake.find = [over = true](unsigned long* handles, unsigned long most,
                            unsigned long* count) mutable -> CK_RV {
    REQUIRE(most >= 2);
    over = !over;
    handles[0] = 1;
    handles[1] = 2;
    *count = over ? 0 : 2;
    return CKR_OK;
  };
  CHECK(open(fake).get() != nullptr);
  CHECK(error_of([&] { (void)open(fake, "2"); }).code() == Code::not_found);
}

TEST_CASE("a signature longer than the key is refused as a lie of the module's") {
  Fake fake;
  fake.objects = {rsa_key()};
  fake.functions.C_SignInit = fine;
  fake.functions.C_Sign = [](CK_SESSION_HANDLE, unsigned char*, unsigned long, unsigned char*,
                             unsigned long* length) -> CK_RV {
    *length = 100'000;
    return CKR_OK;
  };
  const auto token_key = open(fake);
  CHECK(sign(token_key.get(), "x").empty());
  REQUIRE(token_key.failure());
  CHECK(token_key.failure()->code() == Code::module_broken);
  CHECK(token_key.failure()->answer()->call == "C_Sign");
}

TEST_CASE("a vendor's code comes out whole, a missing function and mechanism are not supported") {
  static CK_RV answered = CKR_OK;
  Fake fake;
  fake.objects = {rsa_key()};
  const auto token_key = open(fake);
  const auto failed_with = [&](CK_RV rv) {
    answered = rv;
    CHECK(sign(token_key.get(), "x").empty());
    REQUIRE(token_key.failure());
    return *token_key.failure();
  };
  CHECK(failed_with(CKR_OK).code() == Code::not_supported);  // there is no C_SignInit
  fake.functions.C_SignInit = [](CK_SESSION_HANDLE, CK_MECHANISM*, CK_OBJECT_HANDLE) {
    return answered;
  };
  CHECK(failed_with(0x800000a0).answer()->rv == 0x800000a0);
  CHECK(failed_with(CKR_MECHANISM_INVALID).code() == Code::not_supported);
  CHECK(failed_with(CKR_DEVICE_REMOVED).code() == Code::token_removed);
}

TEST_CASE("an observer that throws does not bring the program down in the middle of OpenSSL") {
  Fake fake;
  fake.objects = {rsa_key()};
  fake.functions.C_SignInit = fine;
  const auto door = std::make_shared<p11::Door>();
  const auto token_key =
      TokenKey::open(p11::Session::open(fake.module(door), 7, false), octets("1"));
  door->observer = [](const model::CallRecord&) { throw 1; };
  CHECK(sign(token_key.get(), "x").empty());
}

TEST_CASE("no session to be had is told before OpenSSL or libp11 wait for one") {
  Fake fake;
  fake.objects = {rsa_key()};
  const auto session = p11::Session::open(fake.module(), 7, false);
  fake.open_session = [](unsigned long*) -> CK_RV { return CKR_SESSION_COUNT; };
  const auto error = error_of([&] { (void)TokenKey::open(session, octets("1")); });
  CHECK(error.answer()->ckr == "CKR_SESSION_COUNT");
}
