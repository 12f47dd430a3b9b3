// Makes certificates and revocation lists to the second: the practice CA, and what tests need. It
// keeps no state and reads no clock; it issues what it is asked to, also nonsense that a test
// wants.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "x509/key.hpp"
#include "x509/parts.hpp"

namespace ukey::x509 {

/// Bits of the key usage extension (RFC 5280, 4.2.1.3); the value is the bit's number.
enum class KeyUsage {
  digital_signature,
  non_repudiation,
  key_encipherment,
  data_encipherment,
  key_agreement,
  key_cert_sign,
  crl_sign
};

struct IssueRequest {
  NameParts subject;               ///< in the order of the DER
  base::Bytes subject_name;        ///< DER of a Name to be taken as it is, instead of `subject`
  base::Bytes subject_key;         ///< DER of SubjectPublicKeyInfo
  base::Bytes issuer_certificate;  ///< DER; empty: self-signed
  std::optional<NameParts> issuer_name;  ///< instead of the issuer certificate's subject
  base::Bytes serial;                    ///< big-endian, positive; empty: 16 random octets
  base::Time not_before{}, not_after{};  ///< both inclusive
  std::vector<KeyUsage> key_usage;       ///< none: no such extension
  bool ca = false;              ///< basicConstraints CA:TRUE, critical; else no such extension
  bool key_identifiers = true;  ///< subject and authority key identifiers
  std::vector<Extension> extensions;  ///< not critical, after the others
};

/// An extension that holds `text` as a DER UTF8String, as Chinese CAs write their numbers.
[[nodiscard]] Extension text_extension(std::string oid, std::string_view text);

/// DER of a certificate signed by `signer`: SM2 with SM3 and the default id, else SHA-256. Throws
/// bad_input for what cannot be encoded (an unknown attribute, a bad OID, a year beyond 9999).
[[nodiscard]] base::Bytes issue(const IssueRequest& request, const Key& signer);

struct CrlRequest {
  base::Bytes issuer_certificate;  ///< DER
  base::Time this_update{}, next_update{};
  std::vector<base::Bytes> revoked;  ///< serials, big-endian; revoked at `this_update`
};

/// DER of a version 2 revocation list signed by `signer`. Throws bad_input.
[[nodiscard]] base::Bytes issue_crl(const CrlRequest& request, const Key& signer);

}  // namespace ukey::x509
