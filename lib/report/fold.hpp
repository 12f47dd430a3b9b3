// Lines for a terminal that are longer than it is wide, continued below instead of being cut in the
// middle of a word. It refuses to touch what fits, and to break a command somebody may copy.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ukey::report {

/// `text` with every line of at most `width` columns where that can be; what a line is continued
/// with stands under it, or further in when it has no indent. Colour takes no columns. "ukey" and
/// the two words after it stay together.
[[nodiscard]] std::string folded(std::string_view text, std::size_t width);

}  // namespace ukey::report
