#include <algorithm>
#include <array>
#include <string_view>

#include "practice/picture.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using base::ByteView;

void append(Bytes& file, ByteView octets) { file.insert(file.end(), octets.begin(), octets.end()); }

void append(Bytes& file, std::string_view text) { append(file, base::as_bytes(text)); }

void big_endian(Bytes& file, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    file.push_back(static_cast<std::uint8_t>(number >> shift));
  }
}

void little_endian(Bytes& file, std::uint32_t number, int octets) {
  for (int i = 0; i < octets; ++i) file.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

/// CRC-32 as PNG wants it (ISO/IEC 15948, annex D).
std::uint32_t crc32(ByteView octets) {
  std::uint32_t crc = 0xffffffff;
  for (const auto octet : octets) {
    crc ^= octet;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
  }
  return ~crc;
}

std::uint32_t adler32(ByteView octets) {
  std::uint32_t low = 1, high = 0;
  for (const auto octet : octets) {
    low = (low + octet) % 65521;
    high = (high + low) % 65521;
  }
  return high << 16 | low;
}

void chunk(Bytes& file, std::string_view type, ByteView data) {
  big_endian(file, static_cast<std::uint32_t>(data.size()));
  const auto start = file.size();
  append(file, type);
  append(file, data);
  big_endian(file, crc32(ByteView(file).subspan(start)));
}

/// A zlib stream of stored blocks (RFC 1950; RFC 1951, 3.2.4).
Bytes stored(ByteView data) {
  Bytes stream = {0x78, 0x01};
  const auto all = data;
  do {
    const auto part = data.first(std::min<std::size_t>(data.size(), 0xffff));
    data = data.subspan(part.size());
    const auto size = static_cast<std::uint32_t>(part.size());
    stream.push_back(data.empty() ? 1 : 0);
    little_endian(stream, size, 2);
    little_endian(stream, ~size, 2);
    append(stream, part);
  } while (!data.empty());
  big_endian(stream, adler32(all));
  return stream;
}

/// The colour of that much ink on white paper.
Colour on_paper(Colour colour, unsigned ink) {
  const auto mix = [ink](std::uint8_t part) {
    return static_cast<std::uint8_t>((255 * (255 - ink) + part * ink) / 255);
  };
  return {mix(colour.red), mix(colour.green), mix(colour.blue)};
}

}  // namespace

Bytes png(const Canvas& canvas, Colour colour) {
  Bytes header, palette, transparency, rows;
  big_endian(header, canvas.width);
  big_endian(header, canvas.height);
  append(header, std::string_view("\x08\x03\x00\x00\x00", 5));  // 8 bits, palette, no interlace
  for (unsigned ink = 0; ink < 256; ++ink) {
    append(palette, std::array{colour.red, colour.green, colour.blue});
    transparency.push_back(static_cast<std::uint8_t>(ink));
  }
  for (std::size_t row = 0; row < canvas.height; ++row) {
    rows.push_back(0);  // filter: none
    append(rows, ByteView(canvas.ink).subspan(row * canvas.width, canvas.width));
  }
  Bytes file;
  append(file, "\x89PNG\r\n\x1a\n");
  chunk(file, "IHDR", header);
  chunk(file, "PLTE", palette);
  chunk(file, "tRNS", transparency);
  chunk(file, "IDAT", stored(rows));
  chunk(file, "IEND", {});
  return file;
}

Bytes bmp(const Canvas& canvas, Colour colour) {
  const std::uint32_t stride = (canvas.width + 3) / 4 * 4, pixels = 14 + 40 + 256 * 4;
  Bytes file;
  append(file, "BM");
  for (const auto number :
       {pixels + stride * canvas.height, 0u, pixels, 40u, canvas.width, canvas.height}) {
    little_endian(file, number, 4);
  }
  little_endian(file, 1, 2);  // planes
  little_endian(file, 8, 2);  // bits a pixel
  // no compression; octets of pixels; pixels a metre (about 300 an inch); colours, all of them
  // important
  for (const auto number : {0u, stride * canvas.height, 11811u, 11811u, 256u, 0u}) {
    little_endian(file, number, 4);
  }
  for (unsigned ink = 0; ink < 256; ++ink) {
    const auto mixed = on_paper(colour, ink);
    append(file, std::array<std::uint8_t, 4>{mixed.blue, mixed.green, mixed.red, 0});
  }
  for (std::size_t row = canvas.height; row-- > 0;) {
    append(file, ByteView(canvas.ink).subspan(row * canvas.width, canvas.width));
    file.resize(file.size() + stride - canvas.width);
  }
  return file;
}

}  // namespace ukey::practice
