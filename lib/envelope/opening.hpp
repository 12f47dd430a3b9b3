// Opens an envelope with a private key. What it gives out before it returns is not yet known to be
// right: the caller keeps it back until then.
#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "envelope/reader.hpp"
#include "envelope/stream.hpp"

struct evp_pkey_st;

namespace ukey::envelope {

/// True when this room can decrypt it: a content cipher that OpenSSL has, no signature, no
/// authenticated attributes (RFC 5083, 2.1), which OpenSSL 3.0 does not verify.
[[nodiscard]] bool can_open(const Frame& frame);

/// Writes the content of the envelope in `stream` to `out`, piece by piece. `frame` is what a first
/// reading of the same envelope to its end gave; `certificate` is DER and names the recipient. When
/// it returns, padding and authentication tag were right. Throws Error bad_input for whatever is
/// wrong with the octets, the encrypted key or the tag, always the same; not_found when no
/// recipient is named by the certificate; not_supported as `can_open` says; and what `out` throws.
void open_envelope(const Frame& frame, Stream& stream, evp_pkey_st* key, base::ByteView certificate,
                   const std::function<void(base::ByteView)>& out);

}  // namespace ukey::envelope
