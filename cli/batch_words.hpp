// Which options of a batch go to its children, and which are remembered for a resume. Secrets are
// in none of them; what a command prints a PIN with is not remembered either.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/token.hpp"

namespace ukey::cli {

class Context;

/// For a child that looks which tokens are there.
[[nodiscard]] std::vector<std::string> scan_words(const Context& context);

/// For a child that works on an item, whatever the item is.
[[nodiscard]] std::vector<std::string> item_words(const Context& context);

/// What a resume in another folder needs to go on as this run began: paths are absolute.
[[nodiscard]] std::vector<std::string> remembered_words(const Context& context);

}  // namespace ukey::cli
