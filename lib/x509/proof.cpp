#include "x509/proof.hpp"

#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <array>

#include "base/error.hpp"
#include "x509/openssl.hpp"

namespace ukey::x509 {

namespace {

using base::Bytes;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreedBy<EVP_PKEY_CTX_free>>;
using Sample = std::array<unsigned char, 32>;

template <typename T, typename Encode>
Bytes der_of(T* object, const Encode& encode) {
  unsigned char* octets = nullptr;
  const int size = encode(object, &octets);
  if (size <= 0) throw base::Error{base::Code::bad_input};
  const MemoryPtr<unsigned char> owned{octets};
  return {octets, octets + size};
}

Sample random_sample() {
  Sample sample{};
  if (RAND_bytes(sample.data(), static_cast<int>(sample.size())) != 1)
    throw base::Error{base::Code::bug, "RAND_bytes"};
  return sample;
}

KeyContextPtr context_of(EVP_PKEY* key) {
  return KeyContextPtr{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
}

bool recovers(EVP_PKEY* key, EVP_PKEY* open) {
  const auto sample = random_sample();
  const auto seal = context_of(open);
  if (!seal || EVP_PKEY_encrypt_init(seal.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(seal.get(), RSA_PKCS1_PADDING) <= 0)
    return false;
  std::size_t size = static_cast<std::size_t>(EVP_PKEY_get_size(open));
  Bytes sealed(size);
  if (EVP_PKEY_encrypt(seal.get(), sealed.data(), &size, sample.data(), sample.size()) <= 0)
    return false;
  sealed.resize(size);
  const auto unseal = context_of(key);
  if (!unseal || EVP_PKEY_decrypt_init(unseal.get()) <= 0 ||
      EVP_PKEY_CTX_set_rsa_padding(unseal.get(), RSA_PKCS1_PADDING) <= 0)
    return false;
  Bytes plain(sealed.size());
  size = plain.size();
  if (EVP_PKEY_decrypt(unseal.get(), plain.data(), &size, sealed.data(), sealed.size()) <= 0)
    return false;
  return size == sample.size() && std::equal(sample.begin(), sample.end(), plain.begin());
}

Bytes shared_secret(EVP_PKEY* mine, EVP_PKEY* theirs) {
  const auto context = context_of(mine);
  std::size_t size = 0;
  if (!context || EVP_PKEY_derive_init(context.get()) <= 0 ||
      EVP_PKEY_derive_set_peer(context.get(), theirs) <= 0 ||
      EVP_PKEY_derive(context.get(), nullptr, &size) <= 0)
    return {};
  Bytes secret(size);
  if (EVP_PKEY_derive(context.get(), secret.data(), &size) <= 0) return {};
  secret.resize(size);
  return secret;
}

bool agrees(EVP_PKEY* key, EVP_PKEY* open) {
  const auto context = context_of(open);
  EVP_PKEY* made = nullptr;
  if (!context || EVP_PKEY_keygen_init(context.get()) <= 0 ||
      EVP_PKEY_keygen(context.get(), &made) <= 0)
    return false;
  const KeyPtr fleeting{made};
  const auto ours = shared_secret(key, fleeting.get());
  return !ours.empty() && ours == shared_secret(fleeting.get(), open);
}

}  // namespace

CertificateFields fields_of(base::ByteView certificate) {
  const auto decoded = decode_certificate(certificate);
  return {der_of(X509_get_subject_name(decoded.get()), i2d_X509_NAME),
          der_of(X509_get_issuer_name(decoded.get()), i2d_X509_NAME),
          der_of(X509_get0_serialNumber(decoded.get()), i2d_ASN1_INTEGER)};
}

bool proves_signing(EVP_PKEY* key, base::ByteView certificate) {
  const auto decoded = decode_certificate(certificate);
  const QuietErrors quiet;
  EVP_PKEY* open = X509_get0_pubkey(decoded.get());
  const auto sample = random_sample();
  const DigestPtr signing{EVP_MD_CTX_new()};
  if (open == nullptr ||
      EVP_DigestSignInit(signing.get(), nullptr, EVP_sha256(), nullptr, key) <= 0)
    return false;
  std::size_t size = 0;
  if (EVP_DigestSign(signing.get(), nullptr, &size, sample.data(), sample.size()) <= 0)
    return false;
  Bytes signature(size);
  if (EVP_DigestSign(signing.get(), signature.data(), &size, sample.data(), sample.size()) <= 0)
    return false;
  const DigestPtr verifying{EVP_MD_CTX_new()};
  return EVP_DigestVerifyInit(verifying.get(), nullptr, EVP_sha256(), nullptr, open) > 0 &&
         EVP_DigestVerify(verifying.get(), signature.data(), size, sample.data(), sample.size()) ==
             1;
}

bool proves_decryption(EVP_PKEY* key, base::ByteView certificate) {
  const auto decoded = decode_certificate(certificate);
  const QuietErrors quiet;
  EVP_PKEY* open = X509_get0_pubkey(decoded.get());
  if (open == nullptr) return false;
  return EVP_PKEY_is_a(open, "RSA") == 1 ? recovers(key, open) : agrees(key, open);
}

}  // namespace ukey::x509
