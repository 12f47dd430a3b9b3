#include "seal/picture.hpp"

#include <doctest/doctest.h>

#include "pictures.hpp"

using namespace ukey;
using model::SealFormat;
using test::octets;

namespace {

struct Seen {
  SealFormat format;
  unsigned long width, height;  // 0: absent
  bool operator==(const Seen&) const = default;
};

Seen seen(base::ByteView picture) {
  const auto found = seal::sniff_picture(picture);
  CHECK(found.width.has_value() == found.height.has_value());
  return {found.format, found.width.value_or(0), found.height.value_or(0)};
}

Seen seen(std::string_view text) { return seen(base::as_bytes(text)); }

constexpr Seen kUnknown{SealFormat::unknown, 0, 0};

}  // namespace

TEST_CASE("Pictures are told by their first octets, with their size in pixels") {
  CHECK(seen(test::png(400, 300)) == Seen{SealFormat::png, 400, 300});
  CHECK(seen(test::gif(400, 300)) == Seen{SealFormat::gif, 400, 300});
  CHECK(seen(test::jpg(400, 300)) == Seen{SealFormat::jpg, 400, 300});
  CHECK(seen(test::bmp(40, 400, 300)) == Seen{SealFormat::bmp, 400, 300});
  CHECK(seen(test::bmp(124, 400, 300)) == Seen{SealFormat::bmp, 400, 300});
  CHECK(seen(test::bmp(12, 400, 300)) == Seen{SealFormat::bmp, 400, 300});
  CHECK(seen("PK\x03\x04 rest") == Seen{SealFormat::ofd, 0, 0});
}

TEST_CASE("A BMP of top-down rows has a negative height, which is a height all the same") {
  CHECK(seen(test::bmp(40, 400, 0xffffffffUL - 299)) == Seen{SealFormat::bmp, 400, 300});
  CHECK(seen(test::bmp(40, 400, 0x80000000UL)) == Seen{SealFormat::bmp, 400, 0x80000000UL});
  CHECK(seen(test::bmp(40, 0xffffffffUL, 300)) == Seen{SealFormat::bmp, 0, 0});
}

TEST_CASE("A side of nothing is no size") {
  CHECK(seen(test::png(0, 300)) == Seen{SealFormat::png, 0, 0});
  CHECK(seen(test::gif(400, 0)) == Seen{SealFormat::gif, 0, 0});
  CHECK(seen(test::jpg(0, 0)) == Seen{SealFormat::jpg, 0, 0});
}

TEST_CASE("An SVG may have a declaration, comments and a document type before it") {
  for (const auto* text :
       {"<svg>", "<svg xmlns='x'/>", "\xef\xbb\xbf \n<svg\t", "<?xml version='1.0'?>\n<svg>",
        "<?xml?><!-- <html> --><!DOCTYPE svg PUBLIC 'x' 'y'><svg>",
        "<!DOCTYPE svg [ <!ENTITY a 'b'> ]>\n<svg>"}) {
    CAPTURE(text);
    CHECK(seen(text) == Seen{SealFormat::svg, 0, 0});
  }
  for (const auto* text : {"<svgx>", "<svg", "<html><svg>", "<?xml <svg>", "<!-- <svg>", "svg",
                           "<!DOCTYPE svg [ <svg>", "<?xml?>", " "}) {
    CAPTURE(text);
    CHECK(seen(text) == kUnknown);
  }
}

TEST_CASE("What only begins like a picture is unknown") {
  for (const auto* text :
       {"", "B", "BM", "BMW dealers", "GIF", "GIF88a", "\x89PNG", "PK", "ES", "\xff\xd8", "0"}) {
    CAPTURE(text);
    CHECK(seen(text) == kUnknown);
  }
  CHECK(seen(base::Bytes(1U << 20, 0x30)) == kUnknown);
}

TEST_CASE("A picture cut anywhere never has a wrong size") {
  for (const auto& whole :
       {test::png(400, 300), test::gif(400, 300), test::jpg(400, 300), test::bmp(40, 400, 300)}) {
    const auto full = seen(whole);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto cut = seen(base::ByteView{whole}.first(size));
      if (cut.width == 0) continue;
      CHECK(cut == full);
    }
  }
}

TEST_CASE("A JPEG whose segments lead nowhere has no size and ends the walk") {
  using namespace std::string_view_literals;
  for (const auto text :
       {"\xff\xd8\xff\xe0\x00\x00"sv, "\xff\xd8\xff\xe0\x00\x01"sv, "\xff\xd8\xff\xe0\xff\xff"sv,
        "\xff\xd8\xff\xd9"sv, "\xff\xd8\xff\xda\x00\x02\xff\xc0"sv, "\xff\xd8\xff\x00\x00\x00"sv})
    CHECK(seen(text) == Seen{SealFormat::jpg, 0, 0});
  CHECK(seen("\xff\xd8" + std::string(1U << 16, '\xff')) == Seen{SealFormat::jpg, 0, 0});
}
