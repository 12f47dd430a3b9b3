// Text from outside made safe and measurable. It refuses to choose words; it decodes, escapes and
// counts columns.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace ukey::base {

/// True when `text` is well-formed UTF-8 (no overlong forms, surrogates, or values above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);

/// A token's fixed-width text field as UTF-8: blanks and NULs at the end are dropped; then UTF-8 (a
/// character cut by the end of the field is dropped), else GBK, else every octet outside printable
/// ASCII as \xNN. Never throws, never returns invalid UTF-8; control characters are still in it
/// (see `printable`).
[[nodiscard]] std::string token_text(ByteView field);

/// Any octets as UTF-8 by the first two readings, blanks kept; absent when they are neither.
[[nodiscard]] std::optional<std::string> readable(ByteView octets);

/// Any octets as UTF-8 by the same three readings, blanks kept.
[[nodiscard]] std::string decoded(ByteView octets);

/// `text` with everything that could steer a terminal or hide text shown as an escape: C0, DEL, C1,
/// bidirectional controls, zero-width marks, line and paragraph separators, invalid UTF-8. Safe to
/// print on one line.
[[nodiscard]] std::string printable(std::string_view text);

/// Columns that valid, printable UTF-8 takes in a terminal: two for East Asian wide, none for
/// combining marks.
[[nodiscard]] std::size_t columns(std::string_view text);

/// `text` with blanks appended until it takes `width` columns; unchanged when it is that wide
/// already.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);

/// `text` when it fits `width` columns; else its beginning and "…", together at most `width`
/// columns.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t width);

/// `text` in the character set `charset` (an iconv name); what it cannot hold becomes "?". Unknown
/// set: unchanged.
[[nodiscard]] std::string encoded(std::string_view text, const std::string& charset);

/// `text` with ASCII letters in lower case; other characters as they are.
[[nodiscard]] std::string ascii_lower(std::string_view text);

/// `text` without blanks, tabs and line ends at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace ukey::base
