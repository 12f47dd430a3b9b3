// The text forms in which envelopes travel: PEM, S/MIME, base64 alone. It takes the text off and
// refuses to know what is under it.
#pragma once

#include "envelope/stream.hpp"

namespace ukey::envelope {

/// The octets of a stream with the text form around them taken off; the stream itself when it
/// begins with none. Of PEM the first block named CMS or PKCS7 counts, with text before it; of a
/// MIME message (RFC 8551) one of type application/pkcs7-mime in base64 or binary. They end before
/// the first character that is no base64, and `stream` goes on there. Reading them throws Error
/// bad_input when the last octet lacks bits.
[[nodiscard]] SharedStream unarmoured(const SharedStream& stream);

/// The same for a further block of PEM or a part in base64 of a multipart message (RFC 2046, 5.1.1)
/// whose first line begins here; null, and nothing is taken, when there is none.
[[nodiscard]] SharedStream unarmoured_part(const SharedStream& stream);

}  // namespace ukey::envelope
