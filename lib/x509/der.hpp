// Walks DER octets one element at a time, with the original octets of each at hand: what is signed
// must be hashed as it came. It refuses indefinite lengths, and never looks past the octets it was
// given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"

namespace ukey::x509 {

enum class DerClass { universal, application, context, private_use };

/// Universal tag numbers (X.680, 8.4) that are looked for here.
enum DerTag : unsigned {
  kInteger = 2,
  kBitString = 3,
  kOctetString = 4,
  kOid = 6,
  kUtf8String = 12,
  kSequence = 16,
  kPrintableString = 19,
  kIa5String = 22,
  kUtcTime = 23,
  kGeneralizedTime = 24
};

/// One element; `whole` is header and content, both views into the octets it was taken from.
struct Element {
  DerClass tag_class = DerClass::universal;
  unsigned tag = 0;
  bool constructed = false;
  base::ByteView whole, content;

  [[nodiscard]] bool is(DerTag universal_tag) const {
    return tag_class == DerClass::universal && tag == universal_tag;
  }
  [[nodiscard]] bool is_context(unsigned number) const {
    return tag_class == DerClass::context && tag == number;
  }
};

/// Takes the first element off `rest`; absent, and `rest` unchanged, when there is none or it is
/// malformed.
[[nodiscard]] std::optional<Element> take(base::ByteView& rest);

/// All elements of a SEQUENCE's or SET's content; absent when one is malformed or there are more
/// than `most`.
[[nodiscard]] std::optional<std::vector<Element>> elements(base::ByteView content,
                                                           std::size_t most);

/// An INTEGER that fits a long, absent otherwise.
[[nodiscard]] std::optional<long> integer(const Element& element);

/// Any character string type as UTF-8, absent for other types.
[[nodiscard]] std::optional<std::string> text(const Element& element);

/// A UTCTime or GeneralizedTime of the years 1950 to 9999, to the second, absent otherwise.
[[nodiscard]] std::optional<base::Time> time(const Element& element);

}  // namespace ukey::x509
