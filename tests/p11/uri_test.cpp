#include "p11/uri.hpp"

#include <doctest/doctest.h>

#include <cstring>

#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;
using p11::Selector;

namespace {

constexpr unsigned long kSlot = 7;

/// What reading a token gives whose label field holds these octets.
model::TokenInfo with_label(std::string_view label) {
  Fake fake;
  std::memcpy(fake.token.label, label.data(), label.size());
  if (label.size() < 32) std::memset(fake.token.label + label.size(), ' ', 32 - label.size());
  return fake.module().token_info(kSlot);
}

Code usage_of(std::string_view text, std::string_view subject) {
  const auto error = error_of([&] { (void)Selector::parse(text); });
  CHECK(error.subject() == subject);
  return error.code();
}

}  // namespace

TEST_CASE("the URI of a token finds that token, whatever its label") {
  const std::string gbk = "\xb5\xa5\xce\xbb\xd6\xf7\xcb\xf8";  // 单位主锁
  std::string full;
  for (int i = 0; i < 4; ++i) full += gbk;
  const auto cut = std::string{"一二三四五六七八九十一"}.substr(0, 32);  // inside a character
  for (const auto& label :
       {std::string{"BJCA-UserKey"}, std::string{"单位 主锁"}, gbk, full, std::string(32, '\xff'),
        std::string{}, std::string{"a;b?c&d=%20#/"}, std::string{" blank first"},
        std::string{"nul\0padded\0\0", 12}, std::string{"tab\tand\nline"}, cut}) {
    const auto token = with_label(label);
    const auto uri = p11::token_uri(token);
    CAPTURE(uri);
    CHECK(uri.starts_with("pkcs11:model="));
    for (const char c : uri) CHECK((c > 0x20 && c < 0x7f));
    CHECK(Selector::parse(uri).matches(token, kSlot));
    const auto other = with_label("another");
    CHECK_FALSE(Selector::parse(uri).matches(other, kSlot));
    CHECK_FALSE(Selector::parse(p11::token_uri(other)).matches(token, kSlot));
  }
}

TEST_CASE("a TokenInfo that was not read from a token has a URI that finds it, too") {
  for (const std::string& label : {std::string{"练习"}, std::string(60, 'x'), std::string{}}) {
    model::TokenInfo token;
    token.label = label;
    token.serial = "12345678901234567890";  // longer than the field
    token.manufacturer = "Practice";
    CHECK(Selector::parse(p11::token_uri(token)).matches(token, kSlot));
  }
}

TEST_CASE("a GBK label is found by its own octets and by the UTF-8 that a user sees") {
  const auto token = with_label("\xb5\xa5\xce\xbb");
  CHECK(token.label == "单位");
  CHECK(p11::token_uri(token).find("token=%B5%A5%CE%BB") != std::string::npos);
  CHECK(Selector::parse("pkcs11:token=%B5%A5%CE%BB").matches(token, kSlot));
  CHECK(Selector::parse("pkcs11:token=%E5%8D%95%E4%BD%8D").matches(token, kSlot));
  CHECK(Selector::parse("pkcs11:token=单位").matches(token, kSlot));
  CHECK(Selector::parse("单位").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("pkcs11:token=%E5%8D%95").matches(token, kSlot));
}

TEST_CASE("a URI matches by the token attributes it has") {
  const auto token = with_label("Key A");
  CHECK(Selector::parse("pkcs11:").matches(token, kSlot));
  CHECK(Selector::parse("PKCS11:token=Key%20A").matches(token, kSlot));
  CHECK(Selector::parse("pkcs11:serial=0001").matches(token, kSlot));
  CHECK(Selector::parse("pkcs11:serial=0001;object=x;type=cert;id=%01").matches(token, kSlot));
  CHECK(Selector::parse("pkcs11:serial=0001?module-path=/x.so").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("pkcs11:serial=0002").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("pkcs11:serial=000").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("pkcs11:serial=0001;token=Key%20B").matches(token, kSlot));
}

TEST_CASE("a bare text is an exact serial or an exact label") {
  const auto token = with_label("Key A");
  CHECK(Selector::parse("0001").matches(token, kSlot));
  CHECK(Selector::parse("Key A").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("Key").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("key a").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("Key A ").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("pkcs11").matches(token, kSlot));
  CHECK(Selector::parse("Key A").text() == "Key A");
}

TEST_CASE("a PIN in a URI is refused and not repeated") {
  CHECK(usage_of("pkcs11:serial=1?pin-value=123456", "pin-value") == Code::usage);
  CHECK(usage_of("pkcs11:serial=1?PIN-VALUE=123456", "pin-value") == Code::usage);
  CHECK(usage_of("pkcs11:serial=%zz?pin-value=123456", "pin-value") == Code::usage);
  CHECK(usage_of("pkcs11:pin-value=123456", "pin-value") == Code::usage);
  CHECK(usage_of("pkcs11:a=1?x=2&pin-value=", "pin-value") == Code::usage);
}

TEST_CASE("an invalid URI is a usage error about itself") {
  for (const std::string text :
       {"pkcs11:serial", "pkcs11:token=%zz", "pkcs11:token=%4", "pkcs11:slot-id=x",
        "pkcs11:slot-description=reader", "pkcs11:slot-manufacturer=x",
        "pkcs11:library-manufacturer=x", "pkcs11:unheard-of=1", "pkcs11:serial=12345678901234567"})
    CHECK(usage_of(text, text) == Code::usage);
  CHECK(usage_of("", "") == Code::usage);
}

TEST_CASE("a pin-source must be a file") {
  const auto source = [](const std::string& text) {
    return Selector::parse("pkcs11:serial=1?pin-source=" + text).pin_source();
  };
  CHECK(source("file:/run/pin") == "/run/pin");
  CHECK(source("file:///run/pin") == "/run/pin");
  CHECK(source("file:pin.txt") == "pin.txt");
  CHECK(source("FILE:/run/my%20pin") == "/run/my pin");
  CHECK(source("/run/pin") == "/run/pin");
  CHECK_FALSE(Selector::parse("pkcs11:serial=1").pin_source());
  CHECK_FALSE(Selector::parse("bare").pin_source());
  for (const std::string text : {"|/bin/pin", "file:", "file://host/pin", "pin.txt", "http://x/y"})
    CHECK(usage_of("pkcs11:serial=1?pin-source=" + text, "pin-source") == Code::usage);
}

TEST_CASE("a URI with the number of a slot fits the token in that slot alone") {
  const auto token = with_label("Key A");
  const auto uri = p11::token_uri(token, kSlot);
  CHECK(uri.find("slot-id=7;") != std::string::npos);
  CHECK(Selector::parse(uri).matches(token, kSlot));
  CHECK_FALSE(Selector::parse(uri).matches(token, kSlot + 1));
  CHECK_FALSE(Selector::parse(uri).matches(with_label("Key B"), kSlot));
  CHECK(Selector::parse("pkcs11:slot-id=7").matches(token, kSlot));
  CHECK_FALSE(Selector::parse("pkcs11:slot-id=0").matches(token, kSlot));
  CHECK(p11::token_uri(token).find("slot") == std::string::npos);
}
