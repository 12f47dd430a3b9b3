#include "base/text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace ukey::base;

namespace {

std::string token(std::string_view field) { return token_text(as_bytes(field)); }

/// A field of `size` octets filled up as PKCS #11 asks.
std::string blank_padded(std::string text, std::size_t size, char filler = ' ') {
  text.resize(size, filler);
  return text;
}

const std::string kUnit = "\xb5\xa5\xce\xbb\xb9\xab\xd5\xc2";  // 单位公章 in GBK

}  // namespace

TEST_CASE("blanks and NULs that fill a field up are no part of its text") {
  CHECK(token(blank_padded("MASTER-1", 32)) == "MASTER-1");
  CHECK(token(blank_padded("MASTER-1", 32, '\0')) == "MASTER-1");
  CHECK(token(blank_padded("", 32)).empty());
  CHECK(token("").empty());
  CHECK(token(" two words ") == " two words");
}

TEST_CASE("a field without any padding is whole") {
  CHECK(token("0123456789ABCDEF") == "0123456789ABCDEF");
  CHECK(token("青海省公共资源交易") == "青海省公共资源交易");
}

TEST_CASE("a Chinese character that the end of the field cuts is dropped") {
  const std::string name = "青海练习建设工程有限公司";  // 36 octets
  CHECK(token(name.substr(0, 32)) == "青海练习建设工程有限");
  CHECK(token(name.substr(0, 31)) == "青海练习建设工程有限");
  CHECK(token(name.substr(0, 30)) == "青海练习建设工程有限");
}

TEST_CASE("an unfinished character before padding was not cut by the field's end") {
  const std::string text = token(blank_padded(std::string{"abc\xe9\x9d"}, 32));
  CHECK(is_utf8(text));
  CHECK(text != "abc");
}

TEST_CASE("a label that is not UTF-8 is read as GBK, also when its last character is cut") {
  CHECK(token(blank_padded(kUnit, 32)) == "单位公章");
  CHECK(token("x" + kUnit.substr(0, 7)) == "x单位公");
}

TEST_CASE("octets that are neither UTF-8 nor GBK are shown in hexadecimal") {
  CHECK(token(std::string(4, '\xff')) == R"(\xff\xff\xff\xff)");
  CHECK(token(blank_padded("A\xff", 32)) == R"(A\xff)");
  CHECK(token(blank_padded("\x01\xff", 8)) == R"(\x01\xff)");
}

TEST_CASE("whatever a field holds, what comes out is UTF-8") {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; second += 5) {
      const std::string field{'a', static_cast<char>(first), static_cast<char>(second)};
      CHECK(is_utf8(token(field)));
      CHECK(is_utf8(decoded(as_bytes(field))));
      CHECK(is_utf8(printable(field)));
    }
  }
}

TEST_CASE("octets of no fixed field keep their blanks and are never taken for cut") {
  CHECK(decoded(as_bytes("a b ")) == "a b ");
  CHECK(decoded(as_bytes(kUnit)) == "单位公章");
  CHECK(decoded(as_bytes("\xe9\x9d")) == "闈");  // two octets are one GBK character
  CHECK(decoded(as_bytes("ab\xe9")) == R"(ab\xe9)");
  CHECK(readable(as_bytes("a b ")) == "a b ");
  CHECK(readable(as_bytes(kUnit)) == "单位公章");
  CHECK_FALSE(readable(as_bytes("ab\xe9")));
}

