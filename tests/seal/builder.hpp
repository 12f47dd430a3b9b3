// Builds electronic seals around a picture, signed by a given maker. Every deviation met in the
// field is an option.
#pragma once

#include <openssl/evp.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "x509/key.hpp"
#include "x509/openssl.hpp"

namespace ukey::test {

using base::Bytes;

enum class Layout { v1, v1_split, v4, v5, v5_stamped };
enum class Extensions { none, untagged, tagged, octets };

struct SealRequest {
  Layout layout = Layout::v4;
  Bytes picture;
  std::string picture_type = "PNG";
  std::string id = "63010000000001";
  std::string name = "演练单位公章";
  std::string vendor = "PRACTICE";
  Bytes times;  ///< createDate, validStart, validEnd whole
  std::vector<Bytes> certificates;
  bool digests = false;  ///< certListType 2: the list holds digests
  Extensions extensions = Extensions::none;
  Bytes maker_certificate;
};

inline Bytes joined(const std::vector<Bytes>& parts) {
  Bytes out;
  for (const auto& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

/// One DER element of at most 16 MiB.
inline Bytes der(std::uint8_t tag, const Bytes& content) {
  const auto size = content.size();
  const auto octet = [size](int shift) { return static_cast<std::uint8_t>(size >> shift); };
  Bytes out{tag};
  if (size < 0x80)
    out.insert(out.end(), {octet(0)});
  else if (size < 0x100)
    out.insert(out.end(), {0x81, octet(0)});
  else if (size < 0x10000)
    out.insert(out.end(), {0x82, octet(8), octet(0)});
  else
    out.insert(out.end(), {0x83, octet(16), octet(8), octet(0)});
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

inline Bytes der(std::uint8_t tag, std::string_view content) {
  const auto view = base::as_bytes(content);
  return der(tag, Bytes(view.begin(), view.end()));
}

inline Bytes sequence(const std::vector<Bytes>& parts) { return der(0x30, joined(parts)); }
inline Bytes number(std::uint8_t value) { return der(0x02, Bytes{value}); }

inline Bytes generalized_times() {
  return joined(
      {der(0x18, "20260131160000Z"), der(0x18, "20260131160000Z"), der(0x18, "20270131155959Z")});
}

inline Bytes utc_times() {
  return joined(
      {der(0x17, "260131160000Z"), der(0x17, "260131160000Z"), der(0x17, "270131155959Z")});
}

inline Bytes certificate_list(const SealRequest& request) {
  std::vector<Bytes> entries;
  for (const auto& certificate : request.certificates) {
    if (request.digests)
      entries.push_back(sequence({der(0x13, "SM3"), der(0x04, Bytes(32, 0x5a))}));
    else
      entries.push_back(der(0x04, certificate));
  }
  return sequence(entries);
}

inline Bytes property(const SealRequest& request) {
  const bool typed = request.layout != Layout::v1 && request.layout != Layout::v1_split;
  std::vector<Bytes> parts{number(typed ? 3 : 1), der(0x0c, request.name)};
  if (typed) parts.push_back(number(request.digests ? 2 : 1));
  parts.push_back(certificate_list(request));
  const auto usual = typed ? generalized_times() : utc_times();
  parts.push_back(request.times.empty() ? usual : request.times);
  return sequence(parts);
}

inline Bytes extensions(Extensions how) {
  // Real seals write the default FALSE of `critical` out.
  const auto list = sequence(
      {sequence({Bytes{0x06, 0x03, 0x2a, 0x03, 0x04}, Bytes{0x01, 0x01, 0x00}, der(0x04, "x")})});
  if (how == Extensions::untagged) return list;
  if (how == Extensions::tagged) return der(0xa0, list);
  if (how == Extensions::octets) return der(0x04, list);
  return {};
}

inline Bytes header(const SealRequest& request, std::uint8_t version) {
  std::vector<Bytes> parts{der(0x16, "ES"), number(version), der(0x16, request.vendor)};
  if (request.layout == Layout::v1_split) parts.push_back(number(9));
  return sequence(parts);
}

/// SM2 with SM3 under the default id, as a BIT STRING.
inline Bytes signature(const Bytes& octets, const x509::Key& maker) {
  const x509::DigestPtr digest{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* context = nullptr;
  std::size_t size = 0;
  if (EVP_DigestSignInit(digest.get(), &context, EVP_sm3(), nullptr, maker.get()) != 1 ||
      EVP_PKEY_CTX_set1_id(context, x509::kSm2Id.data(), static_cast<int>(x509::kSm2Id.size())) <=
          0 ||
      EVP_DigestSign(digest.get(), nullptr, &size, octets.data(), octets.size()) != 1)
    throw base::Error{base::Code::bug};
  Bytes value(size);
  if (EVP_DigestSign(digest.get(), value.data(), &size, octets.data(), octets.size()) != 1)
    throw base::Error{base::Code::bug};
  value.resize(size);
  value.insert(value.begin(), 0);  // no unused bits
  return der(0x03, value);
}

inline Bytes build_seal(const SealRequest& request, const x509::Key& maker) {
  const bool fifth = request.layout == Layout::v5 || request.layout == Layout::v5_stamped;
  const bool first = request.layout == Layout::v1 || request.layout == Layout::v1_split;
  const auto head = header(request, fifth ? 5 : first ? 1 : 4);
  const auto rest = joined({der(0x16, request.id), property(request),
                            sequence({der(0x16, request.picture_type), der(0x04, request.picture),
                                      number(42), number(30)}),
                            extensions(request.extensions)});
  const Bytes sm2_with_sm3{0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x75};
  const auto certificate = der(0x04, request.maker_certificate);
  const auto seal_info =
      request.layout == Layout::v1_split ? der(0x30, rest) : der(0x30, joined({head, rest}));
  const auto covered = first ? sequence({seal_info, certificate, sm2_with_sm3}) : seal_info;
  const auto signed_part = joined({certificate, sm2_with_sm3, signature(covered, maker)});
  if (request.layout == Layout::v1) return sequence({seal_info, der(0x30, signed_part)});
  if (request.layout == Layout::v1_split)
    return sequence({head, seal_info, der(0x30, signed_part)});
  if (request.layout == Layout::v5_stamped)
    return sequence({seal_info, signed_part, der(0xa0, der(0x03, Bytes{0x00, 0x01}))});
  return sequence({seal_info, signed_part});
}

}  // namespace ukey::test
