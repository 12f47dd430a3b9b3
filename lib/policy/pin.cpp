#include "policy/pin.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace ukey::policy {

namespace {

// Delivered with tokens of many makers, hence the first that a thief tries.
constexpr std::array<std::string_view, 5> kWellKnown{"111111", "12345678", "123456", "000000",
                                                     "admin"};

std::uint8_t lower(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet - 'A' + 'a') : octet;
}

}  // namespace

bool is_well_known(const base::Secret& pin) {
  const auto octets = pin.reveal();
  return std::ranges::any_of(kWellKnown, [octets](std::string_view known) {
    return std::ranges::equal(octets, known, [](std::uint8_t octet, char wanted) {
      return lower(octet) == static_cast<std::uint8_t>(wanted);
    });
  });
}

bool is_same(const base::Secret& one, const base::Secret& other) {
  return std::ranges::equal(one.reveal(), other.reveal());
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
