#include "base/privacy.hpp"

#include <cstddef>

#include "base/bytes.hpp"

namespace ukey::base {

namespace {

constexpr std::size_t kHead = 3;
constexpr std::size_t kTail = 4;
constexpr std::size_t kLong = 18;
constexpr std::size_t kShort = 15;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool is_day(std::string_view month_day) {
  const int month = number(month_day.substr(0, 2));
  const int day = number(month_day.substr(2, 2));
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/// ISO 7064 MOD 11-2 over 17 digits.
bool checks_out(std::string_view id) {
  static constexpr int kWeights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < kLong - 1; ++i) sum += (id[i] - '0') * kWeights[i];
  const char wanted = "10X98765432"[sum % 11];
  return wanted == (id.back() == 'x' ? 'X' : id.back());
}

/// Eighteen characters with a date of birth. A number that begins with 9 is far more often a unit's
/// credit code, so there the check character decides.
bool is_long_id(std::string_view id) {
  const int year = number(id.substr(6, 4));
  if (year < 1880 || year > 2099 || !is_day(id.substr(10, 4))) return false;
  return id.front() != '9' || checks_out(id);
}

bool is_short_id(std::string_view id) { return is_day(id.substr(8, 4)); }

/// Where in `run` (digits, perhaps a last X) a personal number begins, and its length; length 0:
/// nowhere.
struct Place {
  std::size_t at = 0;
  std::size_t length = 0;
};

Place place_in(std::string_view run) {
  if (run.size() == kLong && is_long_id(run)) return {0, kLong};
  if (run.size() == kShort && is_short_id(run)) return {0, kShort};
  if (run.size() == kLong + 1 && is_long_id(run.substr(1)))
    return {1, kLong};  // "SF0" and the number
  if (run.size() == kShort + 1 && is_short_id(run.substr(1))) return {1, kShort};
  for (std::size_t at = 0; at + kLong <= run.size(); ++at) {
    const auto window = run.substr(at, kLong);
    if (window.find_first_of("Xx") < kLong - 1) continue;
    if (is_long_id(window) && checks_out(window)) return {at, kLong};
  }
  return {};
}

std::string masked_numbers(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t size = 0;
    while (size < text.size() && is_digit(text[size])) ++size;
    if (size == 0) {
      out.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    if (size < text.size() && size + 1 >= kLong && (text[size] == 'X' || text[size] == 'x')) ++size;
    const auto run = text.substr(0, size);
    const Place place = place_in(run);
    out += run.substr(0, place.at);
    out += masked_id(run.substr(place.at, place.length));
    out += run.substr(place.at + place.length);
    text.remove_prefix(size);
  }
  return out;
}

std::string replaced(std::string text, std::string_view known) {
  if (known.empty()) return text;
  const std::string mask = masked_id(known);
  for (std::size_t at = text.find(known); at != std::string::npos;
       at = text.find(known, at + mask.size()))
    text.replace(at, known.size(), mask);
  return text;
}

/// RFC 2253, 2.4: "#" and the hexadecimal DER of a value whose type has no text form.
std::string masked_hex(std::string_view hex, std::string_view known) {
  const auto octets = base::unhex(hex);
  if (!octets) return std::string{hex};
  const std::string before{base::as_text(*octets)};
  const std::string after = masked_numbers(replaced(before, known));
  return before == after ? std::string{hex} : base::hex(base::as_bytes(after));
}

}  // namespace

std::string masked_id(std::string_view id) {
  std::size_t characters = 0;
  for (const char c : id) characters += continues(c) ? 0 : 1;
  const bool all = characters <= kHead + kTail;
  std::string out;
  std::size_t seen = 0;
  for (const char c : id) {
    if (!continues(c)) ++seen;
    const bool kept = !all && (seen <= kHead || seen > characters - kTail);
    if (kept) out.push_back(c);
    if (!kept && !continues(c)) out.push_back('*');
  }
  return out;
}

std::string masked_text(std::string_view text, std::string_view known) {
  std::string out;
  while (true) {
    const auto at = text.find("=#");
    out += masked_numbers(replaced(std::string{text.substr(0, at)}, known));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 2);
    std::size_t size = 0;
    while (size < text.size() && is_hex(text[size])) ++size;
    out += "=#" + masked_hex(text.substr(0, size), known);
    text.remove_prefix(size);
  }
}

}  // namespace ukey::base
