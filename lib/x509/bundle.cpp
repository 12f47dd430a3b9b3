#include "x509/bundle.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "x509/openssl.hpp"

namespace ukey::x509 {

namespace {

constexpr std::size_t kLargestBundle = 16U << 20;
constexpr std::size_t kMostCertificates = 100;
constexpr std::string_view kGmSignedData = "1.2.156.10197.6.1.4.2.2";

[[noreturn]] void refuse() { throw base::Error{base::Code::bad_input}; }

void add(std::vector<base::Bytes>& to, base::ByteView der) {
  if (to.size() == kMostCertificates) refuse();
  to.emplace_back(der.begin(), der.end());
}

void add_certificate(Bundle& bundle, base::ByteView der) {
  (void)decode_certificate(der);
  add(bundle.certificates, der);
}

bool is_crl(base::ByteView der) {
  const unsigned char* at = der.data();
  const CrlPtr crl{d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size()))};
  return crl && at == der.data() + der.size();
}

void add_crl(Bundle& bundle, base::ByteView der) {
  if (!is_crl(der)) refuse();
  add(bundle.crls, der);
}

void add_all(Bundle& bundle, const STACK_OF(X509) * certificates, const STACK_OF(X509_CRL) * crls) {
  for (int i = 0; i < sk_X509_num(certificates); ++i)
    add_certificate(bundle, encode(sk_X509_value(certificates, i)));
  for (int i = 0; i < sk_X509_CRL_num(crls); ++i) {
    unsigned char* out = nullptr;
    const int size = i2d_X509_CRL(sk_X509_CRL_value(crls, i), &out);
    const MemoryPtr<unsigned char> owned{out};
    if (size <= 0) refuse();
    add_crl(bundle, {out, static_cast<std::size_t>(size)});
  }
}

/// GM/T 0010 changes the OIDs and keeps the structure, so the content of an unknown type is read as
/// signedData.
Pkcs7SignedPtr gm_signed_data(const PKCS7& p7) {
  if (dotted(p7.type) != kGmSignedData || p7.d.other == nullptr ||
      p7.d.other->type != V_ASN1_SEQUENCE)
    return nullptr;
  const ASN1_STRING* content = p7.d.other->value.sequence;
  const unsigned char* at = ASN1_STRING_get0_data(content);
  return Pkcs7SignedPtr{d2i_PKCS7_SIGNED(nullptr, &at, ASN1_STRING_length(content))};
}

bool add_pkcs7(Bundle& bundle, base::ByteView der) {
  const unsigned char* at = der.data();
  const Pkcs7Ptr p7{d2i_PKCS7(nullptr, &at, static_cast<long>(der.size()))};
  if (!p7 || at != der.data() + der.size()) return false;
  if (PKCS7_type_is_signed(p7.get()) && p7->d.sign != nullptr)
    add_all(bundle, p7->d.sign->cert, p7->d.sign->crl);
  else if (PKCS7_type_is_signedAndEnveloped(p7.get()) && p7->d.signed_and_enveloped != nullptr)
    add_all(bundle, p7->d.signed_and_enveloped->cert, p7->d.signed_and_enveloped->crl);
  else if (const auto gm = gm_signed_data(*p7))
    add_all(bundle, gm->cert, gm->crl);
  else
    return false;
  return true;
}

void add_pem(Bundle& bundle, std::string_view text) {
  const BioPtr in{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  if (!in) throw base::Error{base::Code::bug};
  for (;;) {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    const bool read = PEM_read_bio(in.get(), &name, &header, &data, &size) == 1;
    const MemoryPtr<char> owned_name{name}, owned_header{header};
    const MemoryPtr<unsigned char> owned_data{data};
    if (!read) {
      if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) refuse();
      return;
    }
    const std::string_view kind{name};
    const base::ByteView der{data, static_cast<std::size_t>(size)};
    if (kind == PEM_STRING_X509 || kind == PEM_STRING_X509_OLD)
      add_certificate(bundle, der);
    else if (kind == PEM_STRING_X509_CRL)
      add_crl(bundle, der);
    else if ((kind == PEM_STRING_PKCS7 || kind == PEM_STRING_CMS) && !add_pkcs7(bundle, der))
      refuse();
  }
}

/// What CA web services hand out: base64 alone, perhaps in lines. Empty when it is anything else.
base::Bytes unarmoured(std::string_view text) {
  std::string packed;
  for (const char c : text)
    if (c != '\r' && c != '\n' && c != ' ' && c != '\t') packed.push_back(c);
  if (packed.empty() || packed.size() % 4 != 0 || packed.front() != 'M') return {};
  base::Bytes out(packed.size() / 4 * 3);
  const int size =
      EVP_DecodeBlock(out.data(), base::as_bytes(packed).data(), static_cast<int>(packed.size()));
  if (size < 0) return {};
  const auto padding = std::min<std::size_t>(packed.size() - packed.find_last_not_of('=') - 1, 2);
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

void add_der(Bundle& bundle, base::ByteView der) {
  if (add_pkcs7(bundle, der)) return;
  if (is_crl(der)) return add(bundle.crls, der);
  add_certificate(bundle, der);
}

}  // namespace

Bundle read_bundle(base::ByteView file) {
  const QuietErrors quiet;
  if (file.empty() || file.size() > kLargestBundle) refuse();
  Bundle bundle;
  const auto text = base::as_text(file);
  if (file.front() == 0x30)
    add_der(bundle, file);
  else if (const auto begin = text.find("-----BEGIN "); begin != std::string_view::npos)
    add_pem(bundle, text.substr(begin));
  else if (const auto der = unarmoured(text); !der.empty())
    add_der(bundle, der);
  if (bundle.certificates.empty() && bundle.crls.empty()) refuse();
  return bundle;
}

std::vector<base::Bytes> certificates_in(base::ByteView file) {
  auto bundle = read_bundle(file);
  if (bundle.certificates.empty()) refuse();
  return std::move(bundle.certificates);
}

std::string pem(base::ByteView der) {
  const BioPtr out{BIO_new(BIO_s_mem())};
  if (!out ||
      PEM_write_bio(out.get(), PEM_STRING_X509, "", der.data(), static_cast<long>(der.size())) <= 0)
    throw base::Error{base::Code::bug};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace ukey::x509
