// How text for people looks: language, width, colour, marks. Colour is never the only carrier of a
// meaning, and every text from outside passes `printable` before it is shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "report/words.hpp"

namespace ukey::report {

struct Style {
  Lang lang = Lang::en;
  bool color = false;
  bool ascii = false;  ///< the terminal is not UTF-8: marks in ASCII, since others are wide there
  std::size_t width = 80;  ///< columns
  base::Zone zone{};       ///< times are shown as clocks of this zone
  bool quiet = false;      ///< no notes
};

enum class Tone { plain, strong, good, attention, bad, quiet };

enum class Mark {
  good,       ///< may be renewed now
  waiting,    ///< nothing to do yet
  bad,        ///< does not work
  attention,  ///< a warning
  yes,
  no,
  open_question
};

/// The mark in the terminal's means; always one column, two for yes and no in ASCII.
[[nodiscard]] std::string_view mark(Mark mark, const Style& style);

/// " · " or " | ": between facts on one line.
[[nodiscard]] std::string dot(const Style& style);

/// `text` in the colour of `tone`, when the style has colour. Pad first: the escape sequences take
/// no columns.
[[nodiscard]] std::string painted(std::string_view text, Tone tone, const Style& style);

/// `text` safe for one line of a terminal (base::printable).
[[nodiscard]] std::string printable(std::string_view text);

/// `text` cut to `width` columns, the cut shown by an ellipsis.
[[nodiscard]] std::string fitted(std::string_view text, std::size_t width, const Style& style);

/// `command` as one that is not broken at the end of a line, be it at a blank or between wide
/// characters; `finished` makes ordinary text of it.
[[nodiscard]] std::string unbroken(std::string_view command);
[[nodiscard]] std::string finished(std::string text);

}  // namespace ukey::report
