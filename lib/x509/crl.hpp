// Revocation lists for .cpp files of this room: whose they are and whether they are genuine.
#pragma once

#include <vector>

#include "x509/openssl.hpp"

namespace ukey::x509 {

/// A list with the octets that its signature covers; they are views into the DER it was read from.
struct SignedCrl {
  CrlPtr list;
  base::ByteView tbs;
};

/// Those of `ders` that the issuer named in `leaf` publishes. Throws bad_input for one that is no
/// list.
[[nodiscard]] std::vector<SignedCrl> crls_of(const std::vector<base::Bytes>& ders,
                                             const X509* leaf);

/// True when the issuer's key signed the list. SM2 is verified here, over the original octets and
/// with the default id, because OpenSSL 3.0 has no place for an id in a list.
[[nodiscard]] bool is_signed_by(const SignedCrl& crl, X509* issuer);

}  // namespace ukey::x509
