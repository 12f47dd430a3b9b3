// Long lines on a terminal.
#include "report/fold.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "report/explanation.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using report::folded;
using report::sample::widest;

TEST_CASE("what fits is left as it is, octet for octet") {
  for (const auto* text : {"", "\n", "ukey: short\n  hint\n", "    a  b   c\n", "no line end"})
    CHECK(folded(text, 80) == text);
  const std::string exact(80, 'x');
  CHECK(folded(exact + "\n", 80) == exact + "\n");
}

TEST_CASE("a long line is continued below, at a blank, under its own indent or a hanging one") {
  CHECK(folded("  one two three four five six seven\nnext\n", 30) ==
        "  one two three four five six\n  seven\nnext\n");
  const std::string words = "ukey: " + std::string(40, 'a') + " " + std::string(45, 'b') + "\n";
  CHECK(folded(words, 80) ==
        "ukey: " + std::string(40, 'a') + "\n    " + std::string(45, 'b') + "\n");
}

TEST_CASE("Chinese text is broken between characters, and counts two columns each") {
  std::string text = "  ";
  for (int i = 0; i < 60; ++i) text += "标";
  const auto lines = folded(text + "\n", 80);
  CHECK(widest(lines) <= 80);
  CHECK(lines.find('\n') == 2 + 3 * 39);
}

TEST_CASE("a command stays on one line") {
  const auto lines = folded("  " + std::string(60, 'x') + " then: ukey renew resume\n", 80);
  CHECK(lines == "  " + std::string(60, 'x') + " then:\n  ukey renew resume\n");
}

TEST_CASE("colour takes no columns, and what is coloured is not broken") {
  const std::string mark = "\x1b[1;31mukey: \x1b[0m";
  CHECK(folded(mark + std::string(74, 'a') + "\n", 80) == mark + std::string(74, 'a') + "\n");
  CHECK(folded(mark + std::string(40, 'a') + " " + std::string(45, 'b') + "\n", 80) ==
        mark + std::string(40, 'a') + "\n    " + std::string(45, 'b') + "\n");
}

TEST_CASE("every explanation fits 80 columns in both languages") {
  for (const auto lang : {report::Lang::zh, report::Lang::en})
    for (int code = 0; code <= static_cast<int>(base::Code::interrupted); ++code) {
      report::Style style;
      style.lang = lang;
      const base::Error error{static_cast<base::Code>(code),
                              "练习-企业主锁-临期 (38157226d29fc991)"};
      const auto text = folded(report::error_text(error, style), 80);
      CHECK_MESSAGE(widest(text) <= 80, text);
    }
}

TEST_CASE("a place that is too narrow, and a word without an end, are left") {
  const std::string line = "  one two three four five six seven eight\n";
  CHECK(folded(line, 10) == line);
  const std::string word = "/" + std::string(200, 'p');
  std::string joined;
  for (const char c : folded(word + "\n", 80))
    if (c != '\n' && c != ' ') joined += c;
  CHECK(joined == word);
}
