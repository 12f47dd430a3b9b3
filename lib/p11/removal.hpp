// Objects taken from a token, and a look at what went with them: drivers are met that take a
// private key along with its certificate, or a certificate with its key, and say that all is well.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

// Both look before and after the removal at all that must remain: certificates, private keys, data
// objects. Another certificate that is gone is written again. They return the token's refusal when
// the object is still there afterwards, whatever the call answered, and throw token_refused for
// what is gone for good: cause key_lost (subject: the CKA_ID of the private key) or object_lost
// (subject: the label of a data object, or of a
// certificate that could not be written again). The user must be logged in. They throw what the
// looking and the writing throw; the object may be gone then.

/// Takes a certificate away; the private key with the CKA_ID `expendable`, where that is not empty,
/// may go along.
[[nodiscard]] std::optional<base::Error> remove_certificate(const Session& session,
                                                            unsigned long handle,
                                                            base::ByteView expendable = {});

/// Takes the key pair with this CKA_ID away, as far as it is there; the public half only once the
/// private one is gone.
[[nodiscard]] std::optional<base::Error> remove_pair(const Session& session, base::ByteView id);

/// True of an error that tells of something gone for good.
[[nodiscard]] bool is_loss(const base::Error& error);

}  // namespace ukey::p11
