// Octet strings and their hexadecimal form. Nothing here knows what the octets mean.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ukey::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Lower case, no separators; "" for no octets.
[[nodiscard]] std::string hex(ByteView octets);

/// The octets of a hexadecimal text of either case; absent when the length is odd or a character is
/// not a digit.
[[nodiscard]] std::optional<Bytes> unhex(std::string_view text);

/// "0x" and the number in lower case without leading zeros: how a CK_RV or a mechanism is shown.
[[nodiscard]] std::string hex_number(unsigned long number);

/// The same octets seen as characters, and back. No copy is made; the view lives as long as its
/// source.
[[nodiscard]] std::string_view as_text(ByteView octets);
[[nodiscard]] ByteView as_bytes(std::string_view text);

/// A copy of the text's octets.
[[nodiscard]] Bytes bytes_of(std::string_view text);

}  // namespace ukey::base
