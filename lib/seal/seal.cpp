#include "seal/seal.hpp"

#include <algorithm>

#include "seal/picture.hpp"
#include "seal/structure.hpp"

namespace ukey::seal {

namespace {

using model::SealContents;
using model::SealFormat;

constexpr std::size_t kMostOctets = 16U << 20;
constexpr std::size_t kMostCertificates = 100;
constexpr long kCertificatesListed = 1;  // certListType; 2 lists digests only

/// Size of BJCA's old header, packed, and of the two lengths after the picture.
constexpr std::size_t kEsHeader = 318;
constexpr std::size_t kEsLeast = kEsHeader + 8;

/// "ES" begins a text, too: a header full of numbers has octets that no text has.
bool is_bjca_es(base::ByteView octets) {
  if (octets.size() < kEsLeast || !base::as_text(octets).starts_with("ES")) return false;
  const auto header = octets.first(kEsHeader);
  return std::find(header.begin(), header.end(), std::uint8_t{0}) != header.end();
}

base::Bytes copy(base::ByteView octets) { return {octets.begin(), octets.end()}; }

std::vector<base::Bytes> certificates_of(const x509::Element& list) {
  const auto entries = x509::elements(list.content, kMostCertificates);
  std::vector<base::Bytes> all;
  for (const auto& entry : entries.value_or(std::vector<x509::Element>{}))
    if (entry.is(x509::kOctetString)) all.push_back(copy(entry.content));
  return all;
}

void read_property(const std::vector<x509::Element>& property, SealContents& out) {
  out.type = x509::integer(property[0]);
  out.name = x509::text(property[1]).value_or("");
  const bool typed = property.size() == 7;
  const std::size_t list = typed ? 3 : 2;
  if (!typed || x509::integer(property[2]) == kCertificatesListed)
    out.certificates = certificates_of(property[list]);
  out.created = x509::time(property[list + 1]);
  out.valid_from = x509::time(property[list + 2]);
  out.valid_to = x509::time(property[list + 3]);
}

SealContents contents_of(const Structure& seal) {
  SealContents out;
  out.format = seal.format;
  out.id = x509::text(seal.id).value_or("");
  out.vendor = x509::text(seal.header[2]).value_or("");
  read_property(seal.property, out);
  out.picture = sniff_picture(seal.picture[1].content);
  out.picture_data = copy(seal.picture[1].content);
  out.width_mm = x509::integer(seal.picture[2]);
  out.height_mm = x509::integer(seal.picture[3]);
  out.maker_certificate = copy(seal.maker_certificate);
  return out;
}

}  // namespace

SealContents inspect(base::ByteView octets) {
  SealContents out;
  if (octets.empty() || octets.size() > kMostOctets) return out;
  if (const auto seal = split(octets)) return contents_of(*seal);
  if (const auto picture = sniff_picture(octets); picture.format != SealFormat::unknown) {
    out.format = picture.format;
    out.picture = picture;
    out.picture_data = copy(octets);
  } else if (is_bjca_es(octets)) {
    out.format = SealFormat::bjca_es;
  }
  return out;
}

}  // namespace ukey::seal
