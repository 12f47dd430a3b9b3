// The terminal: is there one, how wide, which character set, and a prompt that does not echo.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace ukey::cli {

[[nodiscard]] bool is_terminal(int descriptor);

/// Columns of the terminal at `descriptor`; 80 when it is none.
[[nodiscard]] std::size_t terminal_width(int descriptor);

/// iconv name of the character set that the environment's locale names: "GB18030" for GB…, "BIG5",
/// else "UTF-8".
[[nodiscard]] std::string terminal_charset();

/// `text` for people as it can be shown at `descriptor`: in the terminal's character set, and with
/// its long lines folded where stderr is a terminal.
[[nodiscard]] std::string shown_at(int descriptor, std::string_view text);

/// Asks on the controlling terminal without echo and returns what was typed: the erase key takes a
/// character back, ctrl-W a word, ctrl-U all. Throws Error pin_missing when there is no terminal,
/// pin_invalid when it is too long or another control key was in it, interrupted on ctrl-C and when
/// the terminal goes away before the end of the line; its settings are restored in each case.
[[nodiscard]] base::Secret ask_secret(const std::string& question);

/// Asks on the controlling terminal and returns the line that was typed, at most 255 octets; ""
/// when there is no terminal.
[[nodiscard]] std::string ask_line(const std::string& question);

/// Leaves the terminal as it was before a prompt that is under way, for who ends the program in its
/// middle; may be called inside a signal handler. Does nothing when there is no prompt.
void restore_terminal();

}  // namespace ukey::cli
