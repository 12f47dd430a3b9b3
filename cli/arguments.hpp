// The command line after parsing: which command, which options, which operands. It refuses to know
// what they mean.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands.hpp"

namespace ukey::cli {

struct Arguments {
  const CommandRow* command = nullptr;  ///< nullptr: help for `group`, or the program
  std::string group;                    ///< "cert" when only that was said
  std::map<std::string, std::vector<std::string>, std::less<>>
      options;  ///< by long name; a flag has one ""
  std::vector<std::string> operands;

  [[nodiscard]] bool flag(std::string_view name) const { return options.contains(name); }
  [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> list(std::string_view name) const;
};

/// Parses the words after the program's name. Throws Error usage (subject: the word that is wrong).
/// No command: status.
[[nodiscard]] Arguments parse(const std::vector<std::string>& words);

}  // namespace ukey::cli
