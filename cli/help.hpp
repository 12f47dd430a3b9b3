// Help and version, made from the tables of commands and options.
#pragma once

#include <string>

#include "cli/arguments.hpp"
#include "report/words.hpp"

namespace ukey::cli {

/// "ukey 0.1.0" and a line end.
[[nodiscard]] std::string version_text();

/// Help for the command, the group of commands, or the program.
[[nodiscard]] std::string help_text(const Arguments& arguments, report::Lang lang);

}  // namespace ukey::cli
