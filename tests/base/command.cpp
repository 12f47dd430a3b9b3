#include "base/command.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace ukey::base;
using Argv = std::vector<std::string>;

namespace {

Code code_of_words(std::string_view text) {
  try {
    (void)words_of(text);
  } catch (const Error& error) {
    CHECK(error.subject() == text);
    return error.code();
  }
  return Code::bug;
}

Code code_of_serial(std::string_view serial) {
  try {
    (void)replaced({"pin-of", "{serial}"}, "{serial}", serial);
  } catch (const Error& error) {
    CHECK(error.subject() == serial);
    return error.code();
  }
  return Code::bug;
}

}  // namespace

TEST_CASE("a command is divided at blanks, tabs and line ends") {
  CHECK(words_of("pass") == Argv{"pass"});
  CHECK(words_of("  pass \t show\nukey/1 ") == Argv{"pass", "show", "ukey/1"});
}

TEST_CASE("quotes and backslashes keep blanks inside a word") {
  CHECK(words_of("'a b' \"c d\" e\\ f") == Argv{"a b", "c d", "e f"});
  CHECK(words_of("a'b c'd\"e f\"g") == Argv{"ab cde fg"});
  CHECK(words_of("'' \"\"") == Argv{"", ""});
  CHECK(words_of("\\'a \\\"b \\\\") == Argv{"'a", "\"b", "\\"});
}

TEST_CASE("single quotes keep everything, double quotes all but the escaped quote and backslash") {
  CHECK(words_of(R"('a\b"c')") == Argv{R"(a\b"c)"});
  CHECK(words_of(R"("a\"b\\c\d'e")") == Argv{R"(a"b\c\d'e)"});
}

TEST_CASE("nothing that a shell would expand is expanded") {
  CHECK(words_of("echo $HOME * ~ `id` a;b|c >d #e") ==
        Argv{"echo", "$HOME", "*", "~", "`id`", "a;b|c", ">d", "#e"});
}

TEST_CASE("an unclosed quote, a backslash at the end, and no word at all are usage errors") {
  for (const char* text : {"'a", "\"a", "a 'b", "\"a\\\"", "a\\", "'", "\"", "\\", "", "  \t\n"}) {
    CAPTURE(text);
    CHECK(code_of_words(text) == Code::usage);
  }
}

TEST_CASE("the serial stands wherever its placeholder stood, inside its word") {
  CHECK(replaced({"get", "{serial}", "pins/{serial}.{serial}", "{other}"}, "{serial}", "A-1_b.2") ==
        Argv{"get", "A-1_b.2", "pins/A-1_b.2.A-1_b.2", "{other}"});
}

TEST_CASE("a serial that could become an option, a path or a second word is refused") {
  for (const char* serial : {"", "-n", "--help", ".", "..", "a b", "a/b", "../x", "a;b", "a'b",
                             "{serial}", "a\n", "\x1b[0m", "编号", "a\\b", "$x", "*"}) {
    CAPTURE(serial);
    CHECK(code_of_serial(serial) == Code::bad_input);
  }
  CHECK(code_of_serial(std::string_view{"a\0b", 3}) == Code::bad_input);
}

TEST_CASE("a command that does not ask for the serial does not care what it is") {
  CHECK(replaced({"get", "pin"}, "{serial}", "a b") == Argv{"get", "pin"});
  CHECK(replaced({"get"}, "", "x") == Argv{"get"});
}
