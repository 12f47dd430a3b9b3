#include "x509/number.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace ukey::x509 {

namespace {

constexpr std::size_t kLength = 18;  // of both numbers
constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr std::string_view kDepartments =
    "123456789ANY";  // GB 32100-2015, table 1, with later additions

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

}  // namespace

bool is_uscc(std::string_view text) {
  if (text.size() != kLength) return false;
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char c : text.substr(0, kLength - 1)) {
    const auto value = kUsccAlphabet.find(c);
    if (value == std::string_view::npos) return false;
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  return kUsccAlphabet[(31 - sum % 31) % 31] == text.back();
}

bool is_resident_id(std::string_view text) {
  if (text.size() != kLength) return false;
  const auto digits = text.substr(0, kLength - 1);
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  using namespace std::chrono;
  const year_month_day born{year{number(text.substr(6, 4))},
                            month{static_cast<unsigned>(number(text.substr(10, 2)))},
                            day{static_cast<unsigned>(number(text.substr(12, 2)))}};
  if (!born.ok() || born.year() < year{1900} || born.year() > year{2100}) return false;
  int sum = 0;
  int weight = 1;  // powers of two from the right, modulo 11
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    weight = weight * 2 % 11;
    sum += (*digit - '0') * weight;
  }
  const char last = text.back() == 'x' ? 'X' : text.back();
  return std::string_view{"10X98765432"}[static_cast<std::size_t>(sum % 11)] == last;
}

bool looks_like_uscc(std::string_view text) {
  if (text.size() != kLength) return false;
  if (kDepartments.find(text.front()) == std::string_view::npos) return false;
  const auto region = text.substr(2, 6);
  if (!std::all_of(region.begin(), region.end(), is_digit)) return false;
  if (text.find_first_not_of(kUsccAlphabet) != std::string_view::npos) return false;
  const auto inside = text.substr(0, kLength - 1);
  const bool letter_inside = !std::all_of(inside.begin(), inside.end(), is_digit);
  return letter_inside || (!is_digit(text.back()) && text.back() != 'X');
}

std::optional<std::string> uscc_in(std::string_view text) {
  std::optional<std::string> likely;
  for (std::size_t at = 0; at + kLength <= text.size(); ++at) {
    if (at > 0 && is_alphanumeric(text[at - 1])) continue;
    if (at + kLength < text.size() && is_alphanumeric(text[at + kLength])) continue;
    const auto window = text.substr(at, kLength);
    if (is_resident_id(window)) continue;
    if (is_uscc(window)) return std::string{window};
    if (!likely && looks_like_uscc(window)) likely = std::string{window};
  }
  return likely;
}

}  // namespace ukey::x509
