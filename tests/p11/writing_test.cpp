#include "p11/writing.hpp"

#include <doctest/doctest.h>

#include <array>

#include "p11/attributes.hpp"
#include "p11/key_pair.hpp"
#include "p11/object.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;

namespace {

struct WritingDesk {
  Store store;
  Recorder recorder;
  p11::Module module = p11::Module::load(kSoftHsm, recorder.door);
  p11::Session session = p11::Session::open(module, slot_of(module), true);
  base::Secret pin = secret(kPin);
  p11::Login login{session, p11::User::user, &pin, false};
};

p11::NewCertificate sample(const WritingDesk& desk) {
  const auto name = *base::unhex("300f310d300b06035504030c0474657374");
  return {certificate(desk.store, "test"), name, name, {2, 1, 5}, {0xff, 0, 1}, {0xc7, 0xa9}};
}

std::optional<bool> flag_of(const p11::Session& session, unsigned long handle, unsigned long type) {
  const std::array wanted{p11::Wanted{type, 1, true}};
  return p11::Attributes{session, handle, wanted}.flag(type);
}

}  // namespace

TEST_CASE("a certificate is written in one call and comes back octet for octet, in one") {
  WritingDesk desk;
  const auto written = sample(desk);
  desk.recorder.calls->clear();
  const auto handle = p11::write_certificate(desk.session, written);
  CHECK(*desk.recorder.calls == std::vector<std::string>{"C_CreateObject"});
  desk.recorder.calls->clear();
  CHECK(p11::read_certificate(desk.session, handle) == written);
  CHECK(*desk.recorder.calls == std::vector<std::string>{"C_GetAttributeValue"});
  CHECK(flag_of(desk.session, handle, CKA_TOKEN) == true);
  CHECK(flag_of(desk.session, handle, CKA_PRIVATE) == false);
  const auto seen =
      p11::read_certificates(p11::Session::open(desk.module, desk.session.slot(), false));
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].der == written.der);
}

TEST_CASE("what was read can be written again after its object is gone") {
  WritingDesk desk;
  const auto first = p11::write_certificate(desk.session, sample(desk));
  const auto kept = p11::read_certificate(desk.session, first);
  p11::destroy_object(desk.session, first);
  CHECK(p11::read_certificates(desk.session).empty());
  CHECK_THROWS_AS((void)p11::read_certificate(desk.session, first), base::Error);
  CHECK_THROWS_AS(p11::destroy_object(desk.session, first), base::Error);
  const auto second = p11::write_certificate(desk.session, kept);
  CHECK(p11::read_certificate(desk.session, second) == kept);
}

TEST_CASE("nothing is written in a read-only session, nor a certificate without a value") {
  WritingDesk desk;
  auto none = sample(desk);
  const auto session = p11::Session::open(desk.module, desk.session.slot(), false);
  desk.recorder.calls->clear();
  const p11::KeyPairRequest request{"rsa-2048", {1}, {}, true, false};
  CHECK(error_of([&] { (void)p11::write_certificate(session, none); }).code() == Code::bug);
  CHECK(error_of([&] { p11::destroy_object(session, 1); }).code() == Code::bug);
  CHECK(error_of([&] { (void)p11::generate_pair(session, request); }).code() == Code::bug);
  none.der.clear();
  CHECK(error_of([&] { (void)p11::write_certificate(desk.session, none); }).code() == Code::bug);
  CHECK(desk.recorder.calls->empty());
}

TEST_CASE("a full token is told as one, and a handle of zero as a broken module") {
  static CK_RV answered = CKR_DEVICE_MEMORY;
  Fake fake;
  fake.functions.C_CreateObject = [](CK_SESSION_HANDLE, CK_ATTRIBUTE*, unsigned long,
                                     CK_OBJECT_HANDLE*) { return answered; };
  fake.functions.C_GenerateKeyPair = [](CK_SESSION_HANDLE, CK_MECHANISM*, CK_ATTRIBUTE*,
                                        unsigned long, CK_ATTRIBUTE*, unsigned long,
                                        CK_OBJECT_HANDLE*, CK_OBJECT_HANDLE*) { return answered; };
  const auto session = p11::Session::open(fake.module(), 7, true);
  const p11::NewCertificate one{{1}, {}, {}, {}, {}, {}};
  const p11::KeyPairRequest request{"ec-p256", {1}, {}, true, false};
  for (const auto& [rv, code] : {std::pair{CKR_DEVICE_MEMORY, Code::token_full},
                                 {CKR_TOKEN_WRITE_PROTECTED, Code::token_refused},
                                 {CKR_OK, Code::module_broken},
                                 {CKR_DEVICE_REMOVED, Code::token_removed}}) {
    answered = rv;
    CHECK(error_of([&] { (void)p11::write_certificate(session, one); }).code() == code);
    CHECK(error_of([&] { (void)p11::generate_pair(session, request); }).code() == code);
  }
}

