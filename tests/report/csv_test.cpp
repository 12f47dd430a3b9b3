#include "report/csv.hpp"

#include "tests/report/at_hand.hpp"

using namespace ukey;
using namespace ukey::report;
using namespace ukey::report::sample::at_hand;

namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";

/// The one field of a table of one row.
std::string field(const Json& value) {
  static constexpr std::string_view kColumn[] = {"x"};
  Json rows;
  rows[0]["x"] = value;
  const auto text = csv_text(rows, kColumn);
  const auto head = std::string{kMark} + "x\r\n";
  REQUIRE(text.starts_with(head));
  REQUIRE(text.ends_with("\r\n"));
  return text.substr(head.size(), text.size() - head.size() - 2);
}

}  // namespace

TEST_CASE("a table begins with a byte-order mark and its titles, and is that without rows") {
  static constexpr std::string_view kColumns[] = {"a", "b.c"};
  CHECK(csv_text(Json::array(), kColumns) == std::string{kMark} + "a,b.c\r\n");
}

TEST_CASE("a column is a path; what is null, missing or no single value is empty") {
  static constexpr std::string_view kColumns[] = {"a.b", "a.c.d", "e", "f"};
  Json rows;
  rows[0]["a"]["b"] = "x";
  rows[0]["a"]["c"]["d"] = 5;
  rows[0]["e"] = nullptr;
  rows[1]["a"] = "text";
  rows[1]["e"][0] = 1;
  rows[1]["f"] = true;
  CHECK(csv_text(rows, kColumns) == std::string{kMark} + "a.b,a.c.d,e,f\r\nx,5,,\r\n,,,true\r\n");
}

TEST_CASE("fields with separators, quotation marks and line ends are quoted, Chinese is not") {
  CHECK(field("青海练习建设有限公司") == "青海练习建设有限公司");
  CHECK(field("a,b") == "\"a,b\"");
  CHECK(field("say \"x\"") == "\"say \"\"x\"\"\"");
  CHECK(field("a\nb") == "\"a\nb\"");
  CHECK(field("a\rb") == "\"a\rb\"");
  CHECK(field("") == "");
}

TEST_CASE("no text can steer the terminal, and lines and tabs of a field stay") {
  CHECK(field("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(field("a\x07") == "a\\x07");
  CHECK(field("a\xe2\x80\xae"
              "b") == "a\\u202eb");
  CHECK(field("a\tb\r\nc") == "\"a\tb\r\nc\"");
}

TEST_CASE("no text is taken for a formula, and a number stays one") {
  for (const char* text : {"=1+1", "+1", "-1", "@x", "\tx"})
    CHECK(field(text) == "'" + std::string{text});
  CHECK(field("\rx") == "\"'\rx\"");
  CHECK(field("=A1,B1") == "\"'=A1,B1\"");
  CHECK(field("a=b") == "a=b");
  CHECK(field(-15) == "-15");
}

TEST_CASE("the table of a plan has a line an item, whose columns are keys of the document") {
  model::PlanItem due;
  due.selector = "3f2a9c41";
  due.card = sample::master();
  due.verdict = model::PlanVerdict::renew;
  due.note = "=cmd";
  auto document = report::document("batch plan", sample::setting());
  document.update(describe_plan({{due}, {}, {}}, "m.csv", {}));
  const auto text = lines(plan_csv(document));
  REQUIRE(text.size() == 2);
  CHECK(text[0].starts_with(std::string{kMark} + "line,verdict,selector,token.serial,"));
  CHECK(text[1].starts_with(",renew,3f2a9c41,3f2a9c41,练习-企业主锁,"));
  CHECK(has(text[1], ",91630000TEST00001X,bjca,master,ok,"));
  CHECK(has(text[1], ",20,'=cmd,"));
  CHECK(std::ranges::count(text[0], ',') == std::ranges::count(text[1], ','));
}
