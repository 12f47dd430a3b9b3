#include "x509/key.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "x509/der.hpp"
#include "x509/openssl.hpp"

namespace ukey::x509 {

namespace {

BnPtr number(const EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) throw base::Error{base::Code::not_supported};
  return BnPtr{value};
}

base::Bytes shortest(const EVP_PKEY* key, const char* name) {
  const auto value = number(key, name);
  base::Bytes out(static_cast<std::size_t>(BN_num_bytes(value.get())));
  BN_bn2bin(value.get(), out.data());
  return out;
}

base::Bytes fixed(const EVP_PKEY* key, const char* name, std::size_t size) {
  const auto value = number(key, name);
  base::Bytes out(size);
  if (BN_bn2binpad(value.get(), out.data(), static_cast<int>(size)) < 0)
    throw base::Error{base::Code::not_supported};
  return out;
}

std::size_t field_size(const EVP_PKEY* key) {
  return (static_cast<std::size_t>(std::max(EVP_PKEY_get_bits(key), 0)) + 7) / 8;
}

/// 04||X||Y.
base::Bytes point(const EVP_PKEY* key) {
  const auto size = field_size(key);
  base::Bytes out{0x04};
  for (const auto* name : {OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y}) {
    const auto half = fixed(key, name, size);
    out.insert(out.end(), half.begin(), half.end());
  }
  return out;
}

base::ByteView stripped(base::ByteView number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  return number;
}

bool equal(base::ByteView a, base::ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

/// The point in what a token calls CKA_EC_POINT, when `size` octets of it can be a point of the
/// certificate's curve.
base::ByteView unwrapped(base::ByteView value, std::size_t size) {
  if (value.size() == size) return value;
  auto rest = value;
  const auto element = take(rest);
  if (!element || !rest.empty()) return value;
  if (element->is(kOctetString)) return element->content;
  if (element->is(kBitString) && !element->content.empty()) return element->content.subspan(1);
  return value;
}

std::optional<bool> same_point(base::ByteView mine, base::ByteView value) {
  const auto theirs = unwrapped(value, mine.size());
  if (theirs.size() == mine.size()) return equal(mine, theirs);
  if (theirs.size() + 1 == mine.size()) return equal(mine.subspan(1), theirs);  // X||Y alone
  const auto x = mine.subspan(1, mine.size() / 2);
  if (theirs.size() == x.size() + 1 && (theirs[0] == 2 || theirs[0] == 3))
    return equal(x, theirs.subspan(1)) && (theirs[0] & 1) == (mine.back() & 1);
  if (theirs.size() % 2 == 1 && theirs[0] == 4) return false;  // a point of another curve
  return std::nullopt;
}

}  // namespace

void Key::Freed::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Key Key::generate(KeyKind kind) {
  const QuietErrors quiet;
  EVP_PKEY* key = nullptr;
  switch (kind) {
    case KeyKind::rsa_2048:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", size_t{2048});
      break;
    case KeyKind::ec_p256:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
      break;
    case KeyKind::sm2:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2");
      break;
  }
  if (key == nullptr) throw base::Error{base::Code::bug};
  return Key{key};
}

Key Key::from_pkcs8(base::ByteView der) {
  const QuietErrors quiet;
  const unsigned char* at = der.data();
  const Pkcs8Ptr info{d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size()))};
  if (!info || at != der.data() + der.size()) throw base::Error{base::Code::bad_input};
  auto* key = EVP_PKCS82PKEY(info.get());
  if (key == nullptr) throw base::Error{base::Code::bad_input};
  return Key{key};
}

base::Bytes Key::pkcs8() const {
  const QuietErrors quiet;
  const Pkcs8Ptr info{EVP_PKEY2PKCS8(get())};
  unsigned char* out = nullptr;
  const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &out) : -1;
  const MemoryPtr<unsigned char> owned{out};
  if (size <= 0) throw base::Error{base::Code::bug};
  base::Bytes der(out, out + size);
  OPENSSL_cleanse(out, static_cast<std::size_t>(size));
  return der;
}

base::Bytes Key::public_der() const {
  const QuietErrors quiet;
  unsigned char* out = nullptr;
  const int size = i2d_PUBKEY(get(), &out);
  const MemoryPtr<unsigned char> owned{out};
  if (size <= 0) throw base::Error{base::Code::bug};
  return {out, out + size};
}

bool Key::is_rsa() const { return EVP_PKEY_is_a(get(), "RSA") == 1; }
bool Key::is_sm2() const { return EVP_PKEY_is_a(get(), "SM2") == 1; }

RsaParts Key::rsa() const {
  const QuietErrors quiet;
  const auto part = [this](const char* name) { return shortest(get(), name); };
  return {part(OSSL_PKEY_PARAM_RSA_N),         part(OSSL_PKEY_PARAM_RSA_E),
          part(OSSL_PKEY_PARAM_RSA_D),         part(OSSL_PKEY_PARAM_RSA_FACTOR1),
          part(OSSL_PKEY_PARAM_RSA_FACTOR2),   part(OSSL_PKEY_PARAM_RSA_EXPONENT1),
          part(OSSL_PKEY_PARAM_RSA_EXPONENT2), part(OSSL_PKEY_PARAM_RSA_COEFFICIENT1)};
}

EcParts Key::ec() const {
  const QuietErrors quiet;
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(get(), group.data(), group.size(), &size) != 1)
    throw base::Error{base::Code::not_supported};
  unsigned char* out = nullptr;
  const int length = i2d_ASN1_OBJECT(OBJ_nid2obj(OBJ_txt2nid(group.data())), &out);
  const MemoryPtr<unsigned char> owned{out};
  const auto bare = point(get());
  if (length <= 0 || bare.size() > 127) throw base::Error{base::Code::not_supported};
  EcParts parts;
  parts.params.assign(out, out + length);
  parts.point = {0x04, static_cast<std::uint8_t>(bare.size())};
  parts.point.insert(parts.point.end(), bare.begin(), bare.end());
  parts.scalar = fixed(get(), OSSL_PKEY_PARAM_PRIV_KEY, field_size(get()));
  return parts;
}

std::optional<bool> same_key(const model::Certificate& certificate, const model::PublicKey& key) {
  const QuietErrors quiet;
  const auto x = decode_certificate(certificate.der);
  const EVP_PKEY* mine = X509_get0_pubkey(x.get());
  const bool has_rsa = !key.modulus.empty() && !key.exponent.empty();
  const bool has_ec = !key.ec_point.empty();
  if (mine == nullptr || (!has_rsa && !has_ec)) return std::nullopt;
  if (EVP_PKEY_is_a(mine, "RSA") == 1) {
    if (!has_rsa) return false;
    return equal(shortest(mine, OSSL_PKEY_PARAM_RSA_N), stripped(key.modulus)) &&
           equal(shortest(mine, OSSL_PKEY_PARAM_RSA_E), stripped(key.exponent));
  }
  if (EVP_PKEY_is_a(mine, "EC") != 1 && EVP_PKEY_is_a(mine, "SM2") != 1) return std::nullopt;
  if (!has_ec) return false;
  return same_point(point(mine), key.ec_point);
}

}  // namespace ukey::x509
