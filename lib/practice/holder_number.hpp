// Numbers for practice holders: right in their check characters, so that programs accept them, and
// of a place that does not exist or with a stem that says what they are, so that people do not.
#pragma once

#include <string>
#include <string_view>

namespace ukey::practice {

/// A unified social credit code (GB 32100-2015) of 18 characters: "91630000", `stem`, and both
/// check characters (that of the organisation code is GB 11714-1997's). Throws Error{bug} for a
/// stem that is not eight characters long or uses others than the code's (no I, O, S, V, Z).
[[nodiscard]] std::string credit_code(std::string_view stem);

/// A resident identity number (GB 11643-1999) of the area 000000, which no place has, with its
/// check character. `order`: 1 to 999.
[[nodiscard]] std::string fictitious_person_id(unsigned order);

}  // namespace ukey::practice
