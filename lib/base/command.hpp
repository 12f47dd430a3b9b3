// A child's command line as words. It refuses the shell: no variable, pattern or pipe is ever
// looked at.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ukey::base {

/// What to run and within which bounds.
struct Command {
  std::vector<std::string> argv;  ///< the program (looked up in PATH without a slash) and its words
  std::vector<std::string> environment = {};  ///< "NAME=value", added to ours or put in place of it
  std::chrono::milliseconds limit = std::chrono::seconds{30};  ///< of wall time, from start to end
  std::size_t most_output = std::size_t{1} << 20;  ///< octets kept of stdout, and as many of stderr
  bool own_session = false;                        ///< no terminal, and none of its signals
};

/// The words of a command given in an option: divided by blanks, tabs and line ends; 'single
/// quotes' keep everything, "double quotes" everything but \" and \\; elsewhere a backslash keeps
/// the next character. At least one word. Throws Error{usage, text} on an unclosed quote, a
/// backslash at the end, or no word at all.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

/// `argv` with every `placeholder` in every word replaced by `serial`, which stays inside its word.
/// Throws Error{bad_input, serial} when there is one to replace and `serial` is empty, "." or "..",
/// begins with "-", or holds a character outside [A-Za-z0-9._-]: a token's serial is outside input
/// and could become an option or a path.
[[nodiscard]] std::vector<std::string> replaced(std::vector<std::string> argv,
                                                std::string_view placeholder,
                                                std::string_view serial);

}  // namespace ukey::base
