#include "base/text.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <array>
#include <cstdint>
#include <optional>

namespace ukey::base {

namespace {

struct Character {
  char32_t value = 0;
  std::size_t length = 0;  // octets; 0: malformed, kCut: the text ends inside a character
};
constexpr std::size_t kCut = 99;

constexpr char32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};

/// Reads the character at the front of `text`, which is not empty.
Character next(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return {};
  char32_t value = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size()) return {0, kCut};
    const auto octet = static_cast<unsigned char>(text[i]);
    if ((octet & 0xc0) != 0x80) return {};
    value = (value << 6) | (octet & 0x3f);
  }
  if (value < kLowest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
    return {};
  return {value, length};
}

/// Length of the longest well-formed beginning; `cut` tells whether only an unfinished character
/// follows.
std::size_t well_formed(std::string_view text, bool& cut) {
  std::size_t done = 0;
  cut = false;
  while (done < text.size()) {
    const Character c = next(text.substr(done));
    if (c.length == kCut) cut = true;
    if (c.length == 0 || c.length == kCut) return done;
    done += c.length;
  }
  return done;
}

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool within(char32_t c, const std::array<Range, N>& ranges) {
  for (const auto& range : ranges)
    if (c >= range.first && c <= range.last) return true;
  return false;
}

// clang-format off
// Unicode 15: what East_Asian_Width calls W or F, in coarse blocks.
constexpr std::array kWide{
    Range{0x1100, 0x115f}, Range{0x2e80, 0x303e}, Range{0x3041, 0x33ff}, Range{0x3400, 0x4dbf},
    Range{0x4e00, 0x9fff}, Range{0xa000, 0xa4cf}, Range{0xac00, 0xd7a3}, Range{0xf900, 0xfaff},
    Range{0xfe30, 0xfe6f}, Range{0xff00, 0xff60}, Range{0xffe0, 0xffe6}, Range{0x1f300, 0x3fffd}};
// Combining marks of the scripts that a name may be written in, and variation selectors.
constexpr std::array kMarks{
    Range{0x0300, 0x036f}, Range{0x0483, 0x0489}, Range{0x064b, 0x065f}, Range{0x0f71, 0x0f7e},
    Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff}, Range{0x2060, 0x2060}, Range{0x20d0, 0x20ff}, Range{0x302a, 0x302d},
    Range{0x3099, 0x309a}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}};
// What steers a terminal or hides text: controls, bidirectional marks, separators, and whatever Unicode shows as
// nothing at all (fillers, joiners, tags).
constexpr std::array kUnsafe{
    Range{0x00, 0x1f},     Range{0x7f, 0x9f},     Range{0xad, 0xad},     Range{0x034f, 0x034f},
    Range{0x061c, 0x061c}, Range{0x115f, 0x1160}, Range{0x17b4, 0x17b5}, Range{0x180b, 0x180f},
    Range{0x200b, 0x200f}, Range{0x2028, 0x202e}, Range{0x2060, 0x206f}, Range{0x3164, 0x3164},
    Range{0xfeff, 0xfeff}, Range{0xffa0, 0xffa0}, Range{0xfff9, 0xfffb}, Range{0xe0000, 0xe0fff}};
// clang-format on

std::size_t width(char32_t c) {
  if (within(c, kMarks)) return 0;
  return within(c, kWide) ? 2 : 1;
}

std::optional<std::string> converted(std::string_view text, const char* to, const char* from) {
  std::string out(text.size() * 4 + 16, '\0');  // before the converter, which nothing else closes
  std::string in{text};
  const iconv_t cd = iconv_open(to, from);
  if (cd == reinterpret_cast<iconv_t>(-1)) return std::nullopt;
  char* source = in.data();
  std::size_t left = in.size();
  char* target = out.data();
  std::size_t room = out.size();
  constexpr auto kFailed = static_cast<std::size_t>(-1);
  const bool done = iconv(cd, &source, &left, &target, &room) != kFailed &&
                    iconv(cd, nullptr, nullptr, &target, &room) != kFailed;  // shift state
  iconv_close(cd);
  if (!done) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

std::string escaped(ByteView octets) {
  std::string out;
  for (const auto octet : octets) {
    if (octet >= 0x20 && octet < 0x7f)
      out.push_back(static_cast<char>(octet));
    else
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", octet);
  }
  return out;
}

std::string decoded_field(ByteView octets, bool may_be_cut) {
  const auto text = as_text(octets);
  bool cut = false;
  const std::size_t good = well_formed(text, cut);
  if (good == text.size() || (may_be_cut && cut && good > 0))
    return std::string{text.substr(0, good)};
  if (auto gbk = converted(text, "UTF-8", "GBK")) return *gbk;
  if (may_be_cut && text.size() > 1) {  // a two-octet GBK character may be cut as well
    if (auto gbk = converted(text.substr(0, text.size() - 1), "UTF-8", "GBK")) return *gbk;
  }
  return escaped(octets);
}

}  // namespace

bool is_utf8(std::string_view text) {
  bool cut = false;
  return well_formed(text, cut) == text.size();
}

std::string token_text(ByteView field) {
  std::size_t size = field.size();
  while (size > 0 && (field[size - 1] == ' ' || field[size - 1] == 0)) --size;
  return decoded_field(field.first(size), size == field.size());
}

std::optional<std::string> readable(ByteView octets) {
  const auto text = as_text(octets);
  return is_utf8(text) ? std::string{text} : converted(text, "UTF-8", "GBK");
}

std::string decoded(ByteView octets) { return decoded_field(octets, false); }

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Character c = next(text);
    if (c.length == 0 || c.length == kCut) {
      out += escaped(as_bytes(text.substr(0, 1)));
      text.remove_prefix(1);
      continue;
    }
    if (!within(c.value, kUnsafe))
      out += text.substr(0, c.length);
    else if (c.value < 0x80)
      out += escaped(as_bytes(text.substr(0, 1)));
    else
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<std::uint32_t>(c.value));
    text.remove_prefix(c.length);
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  while (!text.empty()) {
    const Character c = next(text);
    const bool good = c.length != 0 && c.length != kCut;
    total += good ? width(c.value) : 1;
    text.remove_prefix(good ? c.length : 1);
  }
  return total;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t taken = columns(text);
  std::string out{text};
  if (taken < width) out.append(width - taken, ' ');
  return out;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (width == 0) return {};
  if (columns(text) <= width) return std::string{text};
  std::string out;
  std::size_t taken = 0;
  while (!text.empty()) {
    const Character c = next(text);
    const std::size_t length = c.length == 0 || c.length == kCut ? 1 : c.length;
    const std::size_t more = columns(text.substr(0, length));
    if (taken + more + 1 > width) break;
    out += text.substr(0, length);
    taken += more;
    text.remove_prefix(length);
  }
  return out + "…";
}

std::string encoded(std::string_view text, const std::string& charset) {
  if (charset.empty() || charset == "UTF-8") return std::string{text};
  if (!converted("", charset.c_str(), "UTF-8")) return std::string{text};
  if (auto whole = converted(text, charset.c_str(), "UTF-8")) return *whole;
  std::string out;
  while (!text.empty()) {
    const Character c = next(text);
    const std::size_t length = c.length == 0 || c.length == kCut ? 1 : c.length;
    out += converted(text.substr(0, length), charset.c_str(), "UTF-8").value_or("?");
    text.remove_prefix(length);
  }
  return out;
}

std::string ascii_lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace ukey::base
