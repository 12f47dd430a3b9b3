// The attributes of one object, read in one call where the module allows it. For this room only. It
// refuses lengths that cannot be true and values beyond a bound.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

// Room for a value in the first call; what is longer takes a second one.
inline constexpr std::size_t kUsualText = 256;     ///< a label, an ID
inline constexpr std::size_t kUsualNumber = 1024;  ///< of a public key
inline constexpr std::size_t kUsualCertificate = 4096;

/// An attribute to read.
struct Wanted {
  unsigned long type = 0;
  std::size_t room = 0;  ///< octets that usually suffice; 0: only its size is asked for
  bool needed = false;   ///< worth another call when the module leaves open why it did not give it
};

enum class AttributeState {
  unavailable,  ///< the module has none, or does not reveal it
  present,      ///< the value, or its size where only that was asked for
  too_long,     ///< its size is beyond the bound
  lied          ///< the module told a length that cannot be
};

/// v3.0 5.7.5: what C_GetAttributeValue answers is not trusted to be about all attributes, nor its
/// lengths.
class Attributes {
 public:
  /// Values above this are not read.
  static constexpr std::size_t kMostOctets = std::size_t{1} << 20;

  /// Reads `wanted` of `object`; throws the refusal when the module gives none of them for another
  /// reason than these attributes themselves.
  Attributes(const Session& session, unsigned long object, std::span<const Wanted> wanted,
             std::size_t most = kMostOctets);

  [[nodiscard]] AttributeState state(unsigned long type) const;
  /// The last answer about it, CKR_OK when it was fine.
  [[nodiscard]] unsigned long rv(unsigned long type) const;
  /// The value, empty unless present; valid while this object lives.
  [[nodiscard]] const base::Bytes& value(unsigned long type) const;
  /// Its size in octets, absent when unavailable.
  [[nodiscard]] std::optional<unsigned long> size(unsigned long type) const;
  /// A CK_ULONG; modules that write 32 bits are understood. Absent unless it is one.
  [[nodiscard]] std::optional<unsigned long> number(unsigned long type) const;
  /// A CK_BBOOL; absent unless it is one.
  [[nodiscard]] std::optional<bool> flag(unsigned long type) const;
  /// The value as UTF-8, without blanks and NULs at its end.
  [[nodiscard]] std::string text(unsigned long type) const;

 private:
  struct Entry {
    Wanted wanted;
    AttributeState state = AttributeState::unavailable;
    unsigned long rv = 0;
    unsigned long size = 0;
    base::Bytes value;
  };
  [[nodiscard]] const Entry& entry(unsigned long type) const;

  /// Asks for all of `entries_` at once; true in the result where one must be asked for again
  /// alone.
  std::vector<bool> read_together(const Session& session, unsigned long object);
  void read_alone(const Session& session, unsigned long object, Entry& entry, std::size_t most);

  std::vector<Entry> entries_;
};

}  // namespace ukey::p11
