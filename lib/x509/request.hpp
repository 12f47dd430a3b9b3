// Certificate requests (PKCS#10, RFC 2986) for a renewal: the subject of the old certificate, octet
// for octet, and a key that may lie on a token. It refuses to hand out a request that does not
// verify.
#pragma once

#include <string>

#include "base/bytes.hpp"

struct evp_pkey_st;

namespace ukey::x509 {

/// DER of a request whose subject octets are those of the certificate `old_certificate` (DER), for
/// the key `key` and signed by it: RSA (PKCS#1 v1.5) and EC with SHA-256, SM2 with SM3 and the
/// default id. It has no attributes. Throws bad_input for a certificate that cannot be read,
/// not_supported for another kind of key, bug when signing failed: a caller whose key lies on a
/// token asks the token first what it answered.
[[nodiscard]] base::Bytes make_request(base::ByteView old_certificate, evp_pkey_st* key);

/// What a request says.
struct RequestInfo {
  std::string subject;      ///< RFC 2253 in UTF-8
  base::Bytes subject_der;  ///< as it stands in the request
  base::Bytes public_key;   ///< DER of SubjectPublicKeyInfo, as it stands in the request
};

/// Reads exactly one request of at most 1 MiB, without looking at its signature. Throws bad_input.
[[nodiscard]] RequestInfo request_info(base::ByteView request);

/// True when it is one request and signed by the key it is for (proof of possession, RFC 2986,
/// 4.2). Never throws for what it holds.
[[nodiscard]] bool request_verifies(base::ByteView request);

/// True when the certificate is of the key that `request` is for. Throws bad_input when one of both
/// cannot be read.
[[nodiscard]] bool answers_request(base::ByteView certificate, base::ByteView request);

/// A request's DER as a PEM block ("CERTIFICATE REQUEST") with its line ends. The octets are not
/// looked at.
[[nodiscard]] std::string request_pem(base::ByteView request);

}  // namespace ukey::x509
