// The smallest beginnings of pictures: header and size, no pixels.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace ukey::test {

inline base::Bytes octets(std::string_view text) {
  const auto view = base::as_bytes(text);
  return {view.begin(), view.end()};
}

inline std::string big(unsigned long value, int count) {
  std::string out;
  for (int i = count - 1; i >= 0; --i) out.push_back(static_cast<char>(value >> (8 * i)));
  return out;
}

inline std::string little(unsigned long value, int count) {
  const auto turned = big(value, count);
  return {turned.rbegin(), turned.rend()};
}

inline base::Bytes png(unsigned long width, unsigned long height) {
  return octets("\x89PNG\r\n\x1a\n" + big(13, 4) + "IHDR" + big(width, 4) + big(height, 4) +
                std::string(5, '\x08'));
}

inline base::Bytes gif(unsigned long width, unsigned long height) {
  return octets("GIF89a" + little(width, 2) + little(height, 2) + std::string(3, '\0'));
}

/// With an APP0 segment, a fill octet and a Huffman table before the frame header.
inline base::Bytes jpg(unsigned long width, unsigned long height) {
  return octets("\xff\xd8\xff\xe0" + big(16, 2) + std::string(14, 'J') + "\xff\xff\xc4" +
                big(3, 2) + "H" + "\xff\xc2" + big(17, 2) + "\x08" + big(height, 2) +
                big(width, 2) + std::string(10, '\x01'));
}

inline base::Bytes bmp(unsigned long header, unsigned long width, unsigned long height) {
  const int side = header == 12 ? 2 : 4;
  return octets("BM" + std::string(12, '\0') + little(header, 4) + little(width, side) +
                little(height, side) + std::string(16, '\0'));
}

}  // namespace ukey::test
