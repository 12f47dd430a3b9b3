#include "envelope/carried.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "envelope/ber.hpp"
#include "envelope/reader.hpp"

namespace ukey::envelope {

namespace {

constexpr std::size_t kHead = 64;
constexpr std::array<std::uint8_t, 8> kPkcs7{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
constexpr std::array<std::uint8_t, 9> kGm{0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02};
constexpr std::uint8_t kData = 1;
constexpr std::uint8_t kSigned = 2;

/// The last number of the type that a ContentInfo names, 0 for other octets.
std::uint8_t type_of(base::ByteView beginning) {
  const auto oid = content_type_of(beginning);
  if (oid.empty()) return 0;
  const auto stem = oid.first(oid.size() - 1);
  return std::ranges::equal(stem, kPkcs7) || std::ranges::equal(stem, kGm) ? oid.back() : 0;
}

/// A string in the walk through what is around it.
class Carried {
 public:
  explicit Carried(SharedStream stream)
      : stream_(std::move(stream)), walker_(*stream_, 0), content_(walker_) {}
  Carried(const Carried&) = delete;             // its parts refer to one another
  Carried& operator=(const Carried&) = delete;  // same

  /// Goes to the content; false when there is none, or it is no string.
  bool open() {
    const bool is_signed = type_of(stream_->peek(kHead)) == kSigned;
    if (!enter_content()) return false;
    if (is_signed) {
      walker_.enter(walker_.next());  // SignedData
      walker_.pass(walker_.next());   // version
      walker_.pass(walker_.next());   // digestAlgorithms
      // An envelope without a string around it (PKCS#7 1.5) is left to whoever looks for one.
      if (kind_of(stream_->peek(kHead)) || !enter_content()) return false;
    }
    const auto head = walker_.next();
    if (!head.is(x509::kOctetString)) return false;
    content_.open(head);
    return true;
  }

  std::size_t read(std::span<std::uint8_t> room) { return content_.read(room); }

 private:
  /// Goes past the type in a ContentInfo; false when nothing follows it.
  bool enter_content() {
    walker_.enter(walker_.next());
    walker_.pass(walker_.next());
    if (walker_.at_end()) return false;
    walker_.enter(walker_.next());
    return true;
  }

  SharedStream stream_;
  BerWalker walker_;
  BerString content_;
};

}  // namespace

SharedStream carried_content(const SharedStream& stream) {
  const auto type = type_of(stream->peek(kHead));
  if (type != kData && type != kSigned) return nullptr;
  const auto carried = std::make_shared<Carried>(stream);
  if (!carried->open()) return nullptr;
  return std::make_shared<Stream>(
      [carried](std::span<std::uint8_t> room) { return carried->read(room); });
}

}  // namespace ukey::envelope
