#include "x509/der.hpp"

#include "x509/openssl.hpp"

namespace ukey::x509 {

namespace {

DerClass class_of(int openssl_class) {
  switch (openssl_class) {
    case V_ASN1_APPLICATION:
      return DerClass::application;
    case V_ASN1_CONTEXT_SPECIFIC:
      return DerClass::context;
    case V_ASN1_PRIVATE:
      return DerClass::private_use;
    default:
      return DerClass::universal;
  }
}

StringPtr as_string(const Element& element) {
  StringPtr string{ASN1_STRING_type_new(static_cast<int>(element.tag))};
  if (string && ASN1_STRING_set(string.get(), element.content.data(),
                                static_cast<int>(element.content.size())) != 1)
    string.reset();
  return string;
}

bool is_text(unsigned tag) {
  switch (tag) {
    case V_ASN1_UTF8STRING:
    case V_ASN1_NUMERICSTRING:
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_T61STRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_VISIBLESTRING:
    case V_ASN1_UNIVERSALSTRING:
    case V_ASN1_BMPSTRING:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<Element> take(base::ByteView& rest) {
  const QuietErrors quiet;
  if (rest.empty()) return std::nullopt;
  const unsigned char* at = rest.data();
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  const int flags = ASN1_get_object(&at, &length, &tag, &tag_class, static_cast<long>(rest.size()));
  const bool indefinite = (flags & 1) != 0;
  if ((flags & 0x80) != 0 || indefinite || length < 0) return std::nullopt;
  const auto header = static_cast<std::size_t>(at - rest.data());
  const auto size = static_cast<std::size_t>(length);
  if (size > rest.size() - header) return std::nullopt;
  Element element{class_of(tag_class), static_cast<unsigned>(tag),
                  (flags & V_ASN1_CONSTRUCTED) != 0, rest.first(header + size),
                  rest.subspan(header, size)};
  rest = rest.subspan(header + size);
  return element;
}

std::optional<std::vector<Element>> elements(base::ByteView content, std::size_t most) {
  std::vector<Element> all;
  while (!content.empty()) {
    auto element = take(content);
    if (!element || all.size() == most) return std::nullopt;
    all.push_back(*element);
  }
  return all;
}

std::optional<long> integer(const Element& element) {
  const auto octets = element.content;
  if (!element.is(kInteger) || octets.empty() || octets.size() > sizeof(long)) return std::nullopt;
  auto value = (octets[0] & 0x80) != 0 ? ~0UL : 0UL;
  for (const auto octet : octets) value = (value << 8) | octet;
  return static_cast<long>(value);
}

std::optional<std::string> text(const Element& element) {
  if (element.tag_class != DerClass::universal || element.constructed || !is_text(element.tag))
    return std::nullopt;
  const auto string = as_string(element);
  if (!string) return std::nullopt;
  return text_of(string.get());
}

std::optional<base::Time> time(const Element& element) {
  if (!element.is(kUtcTime) && !element.is(kGeneralizedTime)) return std::nullopt;
  const auto string = as_string(element);
  return time_of(string.get());
}

}  // namespace ukey::x509
