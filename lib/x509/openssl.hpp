// OpenSSL objects that free themselves, for the .cpp files of rooms that speak OpenSSL and for
// tests. No other header of the room includes it, so that callers need no OpenSSL.
#pragma once

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace ukey::x509 {

template <auto Free>
struct FreedBy {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
struct FreedByOpenssl {  // OPENSSL_free is a macro
  template <typename T>
  void operator()(T* memory) const {
    OPENSSL_free(memory);
  }
};
struct StackFreed {  // the certificates in the stack belong to others
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
struct CrlStackFreed {  // same
  void operator()(STACK_OF(X509_CRL) * stack) const { sk_X509_CRL_free(stack); }
};

using X509Ptr = std::unique_ptr<X509, FreedBy<X509_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, FreedBy<X509_CRL_free>>;
using RevokedPtr = std::unique_ptr<X509_REVOKED, FreedBy<X509_REVOKED_free>>;
using NamePtr = std::unique_ptr<X509_NAME, FreedBy<X509_NAME_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, FreedBy<X509_EXTENSION_free>>;
using ObjectPtr = std::unique_ptr<ASN1_OBJECT, FreedBy<ASN1_OBJECT_free>>;
using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, FreedBy<ASN1_OCTET_STRING_free>>;
using BitStringPtr = std::unique_ptr<ASN1_BIT_STRING, FreedBy<ASN1_BIT_STRING_free>>;
using IntegerPtr = std::unique_ptr<ASN1_INTEGER, FreedBy<ASN1_INTEGER_free>>;
using TimePtr = std::unique_ptr<ASN1_TIME, FreedBy<ASN1_TIME_free>>;
using StringPtr = std::unique_ptr<ASN1_STRING, FreedBy<ASN1_STRING_free>>;
using BasicConstraintsPtr = std::unique_ptr<BASIC_CONSTRAINTS, FreedBy<BASIC_CONSTRAINTS_free>>;
using KeyIdPtr = std::unique_ptr<AUTHORITY_KEYID, FreedBy<AUTHORITY_KEYID_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreedBy<EVP_PKEY_free>>;
using DigestPtr = std::unique_ptr<EVP_MD_CTX, FreedBy<EVP_MD_CTX_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreedBy<PKCS8_PRIV_KEY_INFO_free>>;
using BnPtr = std::unique_ptr<BIGNUM, FreedBy<BN_clear_free>>;
using BioPtr = std::unique_ptr<BIO, FreedBy<BIO_free_all>>;
using Pkcs7Ptr = std::unique_ptr<PKCS7, FreedBy<PKCS7_free>>;
using Pkcs7SignedPtr = std::unique_ptr<PKCS7_SIGNED, FreedBy<PKCS7_SIGNED_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreedBy<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, FreedBy<X509_STORE_CTX_free>>;
using StackPtr = std::unique_ptr<STACK_OF(X509), StackFreed>;
using CrlStackPtr = std::unique_ptr<STACK_OF(X509_CRL), CrlStackFreed>;
template <typename T>
using MemoryPtr = std::unique_ptr<T, FreedByOpenssl>;

/// While one lives, errors that OpenSSL queues are ours; they are gone when it dies, older ones
/// stay.
class QuietErrors {
 public:
  QuietErrors() { ERR_set_mark(); }
  ~QuietErrors() { ERR_pop_to_mark(); }
  QuietErrors(const QuietErrors&) = delete;             // a mark is popped once
  QuietErrors& operator=(const QuietErrors&) = delete;  // same
};

/// What SM2 signatures hash beside the message where nobody agreed on something else (GM/T 0009,
/// 10).
inline constexpr std::string_view kSm2Id = "1234567812345678";

/// One certificate and no octet more, at most 1 MiB, with the SM2 id set. Throws bad_input.
[[nodiscard]] X509Ptr decode_certificate(base::ByteView der);

/// The DER of a certificate.
[[nodiscard]] base::Bytes encode(const X509* certificate);

/// True for SM2 with SM3; OpenSSL 3.0 knows no other SM2 signature.
[[nodiscard]] bool signed_by_sm2(int signature_nid);

/// A Time or GeneralizedTime of the years 1950 to 9999, absent otherwise.
[[nodiscard]] std::optional<base::Time> time_of(const ASN1_TIME* time);

/// Any ASN.1 string in UTF-8; octets that are not what the type promises may be GBK.
[[nodiscard]] std::string text_of(const ASN1_STRING* text);

/// RFC 2253 in UTF-8; GBK in a type meant for Latin text is shown as GBK. Throws bad_input.
[[nodiscard]] std::string name_text(const X509_NAME* name);

/// Hexadecimal, no leading "00" octet; "-" before a negative one. Throws bad_input.
[[nodiscard]] std::string serial_text(const ASN1_INTEGER* serial);

/// "1.2.156.10260.4.1.4".
[[nodiscard]] std::string dotted(const ASN1_OBJECT* object);

}  // namespace ukey::x509
