// What OpenSSL does with a private key, for the tests that lend it one on a token. An empty result
// is a failure.
#pragma once

#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>
#include <string_view>

#include "base/bytes.hpp"

namespace ukey::tests {

template <class T, auto Free>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<T, Free>>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedUse = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedDigest = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedCertificate = Owned<X509, X509_free>;

inline base::Bytes sign(EVP_PKEY* key, std::string_view text, bool pss = false) {
  const OwnedDigest digest{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* use = nullptr;
  if (EVP_DigestSignInit(digest.get(), &use, EVP_sha256(), nullptr, key) != 1) return {};
  if (pss && EVP_PKEY_CTX_set_rsa_padding(use, RSA_PKCS1_PSS_PADDING) != 1) return {};
  base::Bytes out(1024);
  std::size_t size = out.size();
  const auto data = base::as_bytes(text);
  const int done = EVP_DigestSign(digest.get(), out.data(), &size, data.data(), data.size());
  out.resize(done == 1 ? size : 0);
  return out;
}

inline bool verifies(EVP_PKEY* key, std::string_view text, const base::Bytes& signature,
                     bool pss = false) {
  const OwnedDigest digest{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* use = nullptr;
  if (EVP_DigestVerifyInit(digest.get(), &use, EVP_sha256(), nullptr, key) != 1) return false;
  if (pss && EVP_PKEY_CTX_set_rsa_padding(use, RSA_PKCS1_PSS_PADDING) != 1) return false;
  const auto data = base::as_bytes(text);
  return EVP_DigestVerify(digest.get(), signature.data(), signature.size(), data.data(),
                          data.size()) == 1;
}

template <class Init, class Work>
base::Bytes rsa(EVP_PKEY* key, int padding, const base::Bytes& in, Init init, Work work) {
  const OwnedUse use{EVP_PKEY_CTX_new(key, nullptr)};
  base::Bytes out(1024);
  std::size_t size = out.size();
  const bool done = init(use.get()) == 1 && EVP_PKEY_CTX_set_rsa_padding(use.get(), padding) == 1 &&
                    work(use.get(), out.data(), &size, in.data(), in.size()) == 1;
  out.resize(done ? size : 0);
  return out;
}

inline base::Bytes encrypt(EVP_PKEY* key, int padding, const base::Bytes& in) {
  return rsa(key, padding, in, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt);
}

inline base::Bytes decrypt(EVP_PKEY* key, int padding, const base::Bytes& in) {
  return rsa(key, padding, in, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt);
}

/// The public half alone, as a key of OpenSSL's own.
inline OwnedKey public_half(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  const unsigned char* at = der;
  OwnedKey out{size > 0 ? d2i_PUBKEY(nullptr, &at, size) : nullptr};
  OPENSSL_free(der);
  return out;
}

/// A certificate for `key`, signed by it.
inline OwnedCertificate certificate_of(EVP_PKEY* key) {
  OwnedCertificate out{X509_new()};
  X509_set_version(out.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(out.get()), 1);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("practice"), -1, -1, 0);
  X509_set_issuer_name(out.get(), X509_get_subject_name(out.get()));
  X509_gmtime_adj(X509_getm_notBefore(out.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(out.get()), 3600);
  X509_set_pubkey(out.get(), public_half(key).get());
  if (X509_sign(out.get(), key, EVP_sha256()) <= 0) out.reset();
  return out;
}

/// Puts `text` into an envelope for the certificate and opens it with `key`.
inline base::Bytes through_envelope(X509* certificate, EVP_PKEY* key, std::string_view text) {
  const Owned<BIO, BIO_free_all> in{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  STACK_OF(X509)* readers = sk_X509_new_null();
  sk_X509_push(readers, certificate);
  const Owned<CMS_ContentInfo, CMS_ContentInfo_free> envelope{
      CMS_encrypt(readers, in.get(), EVP_aes_256_cbc(), CMS_BINARY)};
  sk_X509_free(readers);
  const Owned<BIO, BIO_free_all> out{BIO_new(BIO_s_mem())};
  if (!envelope ||
      CMS_decrypt(envelope.get(), key, certificate, nullptr, out.get(), CMS_BINARY) != 1)
    return {};
  const char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, data + size};
}

}  // namespace ukey::tests
