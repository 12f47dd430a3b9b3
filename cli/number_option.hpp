// Whole numbers given by options, within bounds.
#pragma once

#include <optional>
#include <string_view>

#include "cli/arguments.hpp"

namespace ukey::cli {

/// The number that the option says, from `least` to `most`, both inclusive; absent without it.
/// Throws Error usage (subject: the option and what it said) for anything else.
[[nodiscard]] std::optional<unsigned> number_option(const Arguments& arguments,
                                                    std::string_view option, unsigned least,
                                                    unsigned most);

}  // namespace ukey::cli
