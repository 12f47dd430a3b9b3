#include "p11/ckr.hpp"

#include <doctest/doctest.h>

#include <set>
#include <utility>
#include <vector>

using namespace ukey;
using base::Code;

TEST_CASE("every return value of PKCS#11 3.0 has a name of its own") {
  std::set<std::string> names;
  int rows = 0;
  for (unsigned long rv = 0; rv < 0x1000; ++rv) {
    const auto name = p11::ckr_name(rv);
    if (name.empty()) continue;
    ++rows;
    CHECK(name.starts_with("CKR_"));
    names.insert(name);
  }
  CHECK(rows == 97);
  CHECK(names.size() == 97);
}

TEST_CASE("return values are called what the standard calls them") {
  const std::vector<std::pair<unsigned long, std::string>> known{
      {0x000, "CKR_OK"},
      {0x01b, "CKR_ACTION_PROHIBITED"},
      {0x042, "CKR_AEAD_DECRYPT_FAILED"},
      {0x054, "CKR_FUNCTION_NOT_SUPPORTED"},
      {0x0a0, "CKR_PIN_INCORRECT"},
      {0x0a4, "CKR_PIN_LOCKED"},
      {0x0e0, "CKR_TOKEN_NOT_PRESENT"},
      {0x101, "CKR_USER_NOT_LOGGED_IN"},
      {0x150, "CKR_BUFFER_TOO_SMALL"},
      {0x191, "CKR_CRYPTOKI_ALREADY_INITIALIZED"},
      {0x1b5, "CKR_EXCEEDED_MAX_ITERATIONS"},
      {0x1b6, "CKR_FIPS_SELF_TEST_FAILED"},
      {0x1b7, "CKR_LIBRARY_LOAD_FAILED"},
      {0x1b8, "CKR_PIN_TOO_WEAK"},
      {0x1b9, "CKR_PUBLIC_KEY_INVALID"},
      {0x200, "CKR_FUNCTION_REJECTED"},
      {0x201, "CKR_TOKEN_RESOURCE_EXCEEDED"},
      {0x202, "CKR_OPERATION_CANCEL_FAILED"}};
  for (const auto& [rv, name] : known) CHECK(p11::ckr_name(rv) == name);
}

TEST_CASE("a vendor's code has no name and is kept whole") {
  CHECK(p11::ckr_name(0x800000a0UL).empty());
  CHECK(p11::ckr_name(0x80000000UL).empty());
  CHECK(p11::ckr_name(0x04).empty());
  const auto error = p11::refusal("C_Login", 0xce534351800000a0UL, "k");
  CHECK(error.code() == Code::token_refused);
  REQUIRE(error.answer());
  CHECK(error.answer()->rv == 0xce534351800000a0UL);
  CHECK(error.answer()->ckr.empty());
  CHECK(error.answer()->call == "C_Login");
  CHECK(error.subject() == "k");
}

TEST_CASE("return values map to the codes of the program") {
  CHECK(p11::code_for(0xa0) == Code::pin_wrong);
  CHECK(p11::code_for(0xa4) == Code::pin_locked);
  CHECK(p11::code_for(0xa1) == Code::pin_invalid);
  CHECK(p11::code_for(0xa2) == Code::pin_invalid);
  CHECK(p11::code_for(0x1b8) == Code::pin_invalid);
  CHECK(p11::code_for(0x32) == Code::token_removed);
  CHECK(p11::code_for(0xe0) == Code::token_removed);
  CHECK(p11::code_for(0x03) == Code::token_removed);
  CHECK(p11::code_for(0xe1) == Code::token_unusable);
  CHECK(p11::code_for(0x54) == Code::not_supported);
  CHECK(p11::code_for(0x70) == Code::not_supported);
  CHECK(p11::code_for(0x31) == Code::token_full);
  CHECK(p11::code_for(0xa3) == Code::token_refused);
  CHECK(p11::code_for(0x05) == Code::token_refused);
  CHECK(p11::code_for(0x800000a0UL) == Code::token_refused);
}
