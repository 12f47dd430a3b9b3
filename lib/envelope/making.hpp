// Makes an envelope for certificates, of any size, as it streams by. It refuses certificates whose
// keys OpenSSL cannot encrypt to, and judges nothing else about them.
#pragma once

#include <functional>
#include <span>

#include "base/bytes.hpp"
#include "envelope/stream.hpp"

namespace ukey::envelope {

/// Writes to `out` an envelope (BER, indefinite length) that holds all octets of `content`, for
/// each of these certificates (DER). AES-256-CBC (RFC 5652, 6), or with `authenticated` AES-256-GCM
/// (RFC 5083, 5084). RSA: PKCS#1 v1.5; EC: ephemeral-static ECDH. Throws Error not_supported for a
/// kind of key that cannot be encrypted to, bad_input for a broken certificate, and what `out`
/// throws.
void make_envelope(Stream& content, std::span<const base::Bytes> certificates, bool authenticated,
                   const std::function<void(base::ByteView)>& out);

}  // namespace ukey::envelope
