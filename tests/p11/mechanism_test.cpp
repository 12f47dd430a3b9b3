#include "p11/mechanism.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;

TEST_CASE(
    "unknown mechanisms are named by the profile or by number, failing ones keep their error") {
  Fake fake;
  Recorder recorder;
  fake.mechanism_list = [](unsigned long* list, unsigned long* count) {
    const unsigned long all[]{0x1, 0x80000301UL, 0x80000302UL, 0x7777};
    *count = 4;
    std::copy(std::begin(all), std::end(all), list);
    return CKR_OK;
  };
  fake.mechanism_info = [](unsigned long mechanism, CK_MECHANISM_INFO* info) {
    if (mechanism == 0x7777) return CKR_MECHANISM_INVALID;
    *info = {1024, 2048, CKF_HW | CKF_SIGN | CKF_UNWRAP};
    return CKR_OK;
  };
  const auto list = p11::read_mechanisms(fake.module(recorder.door), 7,
                                         {{0x80000301UL, "SM2_SIGN"}, {0x1, "wrong"}});
  REQUIRE(list.size() == 4);
  CHECK(list[0].name == "CKM_RSA_PKCS");
  CHECK(list[0].usage == std::vector<std::string>{"sign", "unwrap"});
  CHECK(list[0].max_key == 2048);
  CHECK(list[1].name == "SM2_SIGN");
  CHECK(list[1].vendor);
  CHECK(list[2].name == "0x80000302");
  CHECK(list[3].name == "0x7777");
  CHECK_FALSE(list[3].vendor);
  REQUIRE(list[3].error);
  CHECK(list[3].error->code() == Code::not_supported);
}

TEST_CASE("mechanism counts that cannot be are not believed") {
  Fake fake;
  Recorder recorder;
  const auto module = fake.module(recorder.door);
  for (const auto& [rv, told] :
       {std::pair{CKR_OK, 513UL}, {CKR_BUFFER_TOO_SMALL, CK_UNAVAILABLE_INFORMATION}}) {
    fake.mechanism_list = [rv = rv, told = told](unsigned long*, unsigned long* count) {
      *count = told;
      return rv;
    };
    CHECK(error_of([&] { (void)p11::read_mechanisms(module, 7, {}); }).code() ==
          Code::module_broken);
  }
  CHECK(p11::mechanism_name(0x60) == "CKM_SHA3_256_RSA_PKCS");
  CHECK(p11::mechanism_name(0x1057) == "CKM_EDDSA");
  CHECK(p11::mechanism_name(0x80000001UL).empty());
}
