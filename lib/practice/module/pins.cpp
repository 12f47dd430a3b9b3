#include <algorithm>
#include <string>

#include "practice/module/acts.hpp"

namespace ukey::practice {

namespace {

enum class Who { user, so };

/// Sends a PIN as a real token takes it: the try is on the disk before the PIN is looked at, so
/// pulling the token out in between gains nothing. Other processes wait meanwhile.
template <typename Forward>
CK_RV tried(const Slot& slot, Who who, const Forward& forward) {
  HeldState held(slot.state_file);
  auto& failures = who == Who::so ? held.state.so_failures : held.state.user_failures;
  if (failures >= held.state.limit) return CKR_PIN_LOCKED;
  const auto before = failures++;
  held.save();
  const CK_RV rv = forward();
  if (rv == CKR_PIN_INCORRECT) return rv;
  failures = rv == CKR_OK ? 0 : before;  // any other answer: the PIN was never looked at
  held.save();
  return rv;
}

bool so_is_logged_in(const Below& session) {
  CK_SESSION_INFO info{};
  const auto rv = session.functions->C_GetSessionInfo(session.number, &info);
  return rv == CKR_OK && info.state == CKS_RW_SO_FUNCTIONS;
}

/// The label without its padding; "" for one that does not fit a line of the state file.
std::string label_in(const unsigned char* padded) {
  std::string label(padded, padded + sizeof(CK_TOKEN_INFO::label));
  label.erase(label.find_last_not_of(' ') + 1);
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  return std::ranges::any_of(label, control) ? "" : label;
}

}  // namespace

CK_RV Act<&CK_FUNCTION_LIST::C_Login>::call(Instance& instance, CK_SESSION_HANDLE session,
                                            CK_USER_TYPE user, unsigned char* pin,
                                            unsigned long pin_size) {
  const auto below = instance.below_session(session);
  const auto forward = [&] { return below.functions->C_Login(below.number, user, pin, pin_size); };
  const auto* const slot = instance.slot_of(session);
  if (slot == nullptr) return CKR_SESSION_HANDLE_INVALID;
  if (user == CKU_SO) return tried(*slot, Who::so, forward);
  if (user == CKU_USER || user == CKU_CONTEXT_SPECIFIC) return tried(*slot, Who::user, forward);
  return forward();
}

CK_RV Act<&CK_FUNCTION_LIST::C_SetPIN>::call(Instance& instance, CK_SESSION_HANDLE session,
                                             unsigned char* old_pin, unsigned long old_size,
                                             unsigned char* new_pin, unsigned long new_size) {
  const auto* const slot = instance.slot_of(session);
  if (slot == nullptr) return CKR_SESSION_HANDLE_INVALID;
  const auto below = instance.below_session(session);
  const auto who = so_is_logged_in(below) ? Who::so : Who::user;
  const auto rv = tried(*slot, who, [&] {
    return below.functions->C_SetPIN(below.number, old_pin, old_size, new_pin, new_size);
  });
  if (rv != CKR_OK) return rv;
  HeldState held(slot->state_file);
  (who == Who::so ? held.state.so_to_be_changed : held.state.user_to_be_changed) = false;
  held.save();
  return rv;
}

CK_RV Act<&CK_FUNCTION_LIST::C_InitPIN>::call(Instance& instance, CK_SESSION_HANDLE session,
                                              unsigned char* pin, unsigned long pin_size) {
  const auto* const slot = instance.slot_of(session);
  if (slot == nullptr) return CKR_SESSION_HANDLE_INVALID;
  const auto below = instance.below_session(session);
  HeldState held(slot->state_file);
  const auto rv = below.functions->C_InitPIN(below.number, pin, pin_size);
  if (rv != CKR_OK) return rv;
  held.state.user_failures = 0;
  held.state.user_pin_set = true;
  held.save();
  return rv;
}

CK_RV Act<&CK_FUNCTION_LIST::C_InitToken>::call(Instance& instance, CK_SLOT_ID id,
                                                unsigned char* pin, unsigned long pin_size,
                                                unsigned char* label) {
  const auto& slot = *instance.slot(id);
  const auto below = instance.below_slot(id);
  const auto rv = tried(slot, Who::so, [&] {
    return below.functions->C_InitToken(below.number, pin, pin_size, label);
  });
  if (rv != CKR_OK) return rv;
  HeldState held(slot.state_file);
  held.state.label = label_in(label);
  held.state.user_failures = 0;
  held.state.user_pin_set = false;
  held.state.user_to_be_changed = false;
  held.save();
  return rv;
}

}  // namespace ukey::practice
