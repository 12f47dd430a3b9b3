// Walks BER (X.690, 8.1) as it streams by: definite and indefinite lengths, one element at a time,
// strings of octets in pieces. It refuses what does not fit the element around it, high tag
// numbers, and nesting without end.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "envelope/stream.hpp"
#include "x509/der.hpp"

namespace ukey::envelope {

/// The identifier and length octets of an element.
struct BerHead {
  x509::DerClass tag_class = x509::DerClass::universal;
  unsigned tag = 0;
  bool constructed = false;
  std::optional<std::uint64_t> length;  ///< absent: until its end-of-contents octets
  base::Bytes octets;                   ///< as they came

  [[nodiscard]] bool is(x509::DerTag universal_tag) const {
    return tag_class == x509::DerClass::universal && tag == universal_tag;
  }
  [[nodiscard]] bool is_context(unsigned number) const {
    return tag_class == x509::DerClass::context && tag == number;
  }
};

/// Everything in it throws Error bad_input for octets that are wrong or missing.
class BerWalker {
 public:
  /// `most` is how many octets `whole` may give in all.
  BerWalker(Stream& stream, std::size_t most) : stream_(stream), left_(most) {}

  /// The head of the next element inside the innermost one that was entered.
  [[nodiscard]] BerHead next();
  /// Goes into the element whose head was just taken; it must be constructed.
  void enter(const BerHead& head);
  /// True when the innermost one has no more elements.
  [[nodiscard]] bool at_end();
  /// Leaves the innermost one; it must be at its end.
  void leave();
  /// The octets of the element whose head was just taken, with that head.
  [[nodiscard]] base::Bytes whole(const BerHead& head);
  /// Passes over the contents of the element whose head was just taken.
  void pass(const BerHead& head);
  /// Takes octets of the primitive element whose head was just taken; the caller counts them.
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> room) { return stream_.read(room); }
  void skip(std::uint64_t octets) { stream_.skip(octets); }

 private:
  [[nodiscard]] std::uint64_t length_of(BerHead& head, std::uint8_t first);
  [[nodiscard]] std::optional<std::uint64_t> limit() const;
  [[nodiscard]] std::uint8_t octet();
  void spend(std::size_t octets);

  Stream& stream_;
  std::size_t left_;
  std::vector<std::optional<std::uint64_t>> ends_;  // positions; absent: indefinite
};

/// The octets of one octet string, which may be strings in strings (X.690, 8.7.3). What is wrong
/// throws Error bad_input.
class BerString {
 public:
  explicit BerString(BerWalker& walker) : walker_(walker) {}

  /// Begins with the string whose head was just taken, whatever its tag.
  void open(const BerHead& head);
  /// At least one octet; 0 when there are no more.
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> room);
  /// Passes over what is left.
  void finish();

 private:
  [[nodiscard]] bool next_piece();

  BerWalker& walker_;
  std::size_t nesting_ = 0;  // constructed elements that are open
  std::uint64_t piece_ = 0;  // octets left of the primitive one
};

}  // namespace ukey::envelope
