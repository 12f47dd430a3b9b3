// Searches for objects, by the book and with modules that lie about what they found.
#include <doctest/doctest.h>

#include <algorithm>

#include "p11/object.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;

namespace {

constexpr unsigned long kUntold = CK_UNAVAILABLE_INFORMATION;

const Fake::Object kKey{{CKA_CLASS, number(CKA_CLASS, CKO_PRIVATE_KEY).value},
                        {CKA_ID, text(CKA_ID, "1").value}};

p11::Session open_fake(Fake& fake, Recorder& recorder) {
  return p11::Session::open(fake.module(recorder.door), 7, false);
}

}  // namespace

TEST_CASE("more handles than were asked for break the module, and a search always ends") {
  Fake fake;
  Recorder recorder;
  const auto session = open_fake(fake, recorder);
  for (const unsigned long count : {1UL << 40, kUntold, 513UL}) {
    fake.find = [count](unsigned long*, unsigned long, unsigned long* told) {
      *told = count;
      return CKR_OK;
    };
    CHECK(error_of([&] { (void)p11::read_certificates(session); }).code() == Code::module_broken);
  }
  fake.find = [](unsigned long* handles, unsigned long most, unsigned long* told) {
    std::fill(handles, handles + most, 1UL);
    *told = most;
    return CKR_OK;
  };
  recorder.calls->clear();
  CHECK(error_of([&] { (void)p11::read_certificates(session); }).code() == Code::module_broken);
  CHECK(recorder.count("C_FindObjects") == 9);
  CHECK(recorder.count("C_FindObjectsFinal") == 1);
}

TEST_CASE("a search finds 4096 objects, and with 4097 the module is not believed") {
  Fake fake;
  Recorder recorder;
  const auto session = open_fake(fake, recorder);
  for (const auto& [objects, searches] :
       {std::pair{0UL, 1L}, {511UL, 2L}, {512UL, 2L}, {4096UL, 9L}}) {
    fake.objects.assign(objects, kKey);
    recorder.calls->clear();
    CHECK(p11::private_key_ids(session).size() == objects);
    CHECK(recorder.count("C_FindObjects") == searches);
  }
  fake.objects.assign(4097, kKey);
  CHECK(error_of([&] { (void)p11::private_key_ids(session); }).code() == Code::module_broken);
}

TEST_CASE("a search ends at an answer of no handle, never at a short one") {
  Fake fake;
  Recorder recorder;
  const auto session = open_fake(fake, recorder);
  fake.objects.assign(3, kKey);
  fake.find = [&fake](unsigned long* handles, unsigned long, unsigned long* told) {
    *told = fake.found.empty() ? 0 : 1;
    if (*told == 0) return CKR_OK;
    *handles = fake.found.front();
    fake.found.erase(fake.found.begin());
    return CKR_OK;
  };
  CHECK(p11::private_key_ids(session).size() == 3);
  CHECK(recorder.count("C_FindObjects") == 4);
  fake.find = [](unsigned long* handles, unsigned long, unsigned long* told) {
    *handles = *told = 1;
    return CKR_OK;
  };
  recorder.calls->clear();
  CHECK(error_of([&] { (void)p11::private_key_ids(session); }).code() == Code::module_broken);
  CHECK(recorder.count("C_FindObjects") == 4097);
}
