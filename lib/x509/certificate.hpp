// Reads one X.509 certificate into plain data. It judges nothing: no date, no chain, no trust.
#pragma once

#include "base/bytes.hpp"
#include "model/certificate.hpp"

namespace ukey::x509 {

/// The certificate whose DER this is: exactly one, no octet after it, at most 1 MiB, dates in the
/// years 1950 to 9999. `role` is by key usage (RFC 5280, 4.2.1.3); without that extension a
/// certificate is unrestricted. Names that hold GBK in a type meant for Latin text are shown as
/// GBK. Throws bad_input for anything else.
[[nodiscard]] model::Certificate parse_certificate(base::ByteView der);

}  // namespace ukey::x509
