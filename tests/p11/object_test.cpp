#include "p11/object.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "p11/mechanism.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;

namespace {

/// A token with two certificates, three data objects (one private) and two key pairs.
struct Filled {
  Store store;
  base::Bytes first = certificate(store, "Practice One");
  base::Bytes large = base::Bytes(10'000, 0x30);
  base::Bytes seal = base::Bytes(100'000, 0x5e);
  Filled() {
    const auto module = p11::Module::load(kSoftHsm, nullptr);
    const auto session = p11::Session::open(module, slot_of(module), true);
    const auto pin = secret(kPin);
    const p11::Login login{session, p11::User::user, &pin, false};
    put_certificate(session, "签名证书", "k1", first);
    put_certificate(session, std::string(300, 'L'), "k2", large);
    put_data(session, "单位公章", seal, false);
    put_data(session, "", {}, false);
    put_data(session, "手写签名", octets("hidden"), true);
    make_key_pair(session, true, "k1");
    make_key_pair(session, false, "k2");
  }
};

template <class List>
auto by_label(const List& list, std::string_view label) {
  const auto found = std::find_if(list.begin(), list.end(),
                                  [label](const auto& one) { return one.label == label; });
  REQUIRE(found != list.end());
  return *found;
}

}  // namespace

TEST_CASE("what was put on a token is read as it was put") {
  const Filled token;
  const auto module = p11::Module::load(kSoftHsm, nullptr);
  const auto session = p11::Session::open(module, slot_of(module), false);

  const auto certificates = p11::read_certificates(session);
  REQUIRE(certificates.size() == 2);
  const auto signing = by_label(certificates, "签名证书");
  CHECK(signing.der == token.first);
  CHECK(signing.id == octets("k1"));
  CHECK_FALSE(signing.error);
  const auto large = by_label(certificates, std::string(300, 'L'));
  CHECK(large.der == token.large);
  CHECK_FALSE(large.error);

  const auto seals = p11::read_data_objects(session);
  REQUIRE(seals.size() == 2);
  const auto unit = by_label(seals, "单位公章");
  CHECK(unit.size == 100'000);
  CHECK(unit.is_private == false);
  CHECK(by_label(seals, "").size == 0);
  CHECK(p11::read_value(session, unit.handle) == token.seal);
  CHECK(p11::read_value(session, unit.handle, 100'000) == token.seal);
  CHECK(p11::read_value(session, by_label(seals, "").handle).empty());
  CHECK(error_of([&] { (void)p11::read_value(session, unit.handle, 99'999); }).code() ==
        Code::bad_input);
  CHECK(error_of([&] { (void)p11::read_value(session, 0xdead); }).code() == Code::token_refused);
}

TEST_CASE("private objects are seen only after login") {
  const Filled token;
  const auto module = p11::Module::load(kSoftHsm, nullptr);
  const auto session = p11::Session::open(module, slot_of(module), false);
  CHECK(p11::private_key_ids(session).empty());
  CHECK(p11::read_private_key_publics(session).empty());
  CHECK(p11::read_data_objects(session).size() == 2);
  {
    const auto pin = secret(kPin);
    const p11::Login login{session, p11::User::user, &pin, false};
    auto ids = p11::private_key_ids(session);
    std::sort(ids.begin(), ids.end());
    CHECK(ids == std::vector<base::Bytes>{octets("k1"), octets("k2")});
    const auto hidden = by_label(p11::read_data_objects(session), "手写签名");
    CHECK(hidden.is_private == true);
    CHECK(p11::read_value(session, hidden.handle) == octets("hidden"));
  }
  CHECK(p11::read_data_objects(session).size() == 2);
}

TEST_CASE("a private key shows the public numbers of its public key") {
  const Filled token;
  const auto module = p11::Module::load(kSoftHsm, nullptr);
  const auto session = p11::Session::open(module, slot_of(module), false);
  const auto pin = secret(kPin);
  const p11::Login login{session, p11::User::user, &pin, false};
  const auto open = p11::read_public_keys(session);
  const auto hidden = p11::read_private_key_publics(session);
  REQUIRE(open.size() == 2);
  REQUIRE(hidden.size() == 2);
  for (const auto& key : open) {
    const auto pair = std::find_if(hidden.begin(), hidden.end(),
                                   [&](const auto& other) { return other.id == key.id; });
    REQUIRE(pair != hidden.end());
    CHECK(pair->modulus == key.modulus);
    CHECK(pair->ec_parameters == key.ec_parameters);
    CHECK(key.modulus.empty() == (key.id == octets("k2")));
    CHECK(key.ec_point.empty() == (key.id == octets("k1")));
    if (!key.modulus.empty()) CHECK(key.modulus.size() == 128);
    if (!key.modulus.empty()) CHECK(key.exponent == base::Bytes{1, 0, 1});
  }
}

TEST_CASE("the list of objects tells classes, sizes, key types and uses") {
  const Filled token;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  const auto session = p11::Session::open(module, slot_of(module), false);
  const auto pin = secret(kPin);
  const p11::Login login{session, p11::User::user, &pin, false};
  recorder.calls->clear();
  const auto all = p11::list_objects(session);
  CHECK(all.size() == 9);
  // One label is longer than usual (two calls more); one value is empty, which is made sure of.
  CHECK(recorder.calls->size() == 4 + all.size() + 3);
  std::map<model::ObjectClass, int> classes;
  for (const auto& object : all) {
    ++classes[object.object_class];
    CHECK_FALSE(object.error);
    if (object.object_class == model::ObjectClass::private_key) {
      CHECK(object.is_private == true);
      CHECK(object.sensitive == true);
      CHECK(object.size == (object.id == octets("k1") ? 1024 : 256));
      CHECK(object.key_type == (object.id == octets("k1") ? "rsa" : "ec"));
      CHECK(std::count(object.usage.begin(), object.usage.end(), "sign") == 1);
      CHECK(std::count(object.usage.begin(), object.usage.end(), "decrypt") == 0);
    }
  }
  CHECK(classes[model::ObjectClass::certificate] == 2);
  CHECK(classes[model::ObjectClass::data] == 3);
  CHECK(classes[model::ObjectClass::public_key] == 2);
  CHECK(classes[model::ObjectClass::private_key] == 2);
  const auto signing = by_label(all, "签名证书");
  CHECK(signing.key_type == "x509");
  CHECK(signing.size == token.first.size());
  CHECK(signing.class_number == CKO_CERTIFICATE);
  CHECK(by_label(all, std::string(300, 'L')).size == 10'000);
  CHECK(by_label(all, "单位公章").application == "practice");
}

TEST_CASE("reading a token costs no call more than the floor") {
  const Store store;
  {
    const auto module = p11::Module::load(kSoftHsm, nullptr);
    const auto session = p11::Session::open(module, slot_of(module), true);
    put_certificate(session, "c1", "1", certificate(store, "Practice One"));
    put_certificate(session, "c2", "2", certificate(store, "Practice Two"));
    for (const auto* label : {"单位公章", "法人章", "手写签名"})
      put_data(session, label, base::Bytes(20'000, 1), false);
  }
  Recorder recorder;
  {
    const auto module = p11::Module::load(kSoftHsm, recorder.door);
    const auto slot = slot_of(module);
    const auto session = p11::Session::open(module, slot, false);
    CHECK(p11::read_certificates(session).size() == 2);
    CHECK(p11::read_data_objects(session).size() == 3);
  }
  const long infos = recorder.count("C_GetTokenInfo");
  CHECK(infos <= 2);  // SoftHSM shows one uninitialised token more, before or after ours
  std::vector<std::string> floor{"dlopen", "C_GetFunctionList", "C_Initialize", "C_GetSlotList"};
  floor.insert(floor.end(), static_cast<std::size_t>(infos), "C_GetTokenInfo");
  floor.push_back("C_OpenSession");
  for (const int objects : {2, 3}) {
    for (const auto* call :
         {"C_FindObjectsInit", "C_FindObjects", "C_FindObjects", "C_FindObjectsFinal"})
      floor.push_back(call);
    floor.insert(floor.end(), static_cast<std::size_t>(objects), "C_GetAttributeValue");
  }
  floor.push_back("C_CloseSession");
  floor.push_back("C_Finalize");
  CHECK(*recorder.calls == floor);
}

TEST_CASE("the mechanisms of a token have names and uses") {
  const Store store;
  const auto module = p11::Module::load(kSoftHsm, nullptr);
  const auto list = p11::read_mechanisms(module, slot_of(module), {});
  CHECK(list.size() > 20);
  bool seen = false;
  for (const auto& mechanism : list) {
    CHECK(mechanism.name.starts_with("CKM_"));
    if (mechanism.number != 0x40) continue;
    seen = true;
    CHECK(mechanism.name == "CKM_SHA256_RSA_PKCS");
    CHECK(mechanism.usage == std::vector<std::string>{"sign", "verify"});
    CHECK(mechanism.min_key >= 512);
    CHECK_FALSE(mechanism.vendor);
  }
  CHECK(seen);
}
