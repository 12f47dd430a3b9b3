#include "ops/csv.hpp"

#include <doctest/doctest.h>

#include "tests/p11/caught.hpp"

namespace {

using namespace ukey;
using Fields = std::vector<std::string>;

std::vector<ops::CsvRecord> records(std::string_view text) {
  ops::CsvReader reader{text, "m.csv"};
  std::vector<ops::CsvRecord> out;
  while (auto record = reader.next()) out.push_back(std::move(*record));
  return out;
}

Fields only_record(std::string_view text) {
  const auto all = records(text);
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].fault);
  return all[0].fields;
}

}  // namespace

TEST_CASE("fields are parted by the separator that the first line has most of") {
  CHECK(only_record("a,b,c") == Fields{"a", "b", "c"});
  CHECK(only_record("a;b;c") == Fields{"a", "b", "c"});
  CHECK(only_record("a\tb\tc") == Fields{"a", "b", "c"});
  CHECK(only_record("a;b;c,d") == Fields{"a", "b", "c,d"});
  CHECK(only_record("\"a,,,,\";b") == Fields{"a,,,,", "b"});
  CHECK(records("a;b\n1,2;3")[1].fields == Fields{"1,2", "3"});
  CHECK(only_record("alone") == Fields{"alone"});
}

TEST_CASE("lines end as on any system, and the last one need not end") {
  for (const char* text :
       {"a,b\r\nc,d\r\n", "a,b\nc,d\n", "a,b\rc,d\r", "a,b\nc,d", "a,b\r\nc,d"}) {
    CAPTURE(text);
    const auto all = records(text);
    REQUIRE(all.size() == 2);
    CHECK(all[1].fields == Fields{"c", "d"});
    CHECK(all[1].line == 2);
  }
  CHECK(records("").empty());
}

TEST_CASE("a quoted field keeps separators, doubled marks and line ends") {
  const auto all = records("a,b\n\"x, \"\"y\"\"\",\"one\r\ntwo\rthree\nfour\"\nc,d");
  REQUIRE(all.size() == 3);
  CHECK(all[1].fields == Fields{"x, \"y\"", "one\r\ntwo\rthree\nfour"});
  CHECK(all[1].line == 2);
  CHECK(all[2].line == 6);
  CHECK(only_record("\"\",\"\"\"\",\"\"\"a\"\"\"") == Fields{"", "\"", "\"a\""});
}

TEST_CASE("blanks around a field go, also outside its quotation marks") {
  CHECK(only_record("  a , \" b \" ,\tc") == Fields{"a", "b", "c"});
  CHECK(only_record("a,,") == Fields{"a", "", ""});
}

TEST_CASE("a quotation mark inside a field that has none around it is a character") {
  CHECK(only_record("a\"b,=\"0012\"") == Fields{"a\"b", "=\"0012\""});
}

TEST_CASE("what stands behind a closing quotation mark makes the record doubtful") {
  const auto all = records("\"a\"b,c\nd,e");
  REQUIRE(all.size() == 2);
  CHECK(all[0].fault == base::Cause::bad_quote);
  CHECK_FALSE(all[1].fault);
}

TEST_CASE("a quoted field without an end ends the reading, at the line where it began") {
  ops::CsvReader reader{"a,b\n\"c\n\",\"d\ne,f\n", "m.csv"};
  CHECK(reader.next());
  const auto error = tests::error_of([&] { (void)reader.next(); });
  CHECK(error.code() == base::Code::bad_input);
  CHECK(error.cause() == base::Cause::bad_quote);
  CHECK(error.subject() == "m.csv:3");
}

TEST_CASE("a field of 4096 octets is read, a longer one makes its record doubtful") {
  CHECK(only_record(std::string(4096, 'x')).front().size() == 4096);
  for (const auto& field : {std::string(4097, 'x'), '"' + std::string(4097, 'x') + '"'}) {
    const auto all = records(field + "\nnext");
    REQUIRE(all.size() == 2);
    CHECK(all[0].fault == base::Cause::too_large);
    CHECK(all[0].fields.front().empty());
    CHECK_FALSE(all[1].fault);
  }
}

TEST_CASE("a record is empty when none of its fields holds anything") {
  const auto all = records(",,\n\n , \n\"\"\nx,");
  REQUIRE(all.size() == 5);
  for (std::size_t i = 0; i < 4; ++i) CHECK(all[i].empty());
  CHECK_FALSE(all[4].empty());
}
