// Private keys that the program itself makes, for the practice drawer and for tests, and the
// comparison of a certificate with a key on a token. A real UKey's private key never passes here.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "model/certificate.hpp"
#include "model/object.hpp"

struct evp_pkey_st;

namespace ukey::x509 {

enum class KeyKind { rsa_2048, ec_p256, sm2 };

/// Big-endian, no leading zero octets (PKCS#1: n, e, d, p, q, dP, dQ, qInv).
struct RsaParts {
  base::Bytes n, e, d, p, q, dp, dq, qinv;
};

/// As PKCS#11 wants them: CKA_EC_PARAMS (DER OID), CKA_EC_POINT (DER OCTET STRING of 04||X||Y),
/// CKA_VALUE (32 octets).
struct EcParts {
  base::Bytes params, point, scalar;
};

class Key {
 public:
  /// A fresh random key. Throws bug when OpenSSL cannot make one.
  [[nodiscard]] static Key generate(KeyKind kind);
  /// A key from PKCS#8 PrivateKeyInfo, not encrypted. Throws bad_input.
  [[nodiscard]] static Key from_pkcs8(base::ByteView der);

  /// DER of PKCS#8 PrivateKeyInfo, not encrypted: for practice keys only.
  [[nodiscard]] base::Bytes pkcs8() const;
  /// DER of SubjectPublicKeyInfo.
  [[nodiscard]] base::Bytes public_der() const;
  [[nodiscard]] bool is_rsa() const;
  [[nodiscard]] bool is_sm2() const;
  /// The numbers of an RSA key. Throws not_supported for others.
  [[nodiscard]] RsaParts rsa() const;
  /// The values of a key on P-256 or the SM2 curve. Throws not_supported for others.
  [[nodiscard]] EcParts ec() const;

  /// For rooms that speak OpenSSL; stays owned by the Key.
  [[nodiscard]] evp_pkey_st* get() const { return key_.get(); }

 private:
  struct Freed {
    void operator()(evp_pkey_st* key) const;
  };
  explicit Key(evp_pkey_st* owned) : key_(owned) {}
  std::unique_ptr<evp_pkey_st, Freed> key_;
};

/// Whether the certificate is of this key: RSA by modulus and exponent, EC and SM2 by the point (a
/// DER OCTET STRING or BIT STRING around it is taken off; the compressed form counts). Absent when
/// one of both cannot be compared: no values, or a kind of key that is not known here.
[[nodiscard]] std::optional<bool> same_key(const model::Certificate& certificate,
                                           const model::PublicKey& key);

}  // namespace ukey::x509
