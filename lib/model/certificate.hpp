// A certificate read into plain data, and who holds it. Names are RFC 2253 in UTF-8; hexadecimal is
// lower case.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/time.hpp"

namespace ukey::model {

enum class HolderKind { enterprise, individual, unknown };

/// Who a certificate belongs to. `person_id` is whole here; report/ masks it.
struct Holder {
  std::optional<std::string> name;          ///< CN
  std::optional<std::string> organisation;  ///< O
  std::optional<std::string> uscc;  ///< unified social credit code, 18 characters (GB 32100-2015)
  std::optional<std::string> person_id;  ///< resident identity card or other personal number
  HolderKind kind = HolderKind::unknown;
};

/// By key usage (RFC 5280, 4.2.1.3): signature or non-repudiation; key/data encipherment or key
/// agreement; both.
enum class Role { sign, encrypt, sign_encrypt, ca, other };

[[nodiscard]] constexpr bool signs(Role role) {
  return role == Role::sign || role == Role::sign_encrypt;
}
[[nodiscard]] constexpr bool decrypts(Role role) {
  return role == Role::encrypt || role == Role::sign_encrypt;
}
/// True for the roles of a holder's certificates.
[[nodiscard]] constexpr bool is_end_entity(Role role) { return signs(role) || decrypts(role); }

enum class Validity { valid, not_yet_valid, expired };

/// A parsed X.509 certificate, as it lies in a file or on a token.
struct Certificate {
  base::Bytes der;
  std::string subject, issuer;
  std::vector<std::pair<std::string, std::string>>
      issuer_parts;                      ///< ("O", "BJCA") …, in the order of the DER
  std::string serial;                    ///< hexadecimal, no leading "00" octet
  base::Time not_before{}, not_after{};  ///< both inclusive
  std::string algorithm;                 ///< "rsa-2048", "ec-p256", "sm2", or the OID
  std::string sha256;                    ///< of the DER
  Role role = Role::other;
  Holder holder;
  std::string subject_key_id;  ///< hexadecimal or ""
};

/// A row of `certificates[]`: a certificate with what its token knows of it. With `error` only
/// label and key_id hold.
struct CertificateRow {
  Certificate certificate;
  std::string label;
  std::string key_id;  ///< CKA_ID in hexadecimal, "" when the object has none
  unsigned long handle = 0;
  bool current = false;  ///< of the current generation of its role
  Validity state = Validity::valid;
  std::chrono::days days_left{0};       ///< calendar days in the platform's zone; may be negative
  std::optional<bool> has_private_key;  ///< absent when not logged in
  std::optional<base::Error> error;
};

enum class Check { chain, dates, purpose, key_match, revocation };
enum class CheckResult { ok, failed, not_checked };
enum class CheckReason {
  none,
  no_trust,          ///< no CA certificate was given
  issuer_not_found,  ///< the chain ends before a trusted certificate
  bad_signature,
  issuer_not_a_ca,
  not_yet_valid,
  expired,
  issuer_expired,
  no_key_usage,  ///< neither for signing nor for encryption
  key_differs,
  key_missing,      ///< no private key of it is there
  key_not_visible,  ///< private keys show after a login only
  no_token,         ///< looked at in a file
  no_crl,
  crl_not_of_issuer,
  crl_expired,
  revoked,
  unsupported
};

/// A row of `checks[]`.
struct CheckRow {
  Check check = Check::chain;
  CheckResult result = CheckResult::not_checked;
  CheckReason reason = CheckReason::none;
};

/// The CA by its profile. Unknown CA: id "unknown", renewable false.
struct CaRef {
  std::string id = "unknown";
  base::Words name;
  bool renewable = false;
};

}  // namespace ukey::model
