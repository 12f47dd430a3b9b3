#include "envelope/sign.hpp"

#include <algorithm>
#include <string_view>

#include "envelope/reader.hpp"

namespace ukey::envelope {

namespace {

constexpr std::string_view kLine = "\n--";
// What the types of envelopes have in common, of PKCS#7, RFC 5083 and GM/T 0010.
constexpr std::string_view kStems[] = {"\x2a\x86\x48\x86\xf7\x0d\x01\x07",
                                       "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01",
                                       "\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02"};
constexpr std::size_t kLeastHead = 4;  // before the type: two identifiers and short lengths
constexpr std::size_t kMostHead = 12;  // with a length of eight octets more
constexpr std::size_t kLongest = 12;   // any of these

/// The longest head counts, for it begins first.
std::size_t beginning_before(base::ByteView octets, std::size_t type, std::size_t reach) {
  for (std::size_t head = std::min(kMostHead, type); head >= kLeastHead; --head)
    if (type - head < reach && kind_of(octets.subspan(type - head))) return type - head;
  return reach;
}

}  // namespace

std::size_t next_sign(base::ByteView octets, std::size_t reach) {
  const auto text = base::as_text(octets);
  auto near = [text, &reach] { return text.substr(0, reach + kMostHead + kLongest); };
  reach = std::min(near().find(kLine), reach);
  for (const auto type : kStems) {
    auto at = near().find(type);
    while (at != std::string_view::npos) {
      reach = beginning_before(octets, at, reach);
      at = near().find(type, at + 1);
    }
  }
  return reach;
}

}  // namespace ukey::envelope
