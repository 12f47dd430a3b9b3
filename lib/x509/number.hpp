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

/// Built like a unified social credit code, whatever its check character: a registration department
/// and kind (91, 12, N2 …), six digits of a region, ten characters of the alphabet. Never a number
/// that could be a person's: it has a letter before the last character, or one other than X there.
/// Certificates with a mistyped check character are in use.
[[nodiscard]] bool looks_like_uscc(std::string_view text);

/// The first unified social credit code in `text` that does not touch further ASCII letters or
/// digits; one with the right check character before one that only looks like it. What is a
/// resident identity number as well is passed over: one in 31 of those looks like a code, and must
/// not be shown as one.
[[nodiscard]] std::optional<std::string> uscc_in(std::string_view text);

}  // namespace ukey::x509
