// Where among other octets an envelope may begin. It refuses to say that one does.
#pragma once

#include "base/bytes.hpp"

namespace ukey::envelope {

/// The first place before `reach` where an envelope's ContentInfo begins by its first octets, or a
/// line with "--" comes after this line end; `reach` when there is none.
[[nodiscard]] std::size_t next_sign(base::ByteView octets, std::size_t reach);

}  // namespace ukey::envelope
