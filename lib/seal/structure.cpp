#include "seal/structure.hpp"

#include <algorithm>

namespace ukey::seal {

namespace {

using model::SealFormat;
using x509::Element;
using Elements = std::vector<Element>;

constexpr std::size_t kMostElements = 16;  // of any SEQUENCE here but lists

bool is_sequence(const Element& element) {
  return element.is(x509::kSequence) && element.constructed;
}

bool is_string(const Element& element) { return x509::text(element).has_value(); }

std::optional<Elements> sequence(const Element& element) {
  if (!is_sequence(element)) return std::nullopt;
  return x509::elements(element.content, kMostElements);
}

bool is_header(const Elements& header) {
  return header.size() >= 3 && is_string(header[0]) && x509::integer(header[1]) &&
         is_string(header[2]);
}

bool is_picture(const Elements& picture) {
  return picture.size() == 4 && is_string(picture[0]) && picture[1].is(x509::kOctetString) &&
         picture[2].is(x509::kInteger) && picture[3].is(x509::kInteger);
}

/// type, name, [certListType,] certList, createDate, validStart, validEnd.
bool is_property(const Elements& property) {
  if (property.size() < 2 || !property[0].is(x509::kInteger) || !is_string(property[1]))
    return false;
  const bool typed = property.size() == 7 && property[2].is(x509::kInteger);
  return (property.size() == 6 || typed) && is_sequence(property[typed ? 3 : 2]);
}

/// Extensions come untagged, tagged [0], or inside an OCTET STRING.
bool is_extensions(const Element& element) {
  return is_sequence(element) || element.is_context(0) || element.is(x509::kOctetString);
}

/// esID, property, picture, and perhaps extensions, from `at` on.
bool read_info(const Elements& info, std::size_t at, Structure& out) {
  if (info.size() < at + 3 || info.size() > at + 4 || !is_string(info[at])) return false;
  const auto property = sequence(info[at + 1]);
  const auto picture = sequence(info[at + 2]);
  if (!property || !picture || !is_property(*property) || !is_picture(*picture)) return false;
  if (info.size() == at + 4 && !is_extensions(info[at + 3])) return false;
  out.id = info[at];
  out.property = *property;
  out.picture = *picture;
  return true;
}

/// eSealInfo with its header inside.
bool read_seal_info(const Element& element, Structure& out) {
  const auto info = sequence(element);
  if (!info || info->empty()) return false;
  const auto header = sequence(info->front());
  if (!header || !is_header(*header) || !read_info(*info, 1, out)) return false;
  out.header = *header;
  out.seal_info = element.whole;
  return true;
}

/// cert, signatureAlgorithm, signature.
bool read_signature(const Element& certificate, const Element& algorithm, const Element& signature,
                    Structure& out) {
  if (!certificate.is(x509::kOctetString) || !algorithm.is(x509::kOid) ||
      !signature.is(x509::kBitString) || signature.content.empty())
    return false;
  out.maker_certificate = certificate.content;
  out.certificate_field = certificate.whole;
  out.algorithm = algorithm.whole;
  out.signature = signature.content.subspan(1);
  return true;
}

bool read_sign_info(const Element& element, Structure& out) {
  const auto parts = sequence(element);
  return parts && parts->size() == 3 && read_signature((*parts)[0], (*parts)[1], (*parts)[2], out);
}

std::optional<Structure> version_1(const Elements& top) {
  Structure out;
  out.format = SealFormat::ses_v1;
  if (!read_seal_info(top[0], out) || !read_sign_info(top[1], out)) return std::nullopt;
  return out;
}

/// An old vendor's variant: the header, with a fourth field, stands before the rest of eSealInfo.
std::optional<Structure> version_1_split(const Elements& top) {
  Structure out;
  out.format = SealFormat::ses_v1;
  const auto header = sequence(top[0]);
  const auto info = sequence(top[1]);
  if (!header || !is_header(*header) || !info || !read_sign_info(top[2], out)) return std::nullopt;
  if (!read_info(*info, 0, out) && !read_seal_info(top[1], out)) return std::nullopt;
  out.header = *header;
  out.seal_info = top[1].whole;
  return out;
}

std::optional<Structure> version_4_or_5(const Elements& top) {
  Structure out;
  if (!read_seal_info(top[0], out) || !read_signature(top[1], top[2], top[3], out))
    return std::nullopt;
  const bool stamped = top.size() == 5;
  if (stamped && !top[4].is_context(0)) return std::nullopt;
  const bool fifth = stamped || x509::integer(out.header[1]) == 5;
  out.format = fifth ? SealFormat::ses_v5 : SealFormat::ses_v4;
  return out;
}

}  // namespace

std::optional<Structure> split(base::ByteView octets) {
  auto rest = octets;
  const auto seal = x509::take(rest);
  const bool padded = std::all_of(rest.begin(), rest.end(), [](auto octet) { return octet == 0; });
  if (!seal || !padded) return std::nullopt;
  const auto top = sequence(*seal);
  if (!top) return std::nullopt;
  switch (top->size()) {
    case 2:
      return version_1(*top);
    case 3:
      return version_1_split(*top);
    case 4:
    case 5:
      return version_4_or_5(*top);
    default:
      return std::nullopt;
  }
}

}  // namespace ukey::seal
