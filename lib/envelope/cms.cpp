#include "envelope/cms.hpp"

#include <functional>

#include "base/text.hpp"
#include "x509/der.hpp"
#include "x509/name.hpp"

namespace ukey::envelope {

namespace {

constexpr int kMostRecipients = 1'000;
constexpr std::uint8_t kSequenceTag = 0x30;
constexpr std::uint8_t kContentTag = 0xa0;
constexpr std::uint8_t kEnvelopedOid[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                          0xf7, 0x0d, 0x01, 0x07, 0x03};
constexpr std::uint8_t kAuthEnvelopedOid[] = {0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                              0x0d, 0x01, 0x09, 0x10, 0x01, 0x17};

/// One DER element of definite length around these.
base::Bytes wrapped(std::uint8_t tag, std::initializer_list<base::ByteView> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  base::Bytes out{tag};
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    out.push_back(0x84);
    for (int shift = 24; shift >= 0; shift -= 8)
      out.push_back(static_cast<std::uint8_t>(size >> shift));
  }
  for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

std::string name_of(const ASN1_OBJECT* object) {
  const int nid = OBJ_obj2nid(object);
  return nid == NID_undef ? x509::dotted(object) : base::ascii_lower(OBJ_nid2ln(nid));
}

model::EnvelopeRecipient named(const X509_NAME* issuer, const ASN1_INTEGER* serial,
                               const ASN1_OCTET_STRING* key_id, const X509_ALGOR* algorithm) {
  model::EnvelopeRecipient out;
  if (issuer != nullptr) out.issuer = x509::name_text(issuer);
  if (serial != nullptr) out.serial = x509::serial_text(serial);
  if (key_id != nullptr)
    out.key_id = base::hex(
        {ASN1_STRING_get0_data(key_id), static_cast<std::size_t>(ASN1_STRING_length(key_id))});
  const ASN1_OBJECT* object = nullptr;
  if (algorithm != nullptr) X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
  if (object != nullptr) out.algorithm = name_of(object);
  return out;
}

void add_agreed(std::vector<model::EnvelopeRecipient>& out, CMS_RecipientInfo* info) {
  X509_ALGOR* algorithm = nullptr;
  ASN1_OCTET_STRING* material = nullptr;
  CMS_RecipientInfo_kari_get0_alg(info, &algorithm, &material);
  const auto* keys = CMS_RecipientInfo_kari_get0_reks(info);
  for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num(keys); ++i) {
    ASN1_OCTET_STRING* key_id = nullptr;
    X509_NAME* issuer = nullptr;
    ASN1_INTEGER* serial = nullptr;
    CMS_RecipientEncryptedKey_get0_id(sk_CMS_RecipientEncryptedKey_value(keys, i), &key_id, nullptr,
                                      nullptr, &issuer, &serial);
    out.push_back(named(issuer, serial, key_id, algorithm));
  }
}

void add_transported(std::vector<model::EnvelopeRecipient>& out, CMS_RecipientInfo* info) {
  ASN1_OCTET_STRING* key_id = nullptr;
  X509_NAME* issuer = nullptr;
  ASN1_INTEGER* serial = nullptr;
  X509_ALGOR* algorithm = nullptr;
  CMS_RecipientInfo_ktri_get0_algs(info, nullptr, nullptr, &algorithm);
  CMS_RecipientInfo_ktri_get0_signer_id(info, &key_id, &issuer, &serial);
  out.push_back(named(issuer, serial, key_id, algorithm));
}

/// Calls for each recipient that the certificate names, with its encrypted key when the key is
/// agreed upon; true as soon as a call is.
using Try = std::function<bool(CMS_RecipientInfo*, CMS_RecipientEncryptedKey*)>;

bool any_named(CMS_ContentInfo* cms, X509* certificate, const Try& tried) {
  auto* infos = CMS_get0_RecipientInfos(cms);
  for (int i = 0; i < sk_CMS_RecipientInfo_num(infos); ++i) {
    auto* info = sk_CMS_RecipientInfo_value(infos, i);
    if (CMS_RecipientInfo_type(info) == CMS_RECIPINFO_TRANS &&
        CMS_RecipientInfo_ktri_cert_cmp(info, certificate) == 0 && tried(info, nullptr))
      return true;
    if (CMS_RecipientInfo_type(info) != CMS_RECIPINFO_AGREE) continue;
    auto* keys = CMS_RecipientInfo_kari_get0_reks(info);
    for (int k = 0; k < sk_CMS_RecipientEncryptedKey_num(keys); ++k) {
      auto* key = sk_CMS_RecipientEncryptedKey_value(keys, k);
      if (CMS_RecipientEncryptedKey_cert_cmp(key, certificate) == 0 && tried(info, key))
        return true;
    }
  }
  return false;
}

bool transported(CMS_ContentInfo* cms, CMS_RecipientInfo* info, EVP_PKEY* key) {
  EVP_PKEY_up_ref(key);
  if (CMS_RecipientInfo_set0_pkey(info, key) != 1) {
    EVP_PKEY_free(key);
    return false;
  }
  const bool done = CMS_RecipientInfo_decrypt(cms, info) > 0;
  CMS_RecipientInfo_set0_pkey(info, nullptr);
  return done;
}

bool agreed(CMS_ContentInfo* cms, CMS_RecipientInfo* info, CMS_RecipientEncryptedKey* encrypted,
            EVP_PKEY* key) {
  if (CMS_RecipientInfo_kari_set0_pkey(info, key) != 1) return false;
  const bool done = CMS_RecipientInfo_kari_decrypt(cms, info, encrypted) > 0;
  CMS_RecipientInfo_kari_set0_pkey(info, nullptr);
  return done;
}

}  // namespace

