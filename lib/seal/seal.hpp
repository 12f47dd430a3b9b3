// Reads what a token or a file holds as a seal: a bare picture, a seal structure, or something
// else. It checks shape, not signatures, and never trusts a label.
#pragma once

#include "base/bytes.hpp"
#include "model/lock.hpp"

namespace ukey::seal {

/// What the octets are, with what can be read from them; format unknown when they are nothing
/// known, cut, or more than 16 MiB. Throws nothing for what they hold. The version follows from the
/// shape (2 parts: 1; 4: 4, or 5 by its header; 5 parts: 5). Times may be UTCTime or
/// GeneralizedTime whatever the version; an unreadable one is absent. The fields of bjca_es stay
/// empty: their layout is not confirmed.
[[nodiscard]] model::SealContents inspect(base::ByteView octets);

}  // namespace ukey::seal
