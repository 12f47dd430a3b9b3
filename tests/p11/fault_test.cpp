// Modules that lie.
#include <doctest/doctest.h>

#include <cstring>

#include "p11/attributes.hpp"
#include "p11/object.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;

namespace {

constexpr unsigned long kNone = CK_UNAVAILABLE_INFORMATION;

Fake::Object certificate_object(std::string_view label, base::Bytes der) {
  return object({number(CKA_CLASS, CKO_CERTIFICATE),
                 text(CKA_LABEL, label),
                 text(CKA_ID, "1"),
                 {CKA_VALUE, std::move(der)}});
}

p11::Session open(Fake& fake, Recorder& recorder) {
  return p11::Session::open(fake.module(recorder.door), 7, false);
}

}  // namespace

TEST_CASE("a value of 1 MiB is read, one octet more is an error of that certificate only") {
  Fake fake;
  Recorder recorder;
  fake.objects = {certificate_object("most", base::Bytes(1 << 20, 7)),
                  certificate_object("over", base::Bytes((1 << 20) + 1, 7)),
                  certificate_object("empty", {}), certificate_object("good", {1, 2, 3})};
  const auto read = p11::read_certificates(open(fake, recorder));
  REQUIRE(read.size() == 4);
  CHECK(read[0].der.size() == 1 << 20);
  CHECK_FALSE(read[0].error);
  for (const std::size_t bad : {1, 2}) {
    REQUIRE(read[bad].error);
    CHECK(read[bad].error->code() == Code::bad_input);
    CHECK(read[bad].error->subject() == read[bad].label);
    CHECK(read[bad].der.empty());
  }
  CHECK(read[3].der == base::Bytes{1, 2, 3});
  CHECK_FALSE(read[3].error);
}

TEST_CASE(
    "a certificate whose value the module does not give is an error, without an ID it is none") {
  Fake fake;
  Recorder recorder;
  fake.objects = {certificate_object("no value", {1}), certificate_object("no id", {1})};
  fake.objects[0].erase(CKA_VALUE);
  fake.objects[1].erase(CKA_ID);
  const auto read = p11::read_certificates(open(fake, recorder));
  REQUIRE(read[0].error);
  CHECK(read[0].error->code() == Code::bad_input);
  CHECK(read[0].error->answer()->ckr == "CKR_ATTRIBUTE_TYPE_INVALID");
  CHECK(read[0].label == "no value");
  CHECK_FALSE(read[1].error);
  CHECK(read[1].der == base::Bytes{1});
  CHECK(read[1].id.empty());
}

TEST_CASE("lengths that cannot be make an entry an error, whatever the answer") {
  for (const unsigned long length : {kNone, 0xffffffffUL, 4097UL, 1UL << 40}) {
    for (const CK_RV rv : {CKR_OK, CKR_BUFFER_TOO_SMALL, CKR_ATTRIBUTE_SENSITIVE}) {
      CAPTURE(length);
      CAPTURE(rv);
      Fake fake;
      Recorder recorder;
      fake.objects = {certificate_object("a", {1})};
      fake.attributes = [&](unsigned long, CK_ATTRIBUTE* asked, unsigned long count) {
        for (unsigned long i = 0; i < count; ++i) {
          const bool value = asked[i].type == CKA_VALUE;
          (void)give(fake.objects[0], asked[i]);
          if (value) asked[i].ulValueLen = length;
        }
        return rv;
      };
      const auto read = p11::read_certificates(open(fake, recorder));
      REQUIRE(read.size() == 1);
      REQUIRE(read[0].error);
      CHECK(read[0].error->code() == Code::bad_input);
      CHECK(read[0].der.empty());
      CHECK(recorder.count("C_GetAttributeValue") <= 9);
    }
  }
}

