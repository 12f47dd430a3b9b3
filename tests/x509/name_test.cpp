#include <doctest/doctest.h>

#include "base/error.hpp"
#include "x509/name.hpp"

using namespace ukey;

TEST_CASE("a name written as text is read back as the same name") {
  for (const char* text : {"CN=Practice CA", "CN=演练CA,OU=A\\,B,O=Practice\\+\\\"\\;\\<\\>,C=CN",
                           "serialNumber=7,CN=x", "CN=\\#1", "CN=\\ x\\ "}) {
    CAPTURE(text);
    CHECK(x509::name_text(x509::name_from(text).get()) == text);
  }
}

TEST_CASE("the last attribute of the text stands first in the name") {
  const auto name = x509::name_from("CN = Practice , C= CN");
  REQUIRE(X509_NAME_entry_count(name.get()) == 2);
  const auto* first = X509_NAME_get_entry(name.get(), 0);
  CHECK(OBJ_obj2nid(X509_NAME_ENTRY_get_object(first)) == NID_countryName);
  CHECK(x509::name_text(name.get()) == "CN=Practice,C=CN");
}

TEST_CASE("hexadecimal escapes are octets of UTF-8") {
  CHECK(x509::name_text(x509::name_from("CN=\\E6\\BC\\94").get()) == "CN=演");
}

TEST_CASE("what is no name, or more than a plain one, is refused") {
  for (const char* text : {"", "CN", "CN=", "=x", "CN=x,", "CN=x,,O=y", "CN=x+O=y", "CN=\"x\"",
                           "CN=#0c0178", "nosuch=x", "CN=x\\", "CN=\\ff", "C=China", "CN=a=b"}) {
    CAPTURE(text);
    try {
      (void)x509::name_from(text);
      FAIL("read");
    } catch (const base::Error& error) {
      CHECK(error.code() == base::Code::bad_input);
      CHECK(error.subject() == text);
    }
  }
  CHECK(ERR_peek_error() == 0);
}
