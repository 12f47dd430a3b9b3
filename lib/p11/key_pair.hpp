// Key pairs made on a token, whose private half never leaves it, and found again by their ID.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

/// A pair to be made.
struct KeyPairRequest {
  std::string algorithm;  ///< "rsa-2048", "rsa-3072", "rsa-4096", "ec-p256" or "ec-p384"
  base::Bytes id;         ///< CKA_ID of both halves; not empty, and not one that is there
  base::Bytes label;      ///< CKA_LABEL of both halves, octets; may be empty
  bool signs = false;
  bool decrypts = false;  ///< RSA: decrypts and unwraps; EC: agrees on keys
};

/// Handles of the two halves; 0 for one that is not there.
struct KeyPair {
  unsigned long public_handle = 0;
  unsigned long private_handle = 0;
};

/// Makes the pair on the token (C_GenerateKeyPair, v3.0 5.13.2, Patience::long_call): both halves
/// stay there, the private one is private, sensitive and never extractable. One call. The user must
/// be logged in. Throws the refusal (token_full for CKR_DEVICE_MEMORY, not_supported when the token
/// makes no such keys), not_supported about an algorithm that is not named above, module_broken
/// when the module gives no handles, bug when the session is not read-write or the ID is empty.
[[nodiscard]] KeyPair generate_pair(const Session& session, const KeyPairRequest& request);

/// The pair with this CKA_ID; absent when neither half is seen. The private half is seen only while
/// the user is logged in. Ten calls when it is a pair. Throws the refusal; module_broken when
/// several keys of one class have the ID, so that none can be told from the other.
[[nodiscard]] std::optional<KeyPair> find_pair(const Session& session, base::ByteView id);

}  // namespace ukey::p11
