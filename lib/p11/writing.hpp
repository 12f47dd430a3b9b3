// Certificates written to a token and read back whole, and objects taken away. Every function that
// changes the token makes one call that does so; none of them asks, judges or remembers.
#pragma once

#include "base/bytes.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

/// What a certificate object is made of; an empty member is one that it does not have.
struct NewCertificate {
  base::Bytes der;      ///< CKA_VALUE
  base::Bytes subject;  ///< DER of the Name
  base::Bytes issuer;   ///< DER of the Name
  base::Bytes serial;   ///< DER of the INTEGER
  base::Bytes id;       ///< CKA_ID, that of the key
  base::Bytes label;    ///< CKA_LABEL, octets in whatever encoding

  [[nodiscard]] bool operator==(const NewCertificate&) const = default;
};

/// Makes a public X.509 token object of it (C_CreateObject, v3.0 4.6.3) and returns its handle.
/// Throws the refusal (token_full for CKR_DEVICE_MEMORY), module_broken when the module gives no
/// handle, bug when the session is not read-write or `der` is empty.
[[nodiscard]] unsigned long write_certificate(const Session& session,
                                              const NewCertificate& certificate);

/// What this certificate object holds, octet for octet, so that it can be compared or written
/// again. Throws Error about the handle: not_found when the module does not give the value,
/// bad_input when an attribute is of an impossible length or above 1 MiB.
[[nodiscard]] NewCertificate read_certificate(const Session& session, unsigned long handle);

/// Takes the object from the token for good (C_DestroyObject, v3.0 5.7.3). Throws the refusal; bug
/// when the session is not read-write.
void destroy_object(const Session& session, unsigned long handle);

}  // namespace ukey::p11
