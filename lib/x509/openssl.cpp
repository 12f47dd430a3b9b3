#include "x509/openssl.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::x509 {

namespace {

constexpr std::size_t kMostCertificate = 1U << 20;

}  // namespace

X509Ptr decode_certificate(base::ByteView der) {
  const QuietErrors quiet;
  if (der.empty() || der.size() > kMostCertificate) throw base::Error{base::Code::bad_input};
  const unsigned char* at = der.data();
  X509Ptr certificate{d2i_X509(nullptr, &at, static_cast<long>(der.size()))};
  if (!certificate || at != der.data() + der.size()) throw base::Error{base::Code::bad_input};
  // Only there: an RSA signature with an SM2 id set does not verify.
  if (signed_by_sm2(X509_get_signature_nid(certificate.get()))) {
    OctetsPtr id{ASN1_OCTET_STRING_new()};
    if (!id || ASN1_OCTET_STRING_set(id.get(), base::as_bytes(kSm2Id).data(), kSm2Id.size()) != 1)
      throw base::Error{base::Code::bug};
    X509_set0_distinguishing_id(certificate.get(), id.release());
  }
  return certificate;
}

base::Bytes encode(const X509* certificate) {
  unsigned char* out = nullptr;
  const int size = i2d_X509(certificate, &out);
  const MemoryPtr<unsigned char> owned{out};
  if (size <= 0) throw base::Error{base::Code::bad_input};
  return {out, out + size};
}

bool signed_by_sm2(int signature_nid) { return signature_nid == NID_SM2_with_SM3; }

std::optional<base::Time> time_of(const ASN1_TIME* time) {
  const QuietErrors quiet;
  std::tm tm{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &tm) != 1) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{year{tm.tm_year + 1900}, month{static_cast<unsigned>(tm.tm_mon + 1)},
                            day{static_cast<unsigned>(tm.tm_mday)}};
  if (!date.ok() || date.year() < year{1950} || date.year() > year{9999}) return std::nullopt;
  return sys_days{date} + hours{tm.tm_hour} + minutes{tm.tm_min} + seconds{tm.tm_sec};
}

std::string text_of(const ASN1_STRING* text) {
  const base::ByteView octets{ASN1_STRING_get0_data(text),
                              static_cast<std::size_t>(ASN1_STRING_length(text))};
  const int type = ASN1_STRING_type(text);
  if (type != V_ASN1_BMPSTRING && type != V_ASN1_UNIVERSALSTRING) return base::decoded(octets);
  const QuietErrors quiet;
  unsigned char* out = nullptr;
  const int size = ASN1_STRING_to_UTF8(&out, text);
  const MemoryPtr<unsigned char> owned{out};
  if (size < 0) return base::decoded(octets);
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

std::string dotted(const ASN1_OBJECT* object) {
  std::array<char, 128> text{};
  const int size = OBJ_obj2txt(text.data(), static_cast<int>(text.size()), object, 1);
  if (size <= 0) return {};
  return {text.data(), std::min(static_cast<std::size_t>(size), text.size() - 1)};
}

std::string sha256(base::ByteView octets) {
  base::Bytes digest(32);
  std::size_t size = digest.size();
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, octets.data(), octets.size(), digest.data(),
                   &size) != 1)
    throw base::Error{base::Code::bug};
  return base::hex(digest);
}

}  // namespace ukey::x509
