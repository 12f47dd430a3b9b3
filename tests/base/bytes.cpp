#include "base/bytes.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace ukey::base;

TEST_CASE("octets become lower-case hexadecimal without separators, and come back") {
  CHECK(hex(Bytes{}).empty());
  CHECK(hex(Bytes{0x00, 0x0a, 0xff}) == "000aff");
  CHECK(unhex("000AfF") == Bytes{0x00, 0x0a, 0xff});
  CHECK(unhex("") == Bytes{});
}

TEST_CASE("a text that is not wholly hexadecimal has no octets") {
  for (const char* text : {"0", "abc", "0x12", "1g", " 12", "12 ", "1:2", "é"}) {
    CAPTURE(text);
    CHECK_FALSE(unhex(text).has_value());
  }
}

TEST_CASE("a number is shown in hexadecimal without leading zeros, whatever its width") {
  CHECK(hex_number(0) == "0x0");
  CHECK(hex_number(0xa0) == "0xa0");
  CHECK(hex_number(0x800000a0UL) == "0x800000a0");
  CHECK(hex_number(std::numeric_limits<unsigned long>::max()) == "0xffffffffffffffff");
}

TEST_CASE("octets seen as text and back are the same memory") {
  const Bytes octets{0xc4, 0x00, 0xe3};
  const auto text = as_text(octets);
  CHECK(text.size() == 3);
  CHECK(static_cast<const void*>(text.data()) == octets.data());
  CHECK(as_bytes(text).data() == octets.data());
  CHECK(as_bytes("").empty());
}
