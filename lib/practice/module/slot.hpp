// The slots of a drawer: one for each token, plugged in or not, with a number that follows from the
// token's serial. It refuses to ask SoftHSM.
#pragma once

#include <p11-kit/pkcs11.h>

#include <filesystem>
#include <string>
#include <vector>

#include "practice/state_file.hpp"
#include "practice/store.hpp"

namespace ukey::practice {

/// A slot and the one token that belongs into it.
struct Slot {
  CK_SLOT_ID id = 0;
  std::string serial;
  std::string label, name;      ///< as the drawer knew them at the beginning, perhaps ""
  std::filesystem::path store;  ///< of SoftHSM, with the token in it
  std::filesystem::path state_file;
  unsigned long live = 0;       ///< the insertion that SoftHSM's open sessions belong to
  unsigned long announced = 0;  ///< the insertion last told by C_WaitForSlotEvent, 0 when unplugged
};

/// The insertion of a state, 0 when unplugged: two states that differ in it have an event between
/// them.
[[nodiscard]] inline unsigned long presence(const TokenState& state) {
  return state.plugged ? state.insertions : 0;
}

/// The slots of the drawer by serial. Throws std::system_error for what cannot be read.
[[nodiscard]] std::vector<Slot> slots_of(const std::filesystem::path& drawer);

/// What `functions` (SoftHSM's) calls the slot of the token `serial`; CKR_DEVICE_ERROR when it does
/// not show that token.
[[nodiscard]] CK_RV find_slot(CK_FUNCTION_LIST& functions, const std::string& serial,
                              CK_SLOT_ID& found);

}  // namespace ukey::practice
