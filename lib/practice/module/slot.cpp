#include "practice/module/slot.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace ukey::practice {

namespace {

/// As SoftHSM numbers it: by the last eight digits of the serial. Another token's number is
/// skipped.
CK_SLOT_ID number_for(std::string_view serial, const std::vector<Slot>& others) {
  CK_SLOT_ID id = 0;
  const auto digits = serial.substr(serial.size() - 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), id, 16);
  id &= 0x7fffffff;
  while (std::ranges::find(others, id, &Slot::id) != others.end()) ++id;
  return id;
}

std::string serial_of(const CK_TOKEN_INFO& info) {
  std::string text(std::begin(info.serialNumber), std::end(info.serialNumber));
  const auto last = text.find_last_not_of(std::string_view(" \0", 2));
  return text.substr(0, last + 1);
}

}  // namespace

std::vector<Slot> slots_of(const std::filesystem::path& drawer) {
  std::vector<Slot> slots;
  for (auto& token : stored_tokens(drawer)) {
    Slot slot;
    slot.id = number_for(token.serial, slots);
    slot.state_file = state_path(drawer, token.serial);
    slot.serial = std::move(token.serial);
    slot.store = std::move(token.store);
    auto state = read_state(slot.state_file);
    slot.live = state.insertions;
    slot.announced = presence(state);
    slot.label = std::move(state.label);
    slot.name = std::move(state.name);
    slots.push_back(std::move(slot));
  }
  return slots;
}

CK_RV find_slot(CK_FUNCTION_LIST& functions, const std::string& serial, CK_SLOT_ID& found) {
  unsigned long count = 0;
  CK_RV rv = functions.C_GetSlotList(CK_TRUE, nullptr, &count);
  std::vector<CK_SLOT_ID> ids(count);
  if (rv == CKR_OK) rv = functions.C_GetSlotList(CK_TRUE, ids.data(), &count);
  if (rv != CKR_OK) return rv;
  for (const auto id : ids) {
    CK_TOKEN_INFO info{};
    rv = functions.C_GetTokenInfo(id, &info);
    if (rv != CKR_OK) return rv;
    if ((info.flags & CKF_TOKEN_INITIALIZED) == 0) continue;  // SoftHSM's room for one more
    if (serial_of(info) == serial) return found = id, CKR_OK;
  }
  return CKR_DEVICE_ERROR;
}

}  // namespace ukey::practice