TEST_CASE("a module that stops at the first attribute it dislikes is asked for the rest again") {
  Fake fake;
  Recorder recorder;
  fake.objects = {certificate_object("a", {1, 2, 3})};
  fake.objects[0].erase(CKA_ID);
  fake.attributes = [&](unsigned long, CK_ATTRIBUTE* asked, unsigned long count) {
    for (unsigned long i = 0; i < count; ++i)
      if (const CK_RV rv = give(fake.objects[0], asked[i]); rv != CKR_OK) return rv;
    return CKR_OK;
  };
  const auto session = open(fake, recorder);
  const auto read = p11::read_certificates(session);
  REQUIRE(read.size() == 1);
  CHECK(read[0].der == base::Bytes{1, 2, 3});
  CHECK(read[0].label == "a");
  CHECK_FALSE(read[0].error);
  const auto all = p11::list_objects(session);
  CHECK(all[0].object_class == model::ObjectClass::certificate);
  CHECK(all[0].size == 3);
}

TEST_CASE("a module that gives all attributes or none is asked for each alone") {
  Fake fake;
  Recorder recorder;
  fake.objects = {
      object({number(CKA_CLASS, CKO_DATA), text(CKA_LABEL, "seal"), {CKA_VALUE, {1, 2}}})};
  fake.attributes = [&](unsigned long, CK_ATTRIBUTE* asked, unsigned long count) {
    for (unsigned long i = 0; i < count; ++i) {
      if (fake.objects[0].contains(asked[i].type)) continue;
      for (unsigned long j = 0; j < count; ++j) asked[j].ulValueLen = kNone;
      return CKR_ATTRIBUTE_TYPE_INVALID;
    }
    for (unsigned long i = 0; i < count; ++i) (void)give(fake.objects[0], asked[i]);
    return CKR_OK;
  };
  const auto session = open(fake, recorder);
  const auto seals = p11::read_data_objects(session);
  REQUIRE(seals.size() == 1);
  CHECK(seals[0].label == "seal");
  CHECK(seals[0].size == 2);
  CHECK_FALSE(seals[0].is_private);
  const auto all = p11::list_objects(session);
  CHECK(all[0].object_class == model::ObjectClass::data);
  CHECK(all[0].label == "seal");
  CHECK(all[0].size == 2);
}

TEST_CASE("an object without a class is an entry with an error") {
  Fake fake;
  Recorder recorder;
  fake.objects = {object({text(CKA_LABEL, "odd")}),
                  object({number(CKA_CLASS, CKO_VENDOR_DEFINED + 5), text(CKA_LABEL, "own")})};
  const auto all = p11::list_objects(open(fake, recorder));
  REQUIRE(all.size() == 2);
  REQUIRE(all[0].error);
  CHECK(all[0].error->code() == Code::bad_input);
  CHECK(all[0].label == "odd");
  CHECK_FALSE(all[1].error);
  CHECK(all[1].object_class == model::ObjectClass::other);
  CHECK(all[1].class_number == CKO_VENDOR_DEFINED + 5);
}

TEST_CASE("one object that fails does not hide the others, a token that goes ends the reading") {
  Fake fake;
  Recorder recorder;
  fake.objects = {certificate_object("a", {1}), certificate_object("b", {2})};
  CK_RV failure = CKR_DEVICE_ERROR;
  fake.attributes = [&](unsigned long handle, CK_ATTRIBUTE* asked, unsigned long count) {
    if (handle == 1) return failure;
    for (unsigned long i = 0; i < count; ++i) (void)give(fake.objects[1], asked[i]);
    return CKR_OK;
  };
  const auto session = open(fake, recorder);
  const auto read = p11::read_certificates(session);
  REQUIRE(read.size() == 2);
  REQUIRE(read[0].error);
  CHECK(read[0].error->answer()->ckr == "CKR_DEVICE_ERROR");
  CHECK(read[1].der == base::Bytes{2});
  for (const auto& [rv, code] : {std::pair{CKR_DEVICE_REMOVED, Code::token_removed},
                                 std::pair{CKR_SESSION_HANDLE_INVALID, Code::token_refused}}) {
    failure = rv;
    recorder.calls->clear();
    CHECK(error_of([&] { (void)p11::read_certificates(session); }).code() == code);
    CHECK(recorder.count("C_FindObjectsFinal") == 1);
  }
}

