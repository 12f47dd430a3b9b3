#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "practice/module/acts.hpp"

namespace ukey::practice {

namespace {

/// How often a waiting call looks at the drawer.
constexpr std::chrono::milliseconds kPoll{100};

/// Of every practice token and its slot.
constexpr CK_VERSION kVersion{1, 0};

template <std::size_t Size>
void blank_padded(unsigned char (&field)[Size], std::string_view text) {
  std::fill(std::begin(field), std::end(field), static_cast<unsigned char>(' '));
  std::copy_n(text.begin(), std::min(text.size(), Size), std::begin(field));
}

/// The three counting flags of one PIN.
struct Ladder {
  CK_FLAGS low, last, locked;
};

constexpr Ladder kUser{CKF_USER_PIN_COUNT_LOW, CKF_USER_PIN_FINAL_TRY, CKF_USER_PIN_LOCKED};
constexpr Ladder kSo{CKF_SO_PIN_COUNT_LOW, CKF_SO_PIN_FINAL_TRY, CKF_SO_PIN_LOCKED};

CK_FLAGS rungs(const Ladder& ladder, unsigned long failures, unsigned long limit) {
  CK_FLAGS flags = failures > 0 ? ladder.low : 0;
  if (failures + 1 == limit) flags |= ladder.last;
  if (failures >= limit) flags |= ladder.locked;
  return flags;
}

CK_FLAGS with_state(CK_FLAGS flags, const TokenState& state) {
  for (const auto& ladder : {kUser, kSo}) flags &= ~(ladder.low | ladder.last | ladder.locked);
  flags &= ~(CKF_USER_PIN_TO_BE_CHANGED | CKF_SO_PIN_TO_BE_CHANGED);
  flags |= rungs(kUser, state.user_failures, state.limit);
  flags |= rungs(kSo, state.so_failures, state.limit);
  if (state.user_to_be_changed) flags |= CKF_USER_PIN_TO_BE_CHANGED;
  if (state.so_to_be_changed) flags |= CKF_SO_PIN_TO_BE_CHANGED;
  return flags;
}

/// What SoftHSM would say of a token that it has not read.
CK_TOKEN_INFO unopened(const Slot& slot, const TokenState& state) {
  CK_TOKEN_INFO info{};
  blank_padded(info.label, state.label);
  blank_padded(info.serialNumber, slot.serial);
  info.flags = CKF_RNG | CKF_LOGIN_REQUIRED | CKF_RESTORE_KEY_NOT_NEEDED | CKF_TOKEN_INITIALIZED;
  if (state.user_pin_set) info.flags |= CKF_USER_PIN_INITIALIZED;
  info.ulMaxSessionCount = info.ulMaxRwSessionCount = CK_EFFECTIVELY_INFINITE;
  info.ulSessionCount = info.ulRwSessionCount = CK_UNAVAILABLE_INFORMATION;
  info.ulMinPinLen = 4;
  info.ulMaxPinLen = 255;
  info.ulTotalPublicMemory = info.ulFreePublicMemory = CK_UNAVAILABLE_INFORMATION;
  info.ulTotalPrivateMemory = info.ulFreePrivateMemory = CK_UNAVAILABLE_INFORMATION;
  return info;
}

}  // namespace

CK_RV Act<&CK_FUNCTION_LIST::C_Finalize>::call(Instance&, void* reserved) { return end(reserved); }

CK_RV Act<&CK_FUNCTION_LIST::C_GetInfo>::call(Instance&, CK_INFO* info) {
  if (info == nullptr) return CKR_ARGUMENTS_BAD;
  *info = CK_INFO{};
  info->cryptokiVersion = {2, 40};
  info->libraryVersion = {0, 1};
  blank_padded(info->manufacturerID, "ukey");
  blank_padded(info->libraryDescription, "ukey practice tokens");
  return CKR_OK;
}

CK_RV Act<&CK_FUNCTION_LIST::C_GetSlotList>::call(Instance& instance, CK_BBOOL token_present,
                                                  CK_SLOT_ID* list, unsigned long* count) {
  if (count == nullptr) return CKR_ARGUMENTS_BAD;
  std::vector<CK_SLOT_ID> shown;
  for (const auto& slot : instance.slots()) {
    const bool skipped = token_present != CK_FALSE && !read_state(slot.state_file).plugged;
    if (!skipped) shown.push_back(slot.id);
  }
  const auto room = std::exchange(*count, shown.size());
  if (list == nullptr) return CKR_OK;
  if (room < shown.size()) return CKR_BUFFER_TOO_SMALL;
  std::copy(shown.begin(), shown.end(), list);
  return CKR_OK;
}

CK_RV Act<&CK_FUNCTION_LIST::C_GetSlotInfo>::call(Instance& instance, CK_SLOT_ID id,
                                                  CK_SLOT_INFO* info) {
  if (info == nullptr) return CKR_ARGUMENTS_BAD;
  *info = CK_SLOT_INFO{};
  blank_padded(info->slotDescription, "practice UKey");
  blank_padded(info->manufacturerID, "ukey");
  info->hardwareVersion = info->firmwareVersion = kVersion;
  info->flags = CKF_REMOVABLE_DEVICE;
  if (read_state(instance.slot(id)->state_file).plugged) info->flags |= CKF_TOKEN_PRESENT;
  return CKR_OK;
}

// A host that looks for one of many tokens asks all of them this, so SoftHSM, which would have to
// read the whole token first, is asked only where it has read it, or alone knows the answer.
CK_RV Act<&CK_FUNCTION_LIST::C_GetTokenInfo>::call(Instance& instance, CK_SLOT_ID id,
                                                   CK_TOKEN_INFO* info) {
  if (info == nullptr) return CKR_ARGUMENTS_BAD;
  const auto& slot = *instance.slot(id);
  const auto state = read_state(slot.state_file);
  auto below = instance.read_slot(id);
  if (!below && state.label.empty()) below = instance.below_slot(id);
  const auto rv = below ? below->functions->C_GetTokenInfo(below->number, info)
                        : (*info = unopened(slot, state), CKR_OK);
  if (rv != CKR_OK) return rv;
  blank_padded(info->manufacturerID, "ukey");
  blank_padded(info->model, "practice UKey");
  blank_padded(info->utcTime, "");  // a practice token has no clock
  info->hardwareVersion = info->firmwareVersion = kVersion;
  info->flags = with_state(info->flags, state);
  return CKR_OK;
}

CK_RV Act<&CK_FUNCTION_LIST::C_WaitForSlotEvent>::call(Instance& instance, CK_FLAGS flags,
                                                       CK_SLOT_ID* id, void* reserved) {
  if (id == nullptr || reserved != nullptr) return CKR_ARGUMENTS_BAD;
  for (;;) {
    if (instance.finished()) return CKR_CRYPTOKI_NOT_INITIALIZED;
    if (const auto event = instance.event()) return *id = *event, CKR_OK;
    if ((flags & CKF_DONT_BLOCK) != 0) return CKR_NO_EVENT;
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace ukey::practice
