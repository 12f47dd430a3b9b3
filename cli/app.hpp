// One run of the program: words in, exit status out. The one place that turns an error into an exit
// status.
#pragma once

#include <string>
#include <vector>

namespace ukey::cli {

/// Runs the words after the program's name; returns the exit status. Prints results on standard
/// output and everything else on standard error.
[[nodiscard]] int run(const std::vector<std::string>& words);

}  // namespace ukey::cli