TEST_CASE(
    "after a general failure a module that does not list its slots either is lost, and reading "
    "ends; one that does has failed with one object") {
  Fake fake;
  Recorder recorder;
  fake.objects = {certificate_object("a", {1}), certificate_object("b", {2})};
  fake.attributes = [](unsigned long, CK_ATTRIBUTE*, unsigned long) { return CKR_DEVICE_ERROR; };
  const auto session = open(fake, recorder);
  const auto reading = [&] { (void)p11::read_certificates(session); };
  for (const CK_RV lists : {CKR_DEVICE_ERROR, CKR_GENERAL_ERROR, CKR_CRYPTOKI_NOT_INITIALIZED}) {
    fake.slot_list = [lists](unsigned long*, unsigned long*) { return lists; };
    const auto error = error_of(reading);
    CHECK(error.code() == Code::module_broken);
    CHECK(error.subject() == session.module().file());
    CHECK(error.answer()->call == "C_GetAttributeValue");
    CHECK(error.answer()->ckr == "CKR_DEVICE_ERROR");
    CHECK(p11::is_lost(error));
  }
  for (const CK_RV lists : {CKR_OK, CKR_BUFFER_TOO_SMALL}) {
    fake.slot_list = [lists](unsigned long*, unsigned long*) { return lists; };
    const auto read = p11::read_certificates(session);
    REQUIRE(read.size() == 2);
    CHECK(read[0].error->code() == Code::token_refused);
    CHECK_FALSE(p11::is_lost(*read[0].error));
  }
}

TEST_CASE("only an answer that may mean the whole module makes it be asked for its slots") {
  Fake fake;
  Recorder recorder;
  fake.objects = {certificate_object("a", {1})};
  const auto session = open(fake, recorder);
  for (const auto& [rv, asked] : {std::pair{CKR_DEVICE_ERROR, 1}, std::pair{CKR_GENERAL_ERROR, 0},
                                  std::pair{CKR_FUNCTION_FAILED, 0}}) {
    recorder.calls->clear();
    fake.attributes = [rv = rv](unsigned long, CK_ATTRIBUTE*, unsigned long) { return rv; };
    (void)p11::read_certificates(session);
    CHECK(recorder.count("C_GetSlotList") == asked);
  }
}

TEST_CASE("numbers of 32 bits are understood, odd ones are none, labels of rubbish are escaped") {
  Fake fake;
  Recorder recorder;
  fake.objects = {object({number(CKA_CLASS, CKO_DATA),
                          {CKA_LABEL, base::Bytes(4, 0xff)},
                          {CKA_PRIVATE, {1, 0}},
                          {CKA_VALUE_LEN, {1, 0, 0, 0}},
                          {CKA_KEY_TYPE, {1, 2, 3}}})};
  const auto session = open(fake, recorder);
  const std::array wanted{p11::Wanted{CKA_LABEL, 8, true}, p11::Wanted{CKA_PRIVATE, 8, true},
                          p11::Wanted{CKA_VALUE_LEN, 8, true}, p11::Wanted{CKA_KEY_TYPE, 8, true}};
  const p11::Attributes read{session, 1, wanted};
  CHECK(read.text(CKA_LABEL) == "\\xff\\xff\\xff\\xff");
  CHECK_FALSE(read.flag(CKA_PRIVATE));
  CHECK(read.number(CKA_VALUE_LEN) == 1);
  CHECK_FALSE(read.number(CKA_KEY_TYPE));
  CHECK_FALSE(read.number(CKA_CLASS));  // not asked for
}

TEST_CASE("a value that the module keeps to itself is not found") {
  Fake fake;
  Recorder recorder;
  fake.objects = {object({number(CKA_CLASS, CKO_DATA)})};
  const auto session = open(fake, recorder);
  const auto error = error_of([&] { (void)p11::read_value(session, 1); });
  CHECK(error.code() == Code::not_found);
  CHECK(error.subject() == "0x1");
  fake.objects[0][CKA_VALUE] = {1, 2};
  CHECK(p11::read_value(session, 1, 2).size() == 2);
  CHECK(error_of([&] { (void)p11::read_value(session, 1, 1); }).code() == Code::bad_input);
  CHECK(error_of([&] { (void)p11::read_value(session, 1, 0); }).code() == Code::bad_input);
  CHECK(p11::read_value(session, 1, static_cast<std::size_t>(-1)).size() == 2);
}
