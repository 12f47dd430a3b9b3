// Everything on a token: objects and mechanisms, with the names that its profile gives.
#include "ops/inventory.hpp"

#include "contents.hpp"
#include "fixture.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using model::ObjectClass;

namespace {

constexpr unsigned long kSha256Hmac = 0x2b;
constexpr unsigned long kVendorMechanism = CKM_VENDOR_DEFINED | 0x21;

CK_RV one_vendor_mechanism(CK_SLOT_ID, CK_MECHANISM_TYPE* list, unsigned long* count) {
  if (list != nullptr) list[0] = CKM_SHA256, list[1] = kVendorMechanism;
  *count = 2;
  return CKR_OK;
}

CK_RV any_mechanism(CK_SLOT_ID, CK_MECHANISM_TYPE, CK_MECHANISM_INFO* info) {
  *info = {256, 256, CKF_DIGEST};
  return CKR_OK;
}

/// The bench with a profile of the practice token changed by `change`.
template <class Change>
std::shared_ptr<Bench> bench_with(const Change& change) {
  auto bench = bench_over();
  auto profiles = std::make_shared<model::Profiles>(*bench->profiles);
  change(*std::ranges::find(profiles->tokens, "practice", &model::TokenProfile::id));
  bench->platform = &profiles->platforms.front();
  bench->profiles = std::move(profiles);
  return bench;
}

long count(const TokenObjects& read, ObjectClass object_class) {
  return std::ranges::count(read.objects, object_class, &model::Object::object_class);
}

}  // namespace

TEST_CASE("the objects of a master are all listed, its private keys only after a login") {
  const NineTokens tokens;
  const auto bench = bench_of(label_of("master"));
  const auto open = read_objects(bench);
  CHECK(open.token.label == label_of("master"));
  CHECK(open.info.flags.initialised);
  CHECK(count(open, ObjectClass::certificate) == 2);
  CHECK(count(open, ObjectClass::public_key) == 2);
  CHECK(count(open, ObjectClass::private_key) == 0);
  CHECK(count(open, ObjectClass::data) == 3);
  CHECK(open.objects.size() == 7);
  const Asked asked(*bench);
  const auto all = read_objects(bench);
  CHECK(count(all, ObjectClass::private_key) == 2);
  CHECK(all.objects.size() == 9);
  for (const auto& object : all.objects) {
    CHECK_FALSE(object.error);
    if (object.object_class == ObjectClass::private_key) {
      CHECK(object.key_type == "rsa");
      CHECK(object.size == 2048ul);
      CHECK(object.sensitive == true);
    }
  }
}

TEST_CASE("a token without objects has an empty list") {
  const NineTokens tokens;
  CHECK(read_objects(bench_of(label_of("blank"))).objects.empty());
}

TEST_CASE("a vendor's key type is named by the token's profile, else it stays a number") {
  const OwnStore store({"one"}, [](Writer& writer) {
    Template key;
    key.number(CKA_CLASS, CKO_SECRET_KEY).number(CKA_KEY_TYPE, kSha256Hmac);
    key.flag(CKA_PRIVATE, false).flag(CKA_SENSITIVE, false).text(CKA_LABEL, "mac");
    key.octets(CKA_VALUE, base::Bytes(32, 7));
    writer.create(std::move(key));
  });
  const auto plain = read_objects(bench_over());
  REQUIRE(plain.objects.size() == 1);
  CHECK(plain.objects[0].key_type == "0x2b");
  const auto bench = bench_with([](auto& profile) { profile.key_types[kSha256Hmac] = "mac"; });
  CHECK(read_objects(bench).objects.at(0).key_type == "mac");
}

TEST_CASE("the mechanisms of a token are read without a session") {
  const NineTokens tokens;
  const auto bench = bench_of(label_of("master"));
  const Calls calls(*bench);
  const auto read = read_mechanisms(bench);
  CHECK(read.token.label == label_of("master"));
  const auto rsa = std::ranges::find(read.mechanisms, CKM_RSA_PKCS, &model::Mechanism::number);
  REQUIRE(rsa != read.mechanisms.end());
  CHECK(rsa->name == "CKM_RSA_PKCS");
  CHECK_FALSE(rsa->vendor);
  CHECK(std::ranges::count(rsa->usage, "sign") == 1);
  CHECK(calls.count("C_OpenSession") == 0);
  CHECK(calls.count("C_GetMechanismInfo") == static_cast<long>(read.mechanisms.size()));
}

TEST_CASE("a vendor's mechanism is named by the token's profile, else it stays a number") {
  const OwnStore store({"one"});
  const Tap<&CK_FUNCTION_LIST::C_GetMechanismList> list(&one_vendor_mechanism);
  const Tap<&CK_FUNCTION_LIST::C_GetMechanismInfo> info(&any_mechanism);
  const auto plain = read_mechanisms(bench_over()).mechanisms;
  REQUIRE(plain.size() == 2);
  CHECK(plain[1].name == "0x80000021");
  CHECK(plain[1].vendor);
  const auto bench = bench_with([](auto& profile) {
    profile.mechanisms = {{kVendorMechanism, "SM3"}, {CKM_SHA256, "never"}};
  });
  const auto named = read_mechanisms(bench).mechanisms;
  CHECK(named.at(0).name == "CKM_SHA256");
  CHECK(named.at(1).name == "SM3");
}
