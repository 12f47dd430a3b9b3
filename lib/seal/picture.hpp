// Tells what kind of picture octets are, by their first octets and never by a name or a label. It
// decodes no picture.
#pragma once

#include "base/bytes.hpp"
#include "model/lock.hpp"

namespace ukey::seal {

/// PNG, JPEG, GIF, BMP with their size in pixels where the header has it; SVG, and OFD or any other
/// ZIP (the format seals use is one), without. Format unknown for everything else. A cut picture
/// keeps its format and has no size.
[[nodiscard]] model::Picture sniff_picture(base::ByteView octets);

}  // namespace ukey::seal
