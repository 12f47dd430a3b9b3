// The text forms in which envelopes travel: PEM, S/MIME, base64 alone. It takes the text off and
// refuses to know what is under it.
#pragma once

#include "envelope/stream.hpp"

namespace ukey::envelope {

/// The octets of a stream with the text form around them taken off; a stream that begins with none
/// as it is. Of PEM the first block named CMS or PKCS7 counts, with text before it; of a MIME
/// message (RFC 8551) one part of type application/pkcs7-mime in base64 or binary. What comes after
/// the end of base64 is not looked at. Reading it throws Error bad_input at a character that is no
/// base64.
[[nodiscard]] Stream unarmoured(Stream stream);

}  // namespace ukey::envelope
