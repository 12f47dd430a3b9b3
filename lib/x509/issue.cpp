#include "x509/issue.hpp"

#include <openssl/rand.h>

#include "base/error.hpp"
#include "x509/openssl.hpp"

namespace ukey::x509 {

namespace {

/// OpenSSL answers 1, or a positive length; what it refuses was asked for by the request.
void must(bool done) {
  if (!done) throw base::Error{base::Code::bad_input};
}

TimePtr asn1_time(base::Time at) {
  std::string digits;
  for (const char c : base::rfc3339(at))
    if ((c >= '0' && c <= '9') || c == 'Z') digits.push_back(c);
  TimePtr time{ASN1_TIME_new()};
  must(time && ASN1_TIME_set_string_X509(time.get(), digits.c_str()) == 1);
  return time;
}

IntegerPtr asn1_integer(base::ByteView octets) {
  const BnPtr number{BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr)};
  IntegerPtr integer{number ? BN_to_ASN1_INTEGER(number.get(), nullptr) : nullptr};
  must(integer != nullptr);
  return integer;
}

base::Bytes serial_or_random(const base::Bytes& serial) {
  if (!serial.empty()) return serial;
  base::Bytes random(16);
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1)
    throw base::Error{base::Code::bug};
  random.front() = (random.front() & 0x3f) | 0x40;  // positive, and always of the same length
  return random;
}

NamePtr asn1_name(const NameParts& parts) {
  NamePtr name{X509_NAME_new()};
  for (const auto& [attribute, value] : parts)
    must(X509_NAME_add_entry_by_txt(name.get(), attribute.c_str(), MBSTRING_UTF8,
                                    base::as_bytes(value).data(), static_cast<int>(value.size()),
                                    -1, 0) == 1);
  return name;
}

/// The subject, octet for octet where its DER is given.
NamePtr subject_of(const IssueRequest& request) {
  if (request.subject_name.empty()) return asn1_name(request.subject);
  const unsigned char* at = request.subject_name.data();
  NamePtr name{d2i_X509_NAME(nullptr, &at, static_cast<long>(request.subject_name.size()))};
  must(name && at == request.subject_name.data() + request.subject_name.size());
  return name;
}

void add_usage(X509* certificate, const std::vector<KeyUsage>& usage) {
  if (usage.empty()) return;
  const BitStringPtr bits{ASN1_BIT_STRING_new()};
  for (const auto bit : usage)
    must(ASN1_BIT_STRING_set_bit(bits.get(), static_cast<int>(bit), 1) == 1);
  must(X509_add1_ext_i2d(certificate, NID_key_usage, bits.get(), 1, 0) == 1);
}

void add_ca(X509* certificate) {
  const BasicConstraintsPtr constraints{BASIC_CONSTRAINTS_new()};
  must(constraints != nullptr);
  constraints->ca = 0xff;
  must(X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints.get(), 1, 0) == 1);
}

/// Method 1 of RFC 5280, 4.2.1.2: SHA-1 of the public key's bits.
OctetsPtr key_id_of(X509* certificate) {
  base::Bytes digest(20);
  unsigned size = 0;
  must(X509_pubkey_digest(certificate, EVP_sha1(), digest.data(), &size) == 1);
  OctetsPtr id{ASN1_OCTET_STRING_new()};
  must(id && ASN1_OCTET_STRING_set(id.get(), digest.data(), static_cast<int>(size)) == 1);
  return id;
}

void add_key_ids(X509* certificate, X509* issuer) {
  const auto own = key_id_of(certificate);
  must(X509_add1_ext_i2d(certificate, NID_subject_key_identifier, own.get(), 0, 0) == 1);
  const auto* known = issuer != nullptr ? X509_get0_subject_key_id(issuer) : own.get();
  if (known == nullptr) return;  // the issuer has none to name
  const KeyIdPtr authority{AUTHORITY_KEYID_new()};
  must(authority != nullptr);
  authority->keyid = ASN1_OCTET_STRING_dup(known);
  must(X509_add1_ext_i2d(certificate, NID_authority_key_identifier, authority.get(), 0, 0) == 1);
}

void add_extension(X509* certificate, const Extension& extension) {
  const ObjectPtr oid{OBJ_txt2obj(extension.oid.c_str(), 1)};
  const OctetsPtr value{ASN1_OCTET_STRING_new()};
  must(oid && value &&
       ASN1_OCTET_STRING_set(value.get(), extension.value.data(),
                             static_cast<int>(extension.value.size())) == 1);
  const ExtensionPtr made{X509_EXTENSION_create_by_OBJ(nullptr, oid.get(), 0, value.get())};
  must(made && X509_add_ext(certificate, made.get(), -1) == 1);
}