TEST_CASE("only what a certificate has is written, in a template that no token has to guess at") {
  static std::vector<unsigned long> types;
  Fake fake;
  fake.functions.C_CreateObject = [](CK_SESSION_HANDLE, CK_ATTRIBUTE* list, unsigned long count,
                                     CK_OBJECT_HANDLE* handle) -> CK_RV {
    types.clear();
    for (unsigned long i = 0; i < count; ++i) types.push_back(list[i].type);
    *handle = 5;
    return CKR_OK;
  };
  const auto session = p11::Session::open(fake.module(), 7, true);
  CHECK(p11::write_certificate(session, {{1}, {2}, {}, {}, {3}, {}}) == 5);
  CHECK(types == std::vector<unsigned long>{CKA_CLASS, CKA_CERTIFICATE_TYPE, CKA_TOKEN, CKA_PRIVATE,
                                            CKA_ID, CKA_SUBJECT, CKA_VALUE});
}

TEST_CASE("a certificate that says too little or too much of itself is not copied") {
  Fake fake;
  const auto session = p11::Session::open(fake.module(), 7, false);
  Fake::Object whole{{CKA_VALUE, {1}}, {CKA_ID, {2}}};
  fake.objects = {whole, whole, whole};
  fake.objects[1].erase(CKA_VALUE);
  fake.objects[2][CKA_LABEL] = base::Bytes((1 << 20) + 1, 'x');
  CHECK(p11::read_certificate(session, 1) == p11::NewCertificate{{1}, {}, {}, {}, {2}, {}});
  CHECK(error_of([&] { (void)p11::read_certificate(session, 2); }).code() == Code::not_found);
  CHECK(error_of([&] { (void)p11::read_certificate(session, 3); }).code() == Code::bad_input);
}

TEST_CASE("a pair is made in one call, cannot leave the token, and is found again by its ID") {
  WritingDesk desk;
  for (const std::string algorithm : {"rsa-2048", "ec-p256", "ec-p384"}) {
    CAPTURE(algorithm);
    const auto id = octets("id of " + algorithm);
    CHECK_FALSE(p11::find_pair(desk.session, id));
    desk.recorder.calls->clear();
    const auto made = p11::generate_pair(desk.session, {algorithm, id, octets("x"), true, true});
    CHECK(*desk.recorder.calls == std::vector<std::string>{"C_GenerateKeyPair"});
    desk.recorder.calls->clear();
    const auto found = p11::find_pair(desk.session, id);
    CHECK(desk.recorder.calls->size() == 10);
    REQUIRE(found);
    CHECK(found->public_handle == made.public_handle);
    CHECK(found->private_handle == made.private_handle);
    for (const auto type : {CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE, CKA_SIGN})
      CHECK(flag_of(desk.session, made.private_handle, type) == true);
    CHECK(flag_of(desk.session, made.private_handle, CKA_EXTRACTABLE) == false);
    CHECK(flag_of(desk.session, made.public_handle, CKA_PRIVATE) == false);
    CHECK(flag_of(desk.session, made.private_handle,
                  algorithm == "rsa-2048" ? CKA_DECRYPT : CKA_DERIVE) == true);
  }
}

TEST_CASE("a pair is for what it was asked for only") {
  WritingDesk desk;
  const auto made = p11::generate_pair(desk.session, {"rsa-2048", {7}, {}, false, true});
  CHECK(flag_of(desk.session, made.private_handle, CKA_SIGN) == false);
  CHECK(flag_of(desk.session, made.private_handle, CKA_UNWRAP) == true);
  CHECK(flag_of(desk.session, made.public_handle, CKA_VERIFY) == false);
  CHECK(flag_of(desk.session, made.public_handle, CKA_ENCRYPT) == true);
}

TEST_CASE("half a pair is found as such") {
  WritingDesk desk;
  const auto made = p11::generate_pair(desk.session, {"ec-p256", {7}, {}, true, false});
  p11::destroy_object(desk.session, made.private_handle);
  const auto half = p11::find_pair(desk.session, base::Bytes{7});
  REQUIRE(half);
  CHECK(half->public_handle == made.public_handle);
  CHECK(half->private_handle == 0);
  p11::destroy_object(desk.session, made.public_handle);
  CHECK_FALSE(p11::find_pair(desk.session, base::Bytes{7}));
}

TEST_CASE("two pairs with one ID cannot be told apart, and are not guessed at") {
  WritingDesk desk;
  for (int i = 0; i < 2; ++i)
    (void)p11::generate_pair(desk.session, {"ec-p256", {7}, {}, true, false});
  CHECK(error_of([&] { (void)p11::find_pair(desk.session, base::Bytes{7}); }).code() ==
        Code::module_broken);
}

TEST_CASE("an unknown algorithm is refused before the token is asked, an empty ID is our fault") {
  WritingDesk desk;
  desk.recorder.calls->clear();
  for (const char* name : {"", "rsa", "rsa-1024", "RSA-2048", "sm2", "ec-p256 "}) {
    const auto error = error_of([&] {
      (void)p11::generate_pair(desk.session, {name, {1}, {}, true, true});
    });
    CHECK(error.code() == Code::not_supported);
    CHECK(error.subject() == name);
  }
  CHECK(error_of([&] {
          (void)p11::generate_pair(desk.session, {"rsa-2048", {}, {}, true, true});
        }).code() == Code::bug);
  CHECK(desk.recorder.calls->empty());
}
