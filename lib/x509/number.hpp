// The numbers of organisations and persons, told apart by their check characters. It refuses to
// guess from length.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ukey::x509 {

/// A unified social credit code: 18 characters of the alphabet of GB 32100-2015 with the right
/// check character.
[[nodiscard]] bool is_uscc(std::string_view text);

/// A resident identity number: 18 characters, a birth date from 1900 on, the right check character
/// (GB 11643-1999).
[[nodiscard]] bool is_resident_id(std::string_view text);

/// The first unified social credit code in `text` that does not touch further ASCII letters or
/// digits. What is a resident identity number as well is passed over: one in 31 of those looks like
/// a code, and must not be shown as one.
[[nodiscard]] std::optional<std::string> uscc_in(std::string_view text);

}  // namespace ukey::x509
