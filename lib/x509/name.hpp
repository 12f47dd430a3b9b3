// Names of subjects and issuers as text, out and in. For .cpp files that speak OpenSSL.
#pragma once

#include <string>
#include <string_view>

#include "x509/openssl.hpp"

namespace ukey::x509 {

/// RFC 2253 in UTF-8. What an octet above ASCII in a Latin string type means is guessed (GBK).
/// Throws bad_input.
[[nodiscard]] std::string name_text(const X509_NAME* name);

/// Hexadecimal, no leading "00" octet; "-" before a negative one. Throws bad_input.
[[nodiscard]] std::string serial_text(const ASN1_INTEGER* serial);

/// The name that an RFC 2253 text means, as `name_text` writes it: one attribute each, escapes with
/// a backslash, no quotes, no values in DER. Throws bad_input, about the text.
[[nodiscard]] NamePtr name_from(std::string_view text);

}  // namespace ukey::x509
