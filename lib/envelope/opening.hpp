// Opens an envelope with a private key. What `pour` gives out before it returns is not yet known to
// be right: the caller keeps it back until then.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/bytes.hpp"
#include "envelope/reader.hpp"
#include "envelope/stream.hpp"

struct evp_pkey_st;

namespace ukey::envelope {

/// True when this room can decrypt it: a content cipher that OpenSSL has, no signature, no
/// authenticated attributes (RFC 5083, 2.1), which OpenSSL 3.0 does not verify.
[[nodiscard]] bool can_open(const Frame& frame);

/// An envelope whose key for the content is known; the private key is not needed any more.
class Opened {
 public:
  /// Decrypts the key for the content, in one private operation for each recipient that the
  /// certificate (DER) names, until one succeeds. `frame` is what reading the envelope to its end
  /// gave. Throws Error bad_input when none succeeds; not_found when the certificate names none;
  /// not_supported as `can_open` says.
  [[nodiscard]] static Opened unlock(const Frame& frame, evp_pkey_st* key,
                                     base::ByteView certificate);

  /// Writes the content of the same envelope to `out`, piece by piece. When it returns, padding and
  /// authentication tag were right. Throws Error bad_input for whatever is wrong with the octets,
  /// padding or tag, always the same, and what `out` throws. Once only.
  void pour(Stream& stream, const std::function<void(base::ByteView)>& out) const;

 private:
  struct Parts;
  explicit Opened(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Parts> parts_;
};

}  // namespace ukey::envelope
