#include "x509/certificate.hpp"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "x509/holder.hpp"
#include "x509/name.hpp"
#include "x509/openssl.hpp"
#include "x509/parts.hpp"

namespace ukey::x509 {

namespace {

std::string short_name(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  return nid == NID_undef ? dotted(object) : OBJ_nid2sn(nid);
}

NameParts parts_of(const X509_NAME* name) {
  NameParts parts;
  for (int i = 0; i < X509_NAME_entry_count(name); ++i) {
    const auto* entry = X509_NAME_get_entry(name, i);
    parts.emplace_back(short_name(X509_NAME_ENTRY_get_object(entry)),
                       text_of(X509_NAME_ENTRY_get_data(entry)));
  }
  return parts;
}

/// By NIST's name ("P-256") or the name OpenSSL has ("SM2", "brainpoolP256r1").
std::string curve_name(const EVP_PKEY* key) {
  std::array<char, 64> group{};
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) != 1) return "ec";
  const int nid = OBJ_txt2nid(group.data());
  if (nid == NID_sm2) return "sm2";
  if (nid == NID_X9_62_prime256v1) return "ec-p256";
  if (nid == NID_secp384r1) return "ec-p384";
  if (nid == NID_secp521r1) return "ec-p521";
  return "ec-" + base::ascii_lower(group.data());
}

std::string algorithm_of(const X509* certificate) {
  ASN1_OBJECT* algorithm = nullptr;
  X509_PUBKEY_get0_param(&algorithm, nullptr, nullptr, nullptr, X509_get_X509_PUBKEY(certificate));
  if (OBJ_obj2nid(algorithm) == NID_sm2) return "sm2";
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1)
    return "rsa-" + std::to_string(EVP_PKEY_get_bits(key));
  if (key != nullptr && (EVP_PKEY_is_a(key, "EC") == 1 || EVP_PKEY_is_a(key, "SM2") == 1))
    return curve_name(key);
  const int nid = OBJ_obj2nid(algorithm);
  return nid == NID_undef ? dotted(algorithm) : base::ascii_lower(OBJ_nid2sn(nid));
}

model::Role role_of(X509* certificate) {
  const auto flags = X509_get_extension_flags(certificate);
  const bool restricted = (flags & EXFLAG_KUSAGE) != 0;
  const auto usage = restricted ? X509_get_key_usage(certificate) : 0;
  if ((flags & EXFLAG_CA) != 0 || (usage & KU_KEY_CERT_SIGN) != 0) return model::Role::ca;
  if (!restricted) {  // an extension that is there but unreadable does not free the key
    const bool unreadable = X509_get_ext_by_NID(certificate, NID_key_usage, -1) >= 0;
    return unreadable ? model::Role::other : model::Role::sign_encrypt;
  }
  const bool signs = (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
  const bool encrypts =
      (usage & (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)) != 0;
  if (signs && encrypts) return model::Role::sign_encrypt;
  if (signs) return model::Role::sign;
  return encrypts ? model::Role::encrypt : model::Role::other;
}

base::ByteView octets_of(const ASN1_OCTET_STRING* string) {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::vector<Extension> extensions_of(const X509* certificate) {
  std::vector<Extension> all;
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    auto* extension = X509_get_ext(certificate, i);
    const auto value = octets_of(X509_EXTENSION_get_data(extension));
    all.push_back(
        {dotted(X509_EXTENSION_get_object(extension)), base::Bytes(value.begin(), value.end())});
  }
  return all;
}

}  // namespace

model::Certificate parse_certificate(base::ByteView der) {
  const QuietErrors quiet;
  const auto certificate = decode_certificate(der);
  auto* x = certificate.get();
  const auto from = time_of(X509_get0_notBefore(x));
  const auto to = time_of(X509_get0_notAfter(x));
  if (!from || !to) throw base::Error{base::Code::bad_input};

  model::Certificate out;
  out.der.assign(der.begin(), der.end());
  out.subject = name_text(X509_get_subject_name(x));
  out.issuer = name_text(X509_get_issuer_name(x));
  out.issuer_parts = parts_of(X509_get_issuer_name(x));
  out.serial = serial_text(X509_get0_serialNumber(x));
  out.not_before = *from;
  out.not_after = *to;
  out.algorithm = algorithm_of(x);
  out.sha256 = sha256(der);
  out.role = role_of(x);
  out.holder = read_holder(parts_of(X509_get_subject_name(x)), out.issuer_parts, extensions_of(x));
  if (const auto* id = X509_get0_subject_key_id(x)) out.subject_key_id = base::hex(octets_of(id));
  return out;
}

}  // namespace ukey::x509
