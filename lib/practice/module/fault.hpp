// Delay and faults on demand, as UKEY_PRACTICE_DELAY_MS and UKEY_PRACTICE_FAULT ask for them. It
// refuses to guess: a specification that it does not understand makes C_Initialize answer
// CKR_ARGUMENTS_BAD.
#pragma once

#include <p11-kit/pkcs11.h>

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "practice/module/slot.hpp"

namespace ukey::practice {

enum class FaultKind {
  answer,
  hang,
  die,    ///< SIGKILL
  crash,  ///< SIGSEGV
  unplug  ///< the token, as `practice unplug` does: for all processes, until it is plugged in
};

/// One demand: "[@TOKEN/]C_Name[!][:n]=0xRV|hang|die|crash|unplug"; C_Name may be "*", every call.
struct Fault {
  std::string token;  ///< serial, name or label; "": whichever
  std::string function;
  bool after = false;     ///< "!": once the call has been forwarded
  unsigned long nth = 0;  ///< counted from 1 in this process, for `token` alone; 0: every one
  FaultKind kind = FaultKind::answer;
  CK_RV rv = CKR_OK;
};

/// The demands of a comma-separated specification; absent when one is not understood.
[[nodiscard]] std::optional<std::vector<Fault>> parse_faults(std::string_view text);

/// What a call has to go through; counts the calls of this process. Safe to use from several
/// threads.
class Gauntlet {
 public:
  /// A call, and how often its function and any function have been called, this call included.
  struct Turn {
    std::string_view function;
    const Slot* token = nullptr;  ///< that the call is for
    unsigned long own = 0, all = 0;
    unsigned long own_of_token = 0, all_of_token = 0;
  };

  /// Reads the environment; counting begins anew when the demands differ from before or the process
  /// does. False when the environment is not understood.
  [[nodiscard]] bool prepare();

  /// Counts a call of `function` for `token`, null for a call that is for none.
  [[nodiscard]] Turn enter(std::string_view function, const Slot* token);

  /// Sleeps as long as each call shall last.
  void delay() const;

  /// What a demand answers in place of the token, before or after forwarding; absent: nothing is
  /// demanded, or the token was unplugged before the call gets there. Does not return when the
  /// demand is to hang, die or crash. Throws std::system_error when the token's state cannot be
  /// written.
  [[nodiscard]] std::optional<CK_RV> strike(const Turn& turn, bool after) const;

 private:
  [[nodiscard]] std::optional<Fault> demanded(const Turn& turn, bool after) const;

  mutable std::mutex mutex_;
  std::string text_;
  int process_ = 0;
  std::vector<Fault> faults_;
  std::chrono::milliseconds delay_{0};
  std::map<std::string, unsigned long>
      counts_;  // by "FUNCTION", "*", "SERIAL/FUNCTION", "SERIAL/*"
};

/// The process's gauntlet: a PKCS#11 module is one per process by its nature. Never destroyed,
/// since a host may leave without C_Finalize.
[[nodiscard]] Gauntlet& gauntlet();

}  // namespace ukey::practice
