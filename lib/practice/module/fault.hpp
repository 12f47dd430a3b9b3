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

namespace ukey::practice {

enum class FaultKind { answer, hang, die };

/// One demand: "C_Name[!][:n]=0xRV|hang|die"; C_Name may be "*", every call.
struct Fault {
  std::string function;
  bool after = false;     ///< "!": once the call has been forwarded
  unsigned long nth = 0;  ///< counted from 1 in this process; 0: every one
  FaultKind kind = FaultKind::answer;
  CK_RV rv = CKR_OK;
};

/// The demands of a comma-separated specification; absent when one is not understood.
[[nodiscard]] std::optional<std::vector<Fault>> parse_faults(std::string_view text);

/// What a call has to go through; counts the calls of this process. Safe to use from several
/// threads.
class Gauntlet {
 public:
  /// How often a function, and any function, has been called, this call included.
  struct Turn {
    unsigned long own = 0;
    unsigned long all = 0;
  };

  /// Reads the environment; counting begins anew when the demands differ from before or the process
  /// does. False when the environment is not understood.
  [[nodiscard]] bool prepare();

  /// Counts a call of `function`.
  [[nodiscard]] Turn enter(std::string_view function);

  /// Sleeps as long as each call shall last.
  void delay() const;

  /// What a demand answers in place of the token, before or after forwarding; absent: nothing is
  /// demanded. Does not return when the demand is to hang or to die (SIGKILL).
  [[nodiscard]] std::optional<CK_RV> strike(std::string_view function, Turn turn, bool after) const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
  int process_ = 0;
  std::vector<Fault> faults_;
  std::chrono::milliseconds delay_{0};
  std::map<std::string, unsigned long, std::less<>> counts_;
  unsigned long all_ = 0;
};

/// The process's gauntlet: a PKCS#11 module is one per process by its nature. Never destroyed,
/// since a host may leave without C_Finalize.
[[nodiscard]] Gauntlet& gauntlet();

}  // namespace ukey::practice
