// The table of options: parser, help, completion and the man page check read it, so that none of
// them can differ.
#pragma once

#include <span>
#include <string_view>

namespace ukey::cli {

enum class Kind {
  flag,           ///< no value
  value,          ///< one value, at most once
  list,           ///< one value each time, repeatable
  optional_value  ///< a value only with "="
};

/// What a shell offers for the value.
enum class Offer { nothing, files, directories, choices };

struct OptionRow {
  std::string_view name;        ///< "--json"
  std::string_view short_name;  ///< "-t", or ""
  Kind kind;
  std::string_view value;  ///< "FILE", or the choices "zh|en"; "" for a flag
  Offer offer;
  std::string_view zh, en;  ///< one line of help each
};

/// Options that may stand before or after any command.
[[nodiscard]] std::span<const OptionRow> global_options();

/// The row of an option that belongs to some command ("--out"). Precondition: it exists.
[[nodiscard]] const OptionRow& command_option(std::string_view name);

}  // namespace ukey::cli
