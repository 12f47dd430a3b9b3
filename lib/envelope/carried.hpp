// What a CMS structure carries in the clear: the content of data and of signed data. It refuses to
// check any signature.
#pragma once

#include "envelope/stream.hpp"

namespace ukey::envelope {

/// The octets that the CMS structure at the beginning of the stream carries (RFC 5652, 4 and 5; the
/// PKCS#7 forms and those of GM/T 0010); null when it is none of these, or carries none. Reading
/// them takes them from `stream`. It and they throw Error bad_input.
[[nodiscard]] SharedStream carried_content(const SharedStream& stream);

}  // namespace ukey::envelope