TEST_CASE("UTF-8 is told from overlong forms, surrogates, values too high and cut characters") {
  for (const char* good : {"", "a", "é", "章", "𠀀", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"})
    CHECK(is_utf8(good));
  for (const char* bad : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf",
                          "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                          "\xff", "\xc3", "\xe7\xab", "\xf0\xa0\x80", "章\xa0", "\xc3("}) {
    CAPTURE(hex(as_bytes(bad)));
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("nothing that steers a terminal is printed as it came") {
  CHECK(printable("\x1b[31mred\x1b[0m") == R"(\x1b[31mred\x1b[0m)");
  CHECK(printable("a\nb\tc\r") == R"(a\x0ab\x09c\x0d)");
  CHECK(printable(std::string_view{"a\0b", 3}) == R"(a\x00b)");
  CHECK(printable("\x7f") == R"(\x7f)");
  CHECK(printable("\xc2\x9b"
                  "31m") == R"(\u009b31m)");  // CSI in one character
  CHECK(printable("\xff\xc3") == R"(\xff\xc3)");
}

TEST_CASE("nothing that hides or turns text is printed as it came") {
  CHECK(printable("\u202egnp.exe") == R"(\u202egnp.exe)");
  CHECK(printable("\u2066x\u2069") == R"(\u2066x\u2069)");
  CHECK(printable("a\u200bb\ufeff") == R"(a\u200bb\ufeff)");
  CHECK(printable("\u3164\u00ad") == R"(\u3164\u00ad)");
  CHECK(printable("\u2028\u2029") == R"(\u2028\u2029)");
  CHECK(printable("\U000e0041") == R"(\ue0041)");
}

TEST_CASE("ordinary text of any script is printed unchanged") {
  for (const char* text : {"", "MASTER-1", "单位公章（副本）", "Ünïcode ñ", "　", "𠮷", "e\u0301"})
    CHECK(printable(text) == text);
}

TEST_CASE("Chinese takes two columns a character, a combining mark none") {
  CHECK(columns("") == 0);
  CHECK(columns("abc") == 3);
  CHECK(columns("章") == 2);
  CHECK(columns("（，）") == 6);
  CHECK(columns("ﾊﾝｶｸ") == 4);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("𠮷") == 2);
  CHECK(columns("½…—") == 3);
  CHECK(columns("\xff\xe7\xab") == 3);  // each stray octet is one
}

TEST_CASE("text is filled up with blanks by columns, not octets") {
  CHECK(padded("章", 4) == "章  ");
  CHECK(padded("章", 2) == "章");
  CHECK(padded("公章", 3) == "公章");
  CHECK(padded("", 2) == "  ");
}

TEST_CASE("text is shortened only past the width, and never beyond it") {
  CHECK(shortened("abcd", 4) == "abcd");
  CHECK(shortened("abcde", 4) == "abc…");
  CHECK(shortened("公章", 4) == "公章");
  CHECK(shortened("单位公章", 7) == "单位公…");
  CHECK(shortened("单位公章", 6) == "单位…");  // a half character does not exist
  CHECK(shortened("单位公章", 2) == "…");
  CHECK(shortened("ab", 1) == "…");
  CHECK(shortened("ab", 0).empty());
  CHECK(shortened("", 0).empty());
  for (std::size_t width = 0; width < 12; ++width)
    CHECK(columns(shortened("a单b位c公d章", width)) <= width);
}

TEST_CASE("a mark stays with the letter that it stands on") {
  CHECK(shortened("e\u0301e\u0301e\u0301", 2) == "e\u0301…");
  CHECK(shortened("e\u0301e\u0301", 2) == "e\u0301e\u0301");
}

TEST_CASE("text is encoded for the terminal, with ? for what its character set lacks") {
  CHECK(encoded("单位公章", "GBK") == kUnit);
  CHECK(encoded("a𠮷b", "GBK") == "a?b");
  CHECK(encoded("单a位", "ASCII") == "?a?");
  CHECK(encoded("单位公章", "UTF-8") == "单位公章");
  CHECK(encoded("单位公章", "") == "单位公章");
  CHECK(encoded("单位公章", "NO-SUCH-SET") == "单位公章");
  CHECK(encoded("a\xff", "GBK") == "a?");
}

TEST_CASE("letters are lowered in ASCII only") {
  CHECK(ascii_lower("AZaz09@[`{Ä章") == "azaz09@[`{Ä章");
}

TEST_CASE("blanks and line ends are trimmed at both ends, not inside") {
  CHECK(trimmed(" \t\r\na b\n ") == "a b");
  CHECK(trimmed(" \n").empty());
  CHECK(trimmed("").empty());
  CHECK(trimmed("　a") == "　a");
}
