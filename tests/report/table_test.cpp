// Lines that hold their columns, whatever is in them.
#include <doctest/doctest.h>

#include "base/text.hpp"
#include "report/table.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using namespace ukey::report;
using sample::lines;
using sample::widest;

TEST_CASE(
    "text breaks at blanks and between Chinese characters, never before closing punctuation") {
  CHECK(wrapped("renew run now", 9) == std::vector<std::string>{"renew run", "now"});
  CHECK(wrapped("主锁副锁", 5) == std::vector<std::string>{"主锁", "副锁"});
  CHECK(wrapped("主锁，副锁", 5) == std::vector<std::string>{"主", "锁，", "副锁"});
  CHECK(wrapped("a（主锁）", 4) == std::vector<std::string>{"a", "（主", "锁）"});
}

TEST_CASE("a word longer than the line is cut and nothing is lost") {
  CHECK(wrapped("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
  CHECK(wrapped("x abcdefgh", 4) == std::vector<std::string>{"x", "abcd", "efgh"});
  CHECK(wrapped("主", 1) == std::vector<std::string>{"主"});
}

TEST_CASE("no text is one empty line") {
  CHECK(wrapped("", 10) == std::vector<std::string>{""});
  CHECK(wrapped("   ", 10) == std::vector<std::string>{""});
}

TEST_CASE("an unbroken command stays on one line") {
  const auto out = wrapped("use " + unbroken("ukey renew run") + " now", 16);
  REQUIRE(out.size() == 3);
  CHECK(finished(out[1]) == "ukey renew run");
  const auto wide = wrapped("用 " + unbroken("ukey -t '主锁 甲'") + "，再看", 19);
  REQUIRE(wide.size() == 3);
  CHECK(finished(wide[1]) == "ukey -t '主锁 甲'，");
  CHECK(base::columns(wide[1]) == 19);
}

TEST_CASE("columns line up under Chinese and Latin cells alike") {
  Table table({{"A", kWhole}, {"B", kWhole}, {"C"}});
  table.add({{"主锁"}, {"x"}, {"end"}});
  table.add({{"sub-lock"}, {"练习"}, {"end"}});
  const auto out = lines(table.text(sample::style(Lang::en), 2));
  REQUIRE(out.size() == 3);
  const auto at_column = [](const std::string& line) {
    return base::columns(line.substr(0, line.find("end")));
  };
  CHECK(at_column(out[1]) == at_column(out[2]));
  CHECK(at_column(out[1]) == base::columns(out[0].substr(0, out[0].find('C'))));
}

TEST_CASE("a table shrinks to the width, the columns that must not shrink excepted") {
  Table table({{"Serial", kWhole}, {"Label", 6}, {"Holder", 10}});
  table.add({{"0123456789abcdef"},
             {"a label that is much too long to be shown in full here"},
             {"a holder with a very long name that wraps over several lines of the table"}});
  Style narrow = sample::style(Lang::en);
  narrow.width = 50;
  const auto text = table.text(narrow, 2);
  CHECK(widest(text) <= 50);
  CHECK(sample::has(text, "0123456789abcdef"));
  CHECK(sample::has(text, "…"));
  CHECK(sample::has(text, "table"));
  narrow.ascii = true;
  CHECK(!sample::has(table.text(narrow, 2), "…"));
}

TEST_CASE("numbers stand at the right of their column") {
  Table table({{"n", kWhole, true}, {"x"}});
  table.add({{"5"}, {"a"}});
  table.add({{"500"}, {"b"}});
  CHECK(table.text(sample::style(Lang::en), 0) == "  n  x\n  5  a\n500  b\n");
}

TEST_CASE("a block puts every value in one column and leaves empty values out") {
  Block block;
  block.add("锁", "1");
  block.add("Token", "2");
  block.add("Gone", "");
  CHECK(block.text(sample::style(Lang::en)) == "  锁     1\n  Token  2\n");
}

TEST_CASE("colour adds nothing to the text but its own sequences") {
  Table table({{"A"}, {"B"}});
  table.add({{"x", Tone::bad}, {"y", Tone::good}});
  Style colour = sample::style(Lang::en);
  colour.color = true;
  std::string text = table.text(colour, 0);
  CHECK(sample::has(text, "\x1b[1;31mx\x1b[0m"));
  for (auto from = text.find('\x1b'); from != std::string::npos; from = text.find('\x1b'))
    text.erase(from, text.find('m', from) - from + 1);
  CHECK(text == table.text(sample::style(Lang::en), 0));
}