/// A context that signs as `signer` does; SM2 hashes the default id first.
DigestPtr signing(const Key& signer) {
  DigestPtr context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* key = nullptr;
  const auto* digest = signer.is_sm2() ? EVP_sm3() : EVP_sha256();
  must(context && EVP_DigestSignInit(context.get(), &key, digest, nullptr, signer.get()) == 1);
  if (signer.is_sm2())
    must(EVP_PKEY_CTX_set1_id(key, kSm2Id.data(), static_cast<int>(kSm2Id.size())) > 0);
  return context;
}

void set_issuer(X509* certificate, const IssueRequest& request, X509* issuer) {
  if (request.issuer_name)
    must(X509_set_issuer_name(certificate, asn1_name(*request.issuer_name).get()) == 1);
  else
    must(X509_set_issuer_name(
             certificate, X509_get_subject_name(issuer != nullptr ? issuer : certificate)) == 1);
}

void set_key(X509* certificate, base::ByteView spki) {
  const unsigned char* at = spki.data();
  const KeyPtr key{d2i_PUBKEY(nullptr, &at, static_cast<long>(spki.size()))};
  must(key && at == spki.data() + spki.size() && X509_set_pubkey(certificate, key.get()) == 1);
}

}  // namespace

Extension text_extension(std::string oid, std::string_view text) {
  const StringPtr string{ASN1_STRING_type_new(V_ASN1_UTF8STRING)};
  must(string && ASN1_STRING_set(string.get(), text.data(), static_cast<int>(text.size())) == 1);
  unsigned char* out = nullptr;
  const int size = i2d_ASN1_UTF8STRING(string.get(), &out);
  const MemoryPtr<unsigned char> owned{out};
  must(size > 0);
  return {std::move(oid), base::Bytes(out, out + size)};
}

base::Bytes issue(const IssueRequest& request, const Key& signer) {
  const QuietErrors quiet;
  const X509Ptr made{X509_new()};
  auto* x = made.get();
  X509Ptr issuer;
  if (!request.issuer_certificate.empty()) issuer = decode_certificate(request.issuer_certificate);
  must(x != nullptr && X509_set_version(x, X509_VERSION_3) == 1);
  must(X509_set_serialNumber(x, asn1_integer(serial_or_random(request.serial)).get()) == 1);
  must(X509_set_subject_name(x, subject_of(request).get()) == 1);
  set_issuer(x, request, issuer.get());
  must(X509_set1_notBefore(x, asn1_time(request.not_before).get()) == 1);
  must(X509_set1_notAfter(x, asn1_time(request.not_after).get()) == 1);
  set_key(x, request.subject_key);
  if (request.ca) add_ca(x);
  add_usage(x, request.key_usage);
  if (request.key_identifiers) add_key_ids(x, issuer.get());
  for (const auto& extension : request.extensions) add_extension(x, extension);
  must(X509_sign_ctx(x, signing(signer).get()) > 0);
  return encode(x);
}

base::Bytes issue_crl(const CrlRequest& request, const Key& signer) {
  const QuietErrors quiet;
  const auto issuer = decode_certificate(request.issuer_certificate);
  const CrlPtr crl{X509_CRL_new()};
  const auto revoked_at = asn1_time(request.this_update);
  must(crl && X509_CRL_set_version(crl.get(), X509_CRL_VERSION_2) == 1);
  must(X509_CRL_set_issuer_name(crl.get(), X509_get_subject_name(issuer.get())) == 1);
  must(X509_CRL_set1_lastUpdate(crl.get(), revoked_at.get()) == 1);
  must(X509_CRL_set1_nextUpdate(crl.get(), asn1_time(request.next_update).get()) == 1);
  for (const auto& serial : request.revoked) {
    RevokedPtr entry{X509_REVOKED_new()};
    must(entry && X509_REVOKED_set_serialNumber(entry.get(), asn1_integer(serial).get()) == 1);
    must(X509_REVOKED_set_revocationDate(entry.get(), revoked_at.get()) == 1);
    must(X509_CRL_add0_revoked(crl.get(), entry.release()) == 1);
  }
  X509_CRL_sort(crl.get());
  must(X509_CRL_sign_ctx(crl.get(), signing(signer).get()) > 0);
  unsigned char* out = nullptr;
  const int size = i2d_X509_CRL(crl.get(), &out);
  const MemoryPtr<unsigned char> owned{out};
  must(size > 0);
  return {out, out + size};
}

}  // namespace ukey::x509
