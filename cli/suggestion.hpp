// What a mistyped command or option probably meant.
#pragma once

#include <string>
#include <string_view>

namespace ukey::cli {

/// The command or option nearest to `word` (Damerau-Levenshtein distance of at most 2, and less
/// than half its length);
/// "" when none is near. `command` is what was said before it ("cert", or "").
[[nodiscard]] std::string suggestion(std::string_view command, std::string_view word);

}  // namespace ukey::cli
