// One initialisation of the module: the drawer, SoftHSM's copy over it, the slots and the sessions
// opened through us. It keeps what must be known before a call may be forwarded; it refuses to
// forward by itself.
#pragma once

#include <p11-kit/pkcs11.h>
#include <sys/types.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "practice/module/functions.hpp"
#include "practice/softhsm.hpp"
#include "practice/state_file.hpp"

namespace ukey::practice {

/// A slot and the one token that belongs into it, plugged in or not.
struct Slot {
  CK_SLOT_ID id = 0;
  std::filesystem::path state_file;
  unsigned long live = 0;       ///< the insertion that SoftHSM's open sessions belong to
  unsigned long announced = 0;  ///< the insertion last told by C_WaitForSlotEvent, 0 when unplugged
};

/// The insertion of a state, 0 when unplugged: two states that differ in it have an event between
/// them.
[[nodiscard]] inline unsigned long presence(const TokenState& state) {
  return state.plugged ? state.insertions : 0;
}

class Instance {
 public:
  /// Loads and initialises SoftHSM over the drawer; without a drawer there are no slots. Throws
  /// CK_RV-bearing Refused.
  Instance(const std::filesystem::path& drawer, void* arguments);

  struct Refused {
    CK_RV rv;
  };

  /// Only when there is a slot.
  [[nodiscard]] CK_FUNCTION_LIST& below() const { return softhsm_->functions(); }
  [[nodiscard]] bool has_tokens() const { return softhsm_ != nullptr; }

  /// Why a call on `number` (a slot's or session's, as `subject` says) may not be forwarded; absent
  /// when it may.
  [[nodiscard]] std::optional<CK_RV> refusal(Subject subject, unsigned long number);

  /// The slots in SoftHSM's order; their number and identifiers never change.
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  /// The slot of that number, or of that session; null when there is none.
  [[nodiscard]] const Slot* slot(CK_SLOT_ID id) const;
  [[nodiscard]] const Slot* slot_of(CK_SESSION_HANDLE session);

  /// Ends what SoftHSM still holds from an earlier insertion of the token, its login with it.
  void sweep(CK_SLOT_ID id);
  void opened(CK_SESSION_HANDLE session, CK_SLOT_ID id);
  void closed(CK_SESSION_HANDLE session);
  void closed_all(CK_SLOT_ID id);

  /// The first slot whose token came or went since it was last asked; absent when none did.
  [[nodiscard]] std::optional<CK_SLOT_ID> event();

  /// Finalises SoftHSM and wakes who waits for an event.
  CK_RV finish();
  [[nodiscard]] bool finished() const { return finished_; }

 private:
  struct Opened {
    CK_SLOT_ID slot;
    unsigned long insertion;
  };

  void read_slots(const std::filesystem::path& drawer);

  std::unique_ptr<SoftHsm> softhsm_;
  std::vector<Slot> slots_;
  std::mutex mutex_;
  std::map<CK_SESSION_HANDLE, Opened> sessions_;
  std::atomic<bool> finished_ = false;
};

/// The instance of this process; null before C_Initialize and in a child that has not called it.
[[nodiscard]] std::shared_ptr<Instance> current();

/// C_Initialize and C_Finalize.
[[nodiscard]] CK_RV begin(void* arguments);
[[nodiscard]] CK_RV end(void* reserved);

}  // namespace ukey::practice
