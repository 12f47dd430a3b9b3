// Texts as every database takes them. It changes nothing that is well formed.
#pragma once

#include <string>

namespace ukey::ledger {

/// Valid UTF-8 without NUL: what is not UTF-8 (a file's name, an argument) is read as GBK or
/// escaped, a NUL becomes \x00.
[[nodiscard]] std::string storable(const std::string& text);

}  // namespace ukey::ledger
