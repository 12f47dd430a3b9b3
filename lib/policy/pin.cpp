#include "policy/pin.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/bytes.hpp"

namespace ukey::policy {

namespace {

// Delivered with tokens of many makers, hence the first that a thief tries.
constexpr std::array<std::string_view, 5> kWellKnown{"111111", "12345678", "123456", "000000",
                                                     "admin"};

/// The characters from `first` to `last`, by their octets.
struct Range {
  std::string_view first, last;
};

// Each in UTF-8, then in GBK.
constexpr std::array kFullWidth{Range{"\xef\xbc\x81", "\xef\xbd\x9e"},
                                Range{"\xa3\xa1", "\xa3\xfe"}};
// Blanks of other widths, what has no width, and what turns the direction of writing.
constexpr std::array kUnseen{
    Range{"\xc2\x80", "\xc2\xa0"},         Range{"\xc2\xad", "\xc2\xad"},
    Range{"\xe2\x80\x80", "\xe2\x80\x8f"}, Range{"\xe2\x80\xa8", "\xe2\x80\xaf"},
    Range{"\xe2\x81\x9f", "\xe2\x81\xaf"}, Range{"\xe3\x80\x80", "\xe3\x80\x80"},
    Range{"\xef\xbb\xbf", "\xef\xbb\xbf"}, Range{"\xa1\xa1", "\xa1\xa1"}};

template <std::size_t N>
bool begins_in(std::string_view text, const std::array<Range, N>& ranges) {
  return std::ranges::any_of(ranges, [text](const Range& range) {
    const auto one = text.substr(0, range.first.size());
    return range.first <= one && one <= range.last;
  });
}

std::uint8_t lower(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet - 'A' + 'a') : octet;
}

}  // namespace

std::optional<base::Cause> misread(const base::Secret& pin) {
  const auto text = base::as_text(pin.reveal());
  for (const std::string_view mark : {"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"})
    if (text.starts_with(mark)) return base::Cause::byte_order_mark;
  if (text.find('\0') != text.npos) return base::Cause::byte_order_mark;
  if (text.find_first_of("\r\n") != text.npos) return base::Cause::several_lines;
  return std::nullopt;
}

std::optional<base::Cause> mistyped(const base::Secret& pin) {
  const auto text = base::as_text(pin.reveal());
  const auto odd = std::ranges::find_if(text, [](char c) { return c < ' ' || c > '~'; });
  if (odd == text.end()) {
    const bool blank = text.starts_with(' ') || text.ends_with(' ');
    return blank ? std::optional{base::Cause::unseen_character} : std::nullopt;
  }
  const auto rest = text.substr(static_cast<std::size_t>(odd - text.begin()));
  const auto octet = static_cast<std::uint8_t>(rest.front());
  if (octet < 0x80 || begins_in(rest, kUnseen)) return base::Cause::unseen_character;
  return begins_in(rest, kFullWidth) ? base::Cause::full_width : base::Cause::not_ascii;
}

bool is_dressed(const base::Secret& pin) {
  const auto text = base::as_text(pin.reveal());
  if (text.size() < 3) return false;
  if (text.front() == text.back() && (text.front() == '"' || text.front() == '\'')) return true;
  const auto sign = text.find_first_of(":=");
  const auto in_word = [](char c) {
    return c == ' ' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  };
  return sign != text.npos && sign > 0 && std::ranges::all_of(text.substr(0, sign), in_word);
}

bool is_well_known(const base::Secret& pin) {
  const auto octets = pin.reveal();
  return std::ranges::any_of(kWellKnown, [octets](std::string_view known) {
    return std::ranges::equal(octets, known, [](std::uint8_t octet, char wanted) {
      return lower(octet) == static_cast<std::uint8_t>(wanted);
    });
  });
}

/// Octet by octet: memcmp would leave both in vector registers, which the loader saves on the
/// stack.
bool is_same(const base::Secret& one, const base::Secret& other) {
  return std::ranges::equal(one.reveal(), other.reveal(),
                            [](std::uint8_t a, std::uint8_t b) { return a == b; });
}

std::vector<model::PinDoubt> doubts_about(const base::Secret& fresh, const base::Secret* old) {
  std::vector<model::PinDoubt> out;
  if (old != nullptr && is_same(fresh, *old)) out.push_back(model::PinDoubt::same_pin);
  if (is_well_known(fresh)) out.push_back(model::PinDoubt::well_known_pin);
  return out;
}

model::TokenFlags graver(model::TokenFlags flags, const model::TokenFlags& others) {
  using model::TokenFlags;
  for (const auto flag :
       {&TokenFlags::user_count_low, &TokenFlags::user_final_try, &TokenFlags::user_locked,
        &TokenFlags::so_count_low, &TokenFlags::so_final_try, &TokenFlags::so_locked})
    flags.*flag = flags.*flag || others.*flag;
  return flags;
}

}  // namespace ukey::policy
