// The PINs of one token: seen, verified, changed, unlocked. No try is ever spent on a guess, and
// nothing on the token is ever erased.
#pragma once

#include <functional>
#include <vector>

#include "model/pin.hpp"
#include "ops/bench.hpp"

namespace ukey::ops {

struct TokenPins {
  model::TokenRef token;
  model::PinState pin;
};

/// How the PINs of the one token stand by its live flags. No session, no login, whatever the bench
/// has as PIN source.
[[nodiscard]] TokenPins read_pin_state(const SharedBench& bench);

/// Whether the user PIN of the bench's source is right: one login and no second. With `dry_run`
/// none: a login spends a try; the result is not_tried then.
[[nodiscard]] model::PinJob verify_pin(const SharedBench& bench, bool dry_run = false);

/// Where a new PIN comes from and who answers for it.
struct NewPin {
  PinSource source;
  /// Hears what speaks against going on, before anything is sent; throws when the answer is no.
  std::function<void(const model::TokenInfo& token, const std::vector<model::PinDoubt>& doubts)>
      confirm;
  bool dry_run = false;  ///< everything but sending a PIN; the result is not_tried then
};

/// Changes the user PIN from that of the bench's source to the new one: one C_SetPIN, which is one
/// try.
[[nodiscard]] model::PinJob change_pin(const SharedBench& bench, const NewPin& fresh);

/// Gives the user a new PIN by the security officer's, `so`: SO login, C_InitPIN, logout, login
/// with the new PIN. Asks first when the token is not locked. The new PIN is judged before the SO
/// PIN is asked for.
[[nodiscard]] model::PinJob unlock_pin(const SharedBench& bench, const PinSource& so,
                                       const NewPin& fresh);

// The last three claim the token first (Claim: busy, file_io), and hold it until after the logout.
// All of them throw as `only_token` does, what the PIN sources and `confirm` throw, and pin_locked,
// pin_not_sent and pin_invalid when nothing was sent. What the token refused later is in the job:
// result failed, the error, the steps that are done, and the PINs as they stand now.

}  // namespace ukey::ops
