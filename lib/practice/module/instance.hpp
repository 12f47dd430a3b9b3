// One initialisation of the module: the drawer, the slots, the copies of SoftHSM below them, and
// the sessions opened through us. It keeps what must be known before a call may be forwarded; it
// refuses to forward by itself.
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

#include "practice/module/copies.hpp"
#include "practice/module/functions.hpp"
#include "practice/module/slot.hpp"

namespace ukey::practice {

/// The functions of a copy of SoftHSM, and what it calls the slot or session.
struct Below {
  CK_FUNCTION_LIST* functions = nullptr;
  unsigned long number = 0;
};

class Instance {
 public:
  /// Finds the tokens of the drawer and loads SoftHSM, which reads none of them yet; without a
  /// drawer there are no slots. Throws CK_RV-bearing Refused for arguments that PKCS#11 forbids.
  Instance(const std::filesystem::path& drawer, void* arguments);

  struct Refused {
    CK_RV rv;
  };

  /// Why a call on `number` (a slot's or session's, as `subject` says) may not be forwarded; absent
  /// when it may.
  [[nodiscard]] std::optional<CK_RV> refusal(Subject subject, unsigned long number);

  /// The slots by serial; their number and identifiers never change.
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  /// The slot of that number, or of that session; null when there is none.
  [[nodiscard]] const Slot* slot(CK_SLOT_ID id) const;
  [[nodiscard]] const Slot* slot_of(CK_SESSION_HANDLE session);
  /// The slot that a call on `number` is for; null when it is for none.
  [[nodiscard]] const Slot* token_of(Subject subject, unsigned long number);

  /// What lies below a slot; SoftHSM reads the token when it is first asked for. Throws Refused.
  [[nodiscard]] Below below_slot(CK_SLOT_ID id);
  /// The same, but absent while SoftHSM has not read the token.
  [[nodiscard]] std::optional<Below> read_slot(CK_SLOT_ID id);
  /// What lies below a session. Throws Refused.
  [[nodiscard]] Below below_session(CK_SESSION_HANDLE session);

  /// Ends what SoftHSM still holds from an earlier insertion of the token, its login with it.
  void sweep(CK_SLOT_ID id);
  /// Enters a session of SoftHSM's, and returns what it is called above.
  [[nodiscard]] CK_SESSION_HANDLE opened(CK_SLOT_ID id, Below session);
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
    Below below;
  };

  std::unique_ptr<Copies> copies_;
  std::vector<Slot> slots_;
  std::mutex reading_;  // of what SoftHSM reads; taken after mutex_ where both are
  std::map<CK_SLOT_ID, Below> read_;
  std::mutex mutex_;
  std::map<CK_SESSION_HANDLE, Opened> sessions_;
  CK_SESSION_HANDLE last_session_ = 0;
  std::atomic<bool> finished_ = false;
};

/// The instance of this process; null before C_Initialize and in a child that has not called it.
[[nodiscard]] std::shared_ptr<Instance> current();

/// C_Initialize and C_Finalize.
[[nodiscard]] CK_RV begin(void* arguments);
[[nodiscard]] CK_RV end(void* reserved);

}  // namespace ukey::practice
