#include <doctest/doctest.h>

#include <algorithm>

#include "practice/picture.hpp"

using namespace ukey::practice;
using ukey::base::as_text;
using ukey::base::Bytes;

namespace {

unsigned big_endian(const Bytes& file, std::size_t at) {
  return static_cast<unsigned>(file.at(at) << 24 | file.at(at + 1) << 16 | file.at(at + 2) << 8 |
                               file.at(at + 3));
}

unsigned little_endian(const Bytes& file, std::size_t at) {
  return static_cast<unsigned>(file.at(at + 3) << 24 | file.at(at + 2) << 16 |
                               file.at(at + 1) << 8 | file.at(at));
}

}  // namespace

TEST_CASE("a PNG has its magic, its size in pixels, its end, and about 30 KB") {
  const auto file = png(round_seal(170), kSealRed);
  CHECK(as_text(file).starts_with("\x89PNG\r\n\x1a\n"));
  CHECK(as_text(file).substr(12, 4) == "IHDR");
  CHECK(big_endian(file, 16) == 170);
  CHECK(big_endian(file, 20) == 170);
  CHECK(as_text(file).ends_with("IEND\xae\x42\x60\x82"));
  CHECK(file.size() > 28'000);
  CHECK(file.size() < 33'000);
}

TEST_CASE("a PNG of more than 65,535 octets is stored in several blocks") {
  const auto file = png(round_seal(300), kSealRed);
  const auto data = as_text(file).find("IDAT") + 4 + 2;
  CHECK(file.at(data) == 0);
  CHECK(file.at(data + 1) == 0xff);
  CHECK(file.at(data + 5 + 65535) == 1);
}

TEST_CASE("a BMP says its own length, its size in pixels and 8 bits a pixel") {
  const auto file = bmp(square_seal(170), kSealRed);
  CHECK(as_text(file).starts_with("BM"));
  CHECK(little_endian(file, 2) == file.size());
  CHECK(little_endian(file, 18) == 170);
  CHECK(little_endian(file, 22) == 170);
  CHECK(file.at(28) == 8);
  CHECK(little_endian(file, 10) + 172 * 170 == file.size());
}

TEST_CASE("the drawings are inked where they should be and bare elsewhere") {
  const auto round = round_seal(100);
  REQUIRE(round.ink.size() == 100 * 100);
  CHECK(round.ink.at(50 * 100 + 50) == 255);  // the star's middle
  CHECK(round.ink.at(50 * 100 + 4) == 255);   // the ring
  CHECK(round.ink.at(50 * 100 + 20) == 0);    // between them
  CHECK(round.ink.at(0) == 0);
  const auto square = square_seal(100);
  CHECK(square.ink.at(50 * 100 + 5) == 255);
  CHECK(square.ink.at(0) == 0);
  const auto stroke = pen_stroke(240, 120);
  REQUIRE(stroke.ink.size() == 240 * 120);
  CHECK(std::count(stroke.ink.begin(), stroke.ink.end(), 255) > 500);
  CHECK(std::count(stroke.ink.begin(), stroke.ink.end(), 0) > 20'000);
}
