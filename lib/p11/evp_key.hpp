// A key on a token as OpenSSL's functions take it. It keeps the private half where it is: every use
// of it is a call to the token through the module's door. The only place that knows libp11.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "p11/session.hpp"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace ukey::p11 {

/// An RSA or EC key; copies share it. It signs and decrypts for as long as its user is logged in,
/// whoever did that, and never logs in or writes itself. To open one costs six PKCS#11 calls
/// (eleven when its public numbers are on the public key object only, as with EC keys), to sign or
/// to decrypt two, to agree on a key four, to close it one.
class TokenKey {
 public:
  /// The private key with this CKA_ID on the session's token; the user must be logged in. It does
  /// not need the session afterwards, and keeps the module loaded. Throws the refusal; Error about
  /// the ID: not_found when there is no such key or the token does not give its public numbers,
  /// not_supported when it is neither RSA nor on a curve for ECDSA, or wants the PIN for each use.
  [[nodiscard]] static TokenKey open(const Session& session, base::ByteView id);

  /// Never null, valid while a copy of this lives; who needs it longer takes a reference of
  /// OpenSSL's. One thread at a time may use it.
  [[nodiscard]] evp_pkey_st* get() const;

  /// After an OpenSSL function failed with this key: what the token answered to the last call with
  /// it, with the whole CK_RV; absent when that call did not fail. CKR_MECHANISM_INVALID from a
  /// token that cannot do what OpenSSL needs (plain RSA for OAEP and PSS) is not_supported.
  [[nodiscard]] std::optional<base::Error> failure() const;

 private:
  struct Use;
  explicit TokenKey(std::shared_ptr<Use> use) : use_(std::move(use)) {}

  std::shared_ptr<Use> use_;
};

}  // namespace ukey::p11
