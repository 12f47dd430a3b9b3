// What speaks against a new PIN.
#include "policy/pin.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string_view>
#include <utility>

using namespace ukey;
using namespace std::literals;
using model::PinDoubt;

namespace {

base::Secret secret(std::string_view text) {
  base::Secret out;
  for (const char c : text) REQUIRE(out.push(static_cast<std::uint8_t>(c)));
  return out;
}

model::TokenInfo with_lengths(unsigned long least, unsigned long most) {
  model::TokenInfo out;
  out.min_pin = least;
  out.max_pin = most;
  return out;
}

}  // namespace

TEST_CASE("the PINs that tokens are delivered with are well known, in either case") {
  for (const char* pin : {"111111", "12345678", "123456", "000000", "admin", "ADMIN", "Admin"}) {
    CAPTURE(pin);
    CHECK(policy::is_well_known(secret(pin)));
  }
  for (const char* pin : {"", "11111", "1111111", "1234567", "123456789", "admin1", "24681357"}) {
    CAPTURE(pin);
    CHECK_FALSE(policy::is_well_known(secret(pin)));
  }
}

TEST_CASE("a new PIN is doubted when it is the old one, well known, or both") {
  const auto good = secret("24681357");
  const auto known = secret("12345678");
  CHECK(policy::doubts_about(good, nullptr).empty());
  CHECK(policy::doubts_about(good, &known).empty());
  CHECK(policy::doubts_about(good, &good) == std::vector{PinDoubt::same_pin});
  CHECK(policy::doubts_about(known, &good) == std::vector{PinDoubt::well_known_pin});
  CHECK(policy::doubts_about(known, &known) ==
        std::vector{PinDoubt::same_pin, PinDoubt::well_known_pin});
}

TEST_CASE("a text that is no PIN but a file of another kind is told by its kind") {
  using base::Cause;
  const std::pair<std::string_view, std::optional<Cause>> texts[] = {
      {"135790", {}},
      {"１３５７９０", {}},
      {"\xef\xbb\xbf\x31\x33", Cause::byte_order_mark},
      {"\xff\xfe\x31\0\x33\0"sv, Cause::byte_order_mark},
      {"\xfe\xff\0\x31\0\x33"sv, Cause::byte_order_mark},
      {"\x31\0\x33\0\x0d\0"sv, Cause::byte_order_mark},
      {"135790\r\n", Cause::several_lines},
      {"PIN:\n135790", Cause::several_lines},
      {"135790\r135790", Cause::several_lines}};
  for (const auto& [text, cause] : texts) {
    CAPTURE(text);
    CHECK(policy::misread(secret(text)) == cause);
  }
}

TEST_CASE("a PIN of printable ASCII is meant, with blanks, quotes and words in it too") {
  for (const char* pin : {"135790", "a b", "!~", "\"135790\"", "PIN:135790", "x"}) {
    CAPTURE(pin);
    CHECK_FALSE(policy::mistyped(secret(pin)));
  }
}

TEST_CASE(
    "quotation marks around a PIN and words before it are seen, and signs within it are its own") {
  for (const char* pin :
       {"\"135790\"", "'135790'", "PIN:135790", "SO pin: 1357", "password=135790"}) {
    CAPTURE(pin);
    CHECK(policy::is_dressed(secret(pin)));
  }
  for (const char* pin : {"135790", "\"135790", "'", "\"\"", "13:57", ":1357", "a1=3", "pin", ""}) {
    CAPTURE(pin);
    CHECK_FALSE(policy::is_dressed(secret(pin)));
  }
}

TEST_CASE("full-width characters are told in UTF-8 and in GBK, wherever they stand") {
  for (const char* pin :
       {"１３５７９０", "13579０", "！", "～", "\xa3\xb1\xa3\xb3", "13\xa3\xb1", "\xa3\xfe"}) {
    CAPTURE(pin);
    CHECK(policy::mistyped(secret(pin)) == base::Cause::full_width);
  }
}

TEST_CASE("what cannot be seen in a PIN is told, and a blank at an end with it") {
  for (const char* pin :
       {" 135790", "135790 ", " ", "\t135790", "135\t790", "1\x7f", "\u00a0135790", "135790\u00a0",
        "135\u00ad790", "\u200b135790", "135790\u200f", "\u202e1357", "135790\u2060",
        "\u3000135790", "135\ufeff790", "135790\xa1\xa1"}) {
    CAPTURE(pin);
    CHECK(policy::mistyped(secret(pin)) == base::Cause::unseen_character);
  }
}

TEST_CASE("other characters than ASCII are told as that, in whatever coding") {
  for (const char* pin :
       {"密码锁匙", "“135790”", "135790。", "é135", "\u2010", "\u3001", "\xc3\xdc\xc2\xeb",
        "\xa1\xa3", "\xff", "\xef", "\xef\xbd\xa1", "\xe3\x80"}) {
    CAPTURE(pin);
    CHECK(policy::mistyped(secret(pin)) == base::Cause::not_ascii);
  }
}

TEST_CASE("PINs are the same only octet by octet") {
  CHECK(policy::is_same(secret("abc"), secret("abc")));
  CHECK_FALSE(policy::is_same(secret("abc"), secret("ABC")));
  CHECK_FALSE(policy::is_same(secret("abc"), secret("abcd")));
  CHECK_FALSE(policy::is_same(secret("abc"), secret("")));
}

TEST_CASE("of two accounts of one token the graver holds, for each PIN, and nothing else changes") {
  model::TokenFlags one, other;
  one.user_pin_set = one.user_count_low = one.so_locked = true;
  other.user_final_try = other.so_count_low = other.login_required = true;
  for (const auto& both : {policy::graver(one, other), policy::graver(other, one)}) {
    CHECK(both.user_count_low);
    CHECK(both.user_final_try);
    CHECK_FALSE(both.user_locked);
    CHECK(both.so_count_low);
    CHECK_FALSE(both.so_final_try);
    CHECK(both.so_locked);
  }
  CHECK(policy::graver(one, other).user_pin_set);
  CHECK_FALSE(policy::graver(one, other).login_required);
}

TEST_CASE("a token's PIN lengths are inclusive, and lengths without sense allow everything") {
  const auto token = with_lengths(6, 16);
  for (const auto& [length, taken] :
       {std::pair{5U, false}, {6U, true}, {16U, true}, {17U, false}, {0U, false}})
    CHECK(token.takes_pin_of(length) == taken);
  for (const auto& odd :
       {with_lengths(0, 0), with_lengths(6, 0), with_lengths(9, 8), with_lengths(6, ~0UL)}) {
    CHECK(odd.takes_pin_of(1));
    CHECK(odd.takes_pin_of(255));
  }
}
