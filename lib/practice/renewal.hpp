// How the practice CA judges a request for a new certificate, and what it issues: by the register,
// by dates and by the holder. It knows no message and no network; whether a request was signed
// right was settled before.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "practice/authority.hpp"
#include "practice/registry.hpp"

namespace ukey::practice {

/// A certificate by its issuer and serial number (RFC 4211, CertId).
struct CertificateId {
  base::Bytes issuer;  ///< DER of the Name
  std::string serial;  ///< hexadecimal, as model::Certificate has it
};

/// What a request asks for.
struct Wish {
  base::Bytes key;                   ///< DER of SubjectPublicKeyInfo
  base::Bytes subject;               ///< DER of the Name; empty when it says none
  bool names_old = false;            ///< the message has to name the old certificate (kur)
  std::optional<CertificateId> old;  ///< absent: the one that the message is signed with
  std::optional<base::Time> not_before, not_after;  ///< the validity asked for
};

/// Why a request is refused.
struct Refusal {
  int failure = 0;     ///< number of the bit in PKIFailureInfo (RFC 4210, 5.2.3)
  std::string reason;  ///< for people, in both languages
};

/// What the CA judges and issues with.
struct Desk {
  const Registry& registry;
  const Authority& authority;
  base::Time now{};
  int years = 1;           ///< the term where the request asks for none: 1 or 2
  bool wrong_key = false;  ///< a fault for training: certify a key that nobody has, and forget it
};

/// The same second of the clock in Beijing, 1 or 2 years later; 29 February becomes 28 February.
[[nodiscard]] base::Time later_by(base::Time time, int years);

/// The years that a validity from `from` to `to` is meant to be, rounded; absent unless 1 or 2.
[[nodiscard]] std::optional<int> whole_years(base::Time from, base::Time to);

/// What is issued for a request signed with the certificate `signer` (DER). A signing certificate
/// comes with a new certificate for the token's encryption key, for the same term. Whoever asks
/// again for the same key and old certificate gets what was issued before. Throws as Registry and
/// Authority do.
[[nodiscard]] std::variant<Issue, Refusal> renew(const Desk& desk, base::ByteView signer,
                                                 const Wish& wish);

}  // namespace ukey::practice