CmsPtr decode(const Frame& frame) {
  const x509::QuietErrors quiet;
  const bool authenticated = frame.kind == model::EnvelopeKind::auth_enveloped;
  const auto info = wrapped(kSequenceTag, {frame.content_type, frame.algorithm});
  const auto data =
      wrapped(kSequenceTag, {frame.version, frame.originator, frame.recipients, info, frame.mac});
  const auto der = wrapped(kSequenceTag, {authenticated ? base::ByteView{kAuthEnvelopedOid}
                                                        : base::ByteView{kEnvelopedOid},
                                          wrapped(kContentTag, {data})});
  const unsigned char* at = der.data();
  CmsPtr cms{d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(der.size()))};
  if (!cms || at != der.data() + der.size()) refuse();
  return cms;
}

std::vector<model::EnvelopeRecipient> recipients_of(CMS_ContentInfo* cms) {
  const x509::QuietErrors quiet;
  std::vector<model::EnvelopeRecipient> out;
  auto* infos = CMS_get0_RecipientInfos(cms);
  if (sk_CMS_RecipientInfo_num(infos) > kMostRecipients) refuse();
  for (int i = 0; i < sk_CMS_RecipientInfo_num(infos); ++i) {
    auto* info = sk_CMS_RecipientInfo_value(infos, i);
    const int type = CMS_RecipientInfo_type(info);
    if (type == CMS_RECIPINFO_TRANS)
      add_transported(out, info);
    else if (type == CMS_RECIPINFO_AGREE)
      add_agreed(out, info);
    else
      out.emplace_back();
    if (out.size() > kMostRecipients) refuse();
  }
  return out;
}

bool is_for(CMS_ContentInfo* cms, X509* certificate) {
  const x509::QuietErrors quiet;
  return any_named(cms, certificate, [](auto*, auto*) { return true; });
}

bool unlock(CMS_ContentInfo* cms, X509* certificate, EVP_PKEY* key) {
  return any_named(cms, certificate, [&](auto* info, auto* encrypted) {
    return encrypted == nullptr ? transported(cms, info, key) : agreed(cms, info, encrypted, key);
  });
}

std::string algorithm_of(const Frame& frame) {
  const x509::QuietErrors quiet;
  const unsigned char* at = frame.algorithm.data();
  const std::unique_ptr<X509_ALGOR, x509::FreedBy<X509_ALGOR_free>> algorithm{
      d2i_X509_ALGOR(nullptr, &at, static_cast<long>(frame.algorithm.size()))};
  if (!algorithm) refuse();
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm.get());
  return name_of(object);
}

}  // namespace ukey::envelope
