// The page and the document of a plan, and the findings beside it.
#include "tests/report/at_hand.hpp"

using namespace ukey;
using namespace ukey::report;
using namespace ukey::report::sample::at_hand;
using model::PlanVerdict;

namespace {

model::PlanItem item(PlanVerdict verdict) {
  model::PlanItem out;
  out.selector = "3f2a9c41";
  out.card = sample::master();
  out.verdict = verdict;
  return out;
}

model::PlanItem row(unsigned line, PlanVerdict verdict, std::string selector) {
  model::PlanItem out;
  out.line = line;
  out.selector = std::move(selector);
  out.verdict = verdict;
  return out;
}

model::SeveralMasters twins() {
  model::SeveralMasters out;
  out.uscc = "91630000TEST00001X";
  out.holder = "青海练习建设有限公司";
  out.tokens = {{{"ukey", "practice", "3f2a9c41"},
                 "练习-企业主锁",
                 out.holder,
                 out.uscc,
                 sample::time("2026-11-22T10:00:00+08:00"),
                 true},
                {{"ukey", "practice", "00000001"},
                 "",
                 out.holder,
                 out.uscc,
                 sample::time("2026-01-05T00:30:00+08:00"),
                 false}};
  return out;
}

Json document_of(const model::Plan& plan, std::string_view manifest = {}) {
  auto out = report::document("batch plan", sample::setting());
  out.update(describe_plan(plan, manifest, {}));
  return out;
}

/// The page on a terminal so wide that nothing is broken.
std::string unwrapped(const Json& document, Lang lang = Lang::en) {
  auto wide = style(lang);
  wide.width = 400;
  return render(document, wide);
}

}  // namespace

TEST_CASE("an item has every key whatever is known, and null for what is not") {
  const auto document =
      document_of({{item(PlanVerdict::renew), row(2, PlanVerdict::not_present, "x")}, {}, {}});
  std::vector<std::string> keys;
  for (const auto& [key, value] : document["items"][0].items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"line", "selector", "note", "verdict", "error", "token",
                                         "state", "pin", "holder", "ca", "lock", "renewal"});
  CHECK(document["items"][0]["renewal"]["days_left"] == 20);
  CHECK(document["items"][0]["line"].is_null());
  const auto& absent = document["items"][1];
  CHECK(absent.size() == keys.size());
  CHECK(absent["line"] == 2);
  CHECK(absent["verdict"] == "not_present");
  for (const char* key :
       {"note", "error", "token", "state", "pin", "holder", "ca", "lock", "renewal"})
    CHECK(absent[key].is_null());
  CHECK(document["manifest"].is_null());
  CHECK(document_of({}, "m.csv")["manifest"] == "m.csv");
}

TEST_CASE("every verdict has its line within the width, and the last line counts them") {
  model::Plan plan;
  for (const auto verdict : enumerators<PlanVerdict>()) plan.items.push_back(item(verdict));
  for (const char* manifest : {"", "m.csv"}) {
    const auto document = document_of(plan, manifest);
    check_fits(document);
    for (const auto verdict : enumerators<PlanVerdict>()) {
      CHECK(has(shown(document), word(verdict, Lang::en)));
      CHECK(has(shown(document, Lang::zh), word(verdict, Lang::zh)));
    }
    CHECK(has(shown(document), "RENEW: 1"));
  }
  plan.items.push_back(item(PlanVerdict::renew));
  CHECK(has(lines(shown(document_of(plan))).back(), "RENEW: 2"));
}

TEST_CASE("a line tells who holds the token, or why nothing is known of it, and the note") {
  auto bad = row(123, PlanVerdict::bad_row, "1.2E+12");
  bad.error =
      base::Error{base::Code::bad_input, "m.csv:123: serial"}.because(base::Cause::rounded_number);
  auto due = item(PlanVerdict::renew);
  due.line = 4;
  due.note = "明天来取";
  const auto document = document_of({{due, bad}, {}, {}}, "m.csv");
  check_fits(document);
  const auto out = lines(shown(document));
  CHECK(has(out[1], "●     4  RENEW      20  3f2a9c41"));
  CHECK(has(shown(document), "青海练习建设有限公司 · 明天来取"));
  CHECK(has(unwrapped(document), "last digits are lost: m.csv:123: serial"));
}

TEST_CASE("a plan of nothing says so") {
  check_fits(document_of({}));
  CHECK(shown(document_of({})) == "none\n");
}

TEST_CASE("text from a manifest cannot steer the terminal") {
  auto evil = row(2, PlanVerdict::not_present, "a\x1b[2Jb");
  evil.note = "x\ny\x9bz";
  const auto text = shown(document_of({{evil}, {}, {}}, "m.csv"));
  CHECK_FALSE(has(text, "\x1b"));
  CHECK(has(text, "a\\x1b[2Jb"));
  CHECK(has(text, "x\\x0ay"));
}

TEST_CASE("several main locks of one unit are named below a plan and below the cards") {
  const auto finding = twins();
  auto status = sample::status({sample::master()});
  status["findings"] = describe_masters(std::vector{finding}, {});
  for (const auto& document : {document_of({{item(PlanVerdict::renew)}, {finding}, {}}), status}) {
    check_fits(document);
    const auto text = unwrapped(document);
    CHECK(has(text, "! 青海练习建设有限公司 (USCC 91630000TEST00001X) has 2 main locks"));
    CHECK(has(text, "练习-企业主锁 (serial 3f2a9c41, plugged in)"));
    CHECK(has(shown(document, Lang::zh), "有 2 把主锁"));
    CHECK(text.find("serial 3f2a9c41, plugged in") > text.find("RENEW"));
  }
  const auto row = status["findings"][0];
  CHECK(row["finding"] == "several_masters");
  CHECK(row["tokens"][1]["present"] == false);
  CHECK(row["tokens"][1]["seen"] == "2026-01-04T16:30:00Z");
  CHECK(has(shown(status), "2026-01-05"));
}

TEST_CASE("without a finding the cards end as they did") {
  auto status = sample::status({sample::master()});
  const auto before = shown(status);
  status["findings"] = describe_masters({}, {});
  CHECK(shown(status) == before);
}

TEST_CASE("personal numbers in labels, notes and selectors are masked unless they are wanted") {
  const std::string id = "63010119800101123X";
  auto one = row(2, PlanVerdict::not_present, id);
  one.note = "ID " + id;
  const model::Plan plan{{one}, {}, {}};
  CHECK_FALSE(has(document_of(plan).dump(), id));
  CHECK(has(describe_plan(plan, "", {true, Lang::en}).dump(), id));
}

TEST_CASE(
    "the serial of a token stays whole, whatever it looks like, also where no token was found") {
  const std::string serial = "1234567890123456";
  auto one = row(2, PlanVerdict::not_present, serial);
  one.by_serial = true;
  CHECK(document_of({{one}, {}, {}}).at("items").at(0).at("selector") == serial);
}
