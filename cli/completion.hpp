// Completion scripts for three shells, from the tables of commands and options.
#pragma once

#include <string>
#include <string_view>

#include "report/words.hpp"

namespace ukey::cli {

/// The script for "bash", "zsh" or "fish"; help texts (zsh, fish) in `lang`.
[[nodiscard]] std::string completion_script(std::string_view shell, report::Lang lang);

}  // namespace ukey::cli
