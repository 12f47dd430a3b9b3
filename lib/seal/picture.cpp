#include "seal/picture.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace ukey::seal {

namespace {

using base::ByteView;
using model::Picture;
using model::SealFormat;

/// An unsigned number of `count` octets at `at`; absent when the octets end before.
std::optional<unsigned long> big(ByteView octets, std::size_t at, std::size_t count) {
  if (at > octets.size() || count > octets.size() - at) return std::nullopt;
  unsigned long value = 0;
  for (const auto octet : octets.subspan(at, count)) value = (value << 8) | octet;
  return value;
}

std::optional<unsigned long> little(ByteView octets, std::size_t at, std::size_t count) {
  if (at > octets.size() || count > octets.size() - at) return std::nullopt;
  unsigned long value = 0;
  for (std::size_t i = count; i > 0; --i) value = (value << 8) | octets[at + i - 1];
  return value;
}

/// Both sides or none: a side that is zero or absent says that the header is not to be believed.
Picture sized(SealFormat format, std::optional<unsigned long> width,
              std::optional<unsigned long> height) {
  if (width.value_or(0) == 0 || height.value_or(0) == 0) return {format, {}, {}};
  return {format, width, height};
}

constexpr std::size_t kIhdr = 12;  // the first chunk's name (PNG, 11.2.2: IHDR comes first)

Picture png(ByteView octets) {
  const auto text = base::as_text(octets);
  if (text.size() < kIhdr + 4 || text.substr(kIhdr, 4) != "IHDR") return {SealFormat::png, {}, {}};
  return sized(SealFormat::png, big(octets, kIhdr + 4, 4), big(octets, kIhdr + 8, 4));
}

bool is_frame_header(unsigned long marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/// Walks the marker segments up to the frame header (ITU-T T.81, B.2.2); stops where the scan
/// begins.
Picture jpg(ByteView octets) {
  std::size_t at = 2;
  for (;;) {
    const auto lead = big(octets, at, 1);
    const auto marker = big(octets, at + 1, 1);
    if (!marker || lead != 0xff || marker == 0xd9 || marker == 0xda) break;
    if (marker == 0xff) {  // fill octets may stand before a marker
      ++at;
      continue;
    }
    if (marker == 0x01 || (*marker >= 0xd0 && *marker <= 0xd8)) {  // markers without a segment
      at += 2;
      continue;
    }
    const auto length = big(octets, at + 2, 2);
    if (!length || *length < 2) break;
    if (is_frame_header(*marker))
      return sized(SealFormat::jpg, big(octets, at + 7, 2), big(octets, at + 5, 2));
    at += 2 + *length;
  }
  return {SealFormat::jpg, {}, {}};
}

bool is_bmp(ByteView octets) {
  const auto header = little(octets, 14, 4).value_or(0);
  if (!base::as_text(octets).starts_with("BM")) return false;
  for (const auto known : {12UL, 16UL, 40UL, 52UL, 56UL, 64UL, 108UL, 124UL})
    if (header == known) return true;
  return false;  // "BM" alone begins many a text
}

/// Sides are 16 bits wide in the oldest header; later they are signed, and a negative height means
/// top-down rows.
Picture bmp(ByteView octets) {
  if (little(octets, 14, 4) == 12UL)
    return sized(SealFormat::bmp, little(octets, 18, 2), little(octets, 20, 2));
  auto width = little(octets, 18, 4);
  auto height = little(octets, 22, 4);
  if (width && *width > 0x7fffffff) width.reset();
  if (height && *height > 0x7fffffff) height = 0x100000000 - *height;
  return sized(SealFormat::bmp, width, height);
}

/// Drops a prefix up to and with `end`; false when `end` does not come.
bool drop_through(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  if (at == std::string_view::npos) return false;
  text.remove_prefix(at + end.size());
  return true;
}

bool drop_doctype(std::string_view& text) {
  const auto subset = text.find('[');
  if (subset < text.find('>') && !drop_through(text, "]")) return false;
  return drop_through(text, ">");
}

/// The first element is svg; before it only what XML allows there.
bool is_svg(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    bool more = false;
    if (text.starts_with("<?"))
      more = drop_through(text, "?>");
    else if (text.starts_with("<!--"))
      more = drop_through(text, "-->");
    else if (text.starts_with("<!DOCTYPE"))
      more = drop_doctype(text);
    if (!more) break;
  }
  constexpr std::string_view kElement = "<svg";
  return text.starts_with(kElement) && text.size() > kElement.size() &&
         std::string_view{" \t\r\n/>"}.find(text[kElement.size()]) != std::string_view::npos;
}

}  // namespace

Picture sniff_picture(ByteView octets) {
  using namespace std::string_view_literals;
  const auto text = base::as_text(octets);
  if (text.starts_with("\x89PNG\r\n\x1a\n"sv)) return png(octets);
  if (text.starts_with("\xff\xd8\xff"sv)) return jpg(octets);
  if (text.starts_with("GIF87a"sv) || text.starts_with("GIF89a"sv))
    return sized(SealFormat::gif, little(octets, 6, 2), little(octets, 8, 2));
  if (is_bmp(octets)) return bmp(octets);
  if (text.starts_with("PK\x03\x04"sv)) return {SealFormat::ofd, {}, {}};
  if (is_svg(text)) return {SealFormat::svg, {}, {}};
  return {};
}

}  // namespace ukey::seal
