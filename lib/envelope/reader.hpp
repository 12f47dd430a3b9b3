// One envelope as it streams by: what stands before its content, the content's octets, what stands
// after. It checks the frame to the last octet and refuses to know any algorithm.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "envelope/ber.hpp"
#include "envelope/stream.hpp"
#include "model/envelope.hpp"

namespace ukey::envelope {

/// The elements of an envelope other than its content, each whole, as they came (RFC 5652, 6.1; RFC
/// 5083, 2.1). Empty where there is none.
struct Frame {
  model::EnvelopeKind kind = model::EnvelopeKind::enveloped;
  base::Bytes version, originator, recipients, content_type, algorithm;
  base::Bytes mac;                        ///< after the content; auth_enveloped only
  bool authenticated_attributes = false;  ///< after the content; auth_enveloped only
  bool operator==(const Frame&) const = default;
};

/// The type that a ContentInfo at the beginning of these octets names (RFC 5652, 3), without head;
/// empty when there is none.
[[nodiscard]] base::ByteView content_type_of(base::ByteView beginning);

/// What the octets at the beginning of a file say it is; absent when it is no envelope. 64 octets
/// are enough.
[[nodiscard]] std::optional<model::EnvelopeKind> kind_of(base::ByteView beginning);

class Reader {
 public:
  /// Reads up to the content. Throws Error bad_input when the octets are no envelope with content,
  /// or end too soon.
  explicit Reader(Stream& stream);
  Reader(const Reader&) = delete;             // it keeps its place in the stream
  Reader& operator=(const Reader&) = delete;  // same

  /// Octets of the content, still encrypted, at least one; 0 when there are no more. Throws Error
  /// bad_input.
  [[nodiscard]] std::size_t read(std::span<std::uint8_t> room);
  /// Passes over the rest of the content and reads what comes after it, to the end of the envelope;
  /// what follows that is left in the stream. Throws Error bad_input.
  void finish();
  /// Whole only after `finish`.
  [[nodiscard]] const Frame& frame() const { return frame_; }

 private:
  void read_head();
  void read_tail();

  BerWalker walker_;
  BerString content_;
  Frame frame_;
};

}  // namespace ukey::envelope
