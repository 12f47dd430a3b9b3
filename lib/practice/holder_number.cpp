#include "practice/holder_number.hpp"

#include <fmt/format.h>

#include <array>

#include "base/error.hpp"

namespace ukey::practice {

namespace {

constexpr std::string_view kCreditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

unsigned digit_or_letter(char c) {
  return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'A' + 10);
}

char organisation_check(std::string_view stem) {
  constexpr std::array<unsigned, 8> kWeights{3, 7, 9, 10, 5, 8, 4, 2};
  unsigned sum = 0;
  for (std::size_t i = 0; i < stem.size(); ++i) sum += digit_or_letter(stem[i]) * kWeights[i];
  return "0X987654321"[sum % 11];  // 11 - remainder; 10 is X, 11 is 0
}

char credit_check(std::string_view code) {
  unsigned sum = 0, weight = 1;
  for (const char c : code) {
    sum += static_cast<unsigned>(kCreditAlphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return kCreditAlphabet[(31 - sum % 31) % 31];
}

}  // namespace

std::string credit_code(std::string_view stem) {
  if (stem.size() != 8 || stem.find_first_not_of(kCreditAlphabet) != stem.npos) {
    throw base::Error(base::Code::bug, std::string(stem));
  }
  std::string code = "91630000" + std::string(stem) + organisation_check(stem);
  return code + credit_check(code);
}

std::string fictitious_person_id(unsigned order) {
  constexpr std::array<unsigned, 17> kWeights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  std::string number = fmt::format("00000019000101{:03}", order % 1000);
  unsigned sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) sum += digit_or_letter(number[i]) * kWeights[i];
  return number + "10X98765432"[sum % 11];
}

}  // namespace ukey::practice
