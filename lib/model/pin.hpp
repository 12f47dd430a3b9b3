// One piece of work on a token's PIN, step by step: how far it came and how the PINs stand now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/token.hpp"

namespace ukey::model {

/// In the order of an unlock: log in as security officer, set a new user PIN, log out, and log in
/// with that PIN. `change` is the old PIN and the new one in one call.
enum class PinStep { so_login, init_pin, so_logout, login, change };

struct PinStepRow {
  PinStep step = PinStep::login;
  bool done = false;
  bool unknown = false;  ///< begun, and nobody can say whether it was done
};

enum class PinResult { ok, failed, not_tried };

/// What speaks against going on with what was asked.
enum class PinDoubt { not_locked, same_pin, well_known_pin };

struct PinJob {
  TokenRef token;
  PinResult result = PinResult::ok;
  std::vector<PinStepRow> steps;     ///< all that the work consists of, in order
  std::optional<PinState> pin;       ///< read after the work; absent when it could not be read
  std::optional<base::Error> error;  ///< result failed: of the first step that is not done
};

}  // namespace ukey::model
