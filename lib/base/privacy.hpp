// Personal numbers made unreadable before they reach a document. It refuses to judge who a person
// is: whatever has the shape of a resident identity number goes, and whatever the holder's own
// number is.
#pragma once

#include <string>
#include <string_view>

namespace ukey::base {

/// `id` with its first three and last four characters kept and the rest as "*"; with seven
/// characters or fewer all of it is "*".
[[nodiscard]] std::string masked_id(std::string_view id);

/// `text` with every resident identity number in it masked (GB 11643-1999: 18 characters, the last
/// a digit or X, and the older 15 digits; told from other numbers by the date of birth in it), also
/// inside the "#hex" values of a distinguished name. `known`, when not empty, is masked wherever it
/// occurs.
[[nodiscard]] std::string masked_text(std::string_view text, std::string_view known = {});

}  // namespace ukey::base
