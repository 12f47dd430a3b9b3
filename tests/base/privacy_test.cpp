// Personal numbers never reach a document unless they are asked for.
#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "base/privacy.hpp"

using namespace ukey;
using base::masked_id;
using base::masked_text;

TEST_CASE("three characters in front and four at the end of a personal number stay") {
  CHECK(masked_id("11010519491231002X") == "110***********002X");
  CHECK(masked_id("110105491231002") == "110********1002");
}

TEST_CASE("a number too short to hide anything is hidden whole") {
  CHECK(masked_id("1234567") == "*******");
  CHECK(masked_id("12345678") == "123*5678");
  CHECK(masked_id("").empty());
}

TEST_CASE("wide characters of an odd number count as one each") {
  CHECK(masked_id("护照号A1234567") == "护照号****4567");
}

TEST_CASE("resident identity numbers are found inside a subject") {
  CHECK(masked_text("CN=练习专家 11010519491231002X,C=CN") ==
        "CN=练习专家 110***********002X,C=CN");
  CHECK(masked_text("CN=a,UID=11010519491231002x") == "CN=a,UID=110***********002x");
  CHECK(masked_text("UID=110105491231002,C=CN") == "UID=110********1002,C=CN");
}

TEST_CASE("a number behind SF or SF0 is found as well") {
  CHECK(masked_text("SF11010519491231002X") == "SF110***********002X");
  CHECK(masked_text("1@5009SF011010519491231002X") == "1@5009SF0110***********002X");
}

TEST_CASE("a unit's credit code and other long numbers stay whole") {
  CHECK(masked_text("O=91420111303629543A") == "O=91420111303629543A");
  CHECK(masked_text("914201113036295430") == "914201113036295430");
  CHECK(masked_text("2000000000000000000000000000") == "2000000000000000000000000000");
  CHECK(masked_text("110105194913310021") == "110105194913310021");  // month 13
  CHECK(masked_text("110105194912320021") == "110105194912320021");  // day 32
}

TEST_CASE("the holder's own number is masked whatever it looks like") {
  CHECK(masked_text("CN=P E12345678", "E12345678") == "CN=P E12**5678");
}

TEST_CASE("a number in a hexadecimal value of a name is masked there") {
  const std::string number = "11010519491231002X";
  const std::string der = "130c" + base::hex(base::as_bytes(number));
  const std::string wanted = "130c" + base::hex(base::as_bytes("110***********002X"));
  CHECK(masked_text("1.2.86.11.7.1=#" + der + ",C=CN") == "1.2.86.11.7.1=#" + wanted + ",C=CN");
  CHECK(masked_text("1.2.3=#0c0") == "1.2.3=#0c0");
  CHECK(masked_text("1.2.3=#") == "1.2.3=#");
}
