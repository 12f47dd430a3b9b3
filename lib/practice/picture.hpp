// Pictures for practice seals: drawn by code, written as real PNG and BMP files of about 30 KB. It
// refuses letters and likenesses, so that no picture can pass for anybody's seal.
#pragma once

#include "base/bytes.hpp"

namespace ukey::practice {

/// One octet a pixel, row by row from the top: 0 is bare, 255 fully inked.
struct Canvas {
  unsigned width = 0;   ///< pixels
  unsigned height = 0;  ///< pixels
  base::Bytes ink;
};

struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;
};

inline constexpr Colour kSealRed{205, 30, 30};
inline constexpr Colour kInkBlack{20, 20, 30};

/// A ring with a five-pointed star in it, `size` pixels wide and high: a unit's seal.
[[nodiscard]] Canvas round_seal(unsigned size);

/// A square frame with a lattice of strokes in it, `size` pixels wide and high: a person's seal.
[[nodiscard]] Canvas square_seal(unsigned size);

/// One waving stroke: a signature.
[[nodiscard]] Canvas pen_stroke(unsigned width, unsigned height);

/// A PNG file (ISO/IEC 15948; 8-bit palette, bare is transparent, stored deflate blocks).
[[nodiscard]] base::Bytes png(const Canvas& canvas, Colour colour);

/// A BMP file (BITMAPINFOHEADER, 8-bit palette, bottom-up, uncompressed; bare is white).
[[nodiscard]] base::Bytes bmp(const Canvas& canvas, Colour colour);

}  // namespace ukey::practice
