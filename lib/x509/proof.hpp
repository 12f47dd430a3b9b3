// Whether a private key, which may lie on a token, does what the certificate of its public half
// promises. It keeps nothing, and what it signs or encrypts is random.
#pragma once

#include "base/bytes.hpp"

struct evp_pkey_st;

namespace ukey::x509 {

/// What PKCS#11 wants beside a certificate's value, DER each (CKA_SUBJECT, CKA_ISSUER,
/// CKA_SERIAL_NUMBER; v3.0, 4.6.3).
struct CertificateFields {
  base::Bytes subject, issuer, serial;
};

/// Of one certificate. Throws bad_input.
[[nodiscard]] CertificateFields fields_of(base::ByteView certificate);

/// True when the certificate's public key verifies a signature that `key` makes. Throws bad_input
/// for what is no certificate.
[[nodiscard]] bool proves_signing(evp_pkey_st* key, base::ByteView certificate);

/// True when `key` recovers what was encrypted to the certificate: by PKCS#1 v1.5 for RSA, by a
/// shared secret (ECDH) for EC. Throws bad_input likewise.
[[nodiscard]] bool proves_decryption(evp_pkey_st* key, base::ByteView certificate);

}  // namespace ukey::x509
