// The tokens that the modules show now, found in as few calls as possible, each once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/token.hpp"
#include "ops/bench.hpp"
#include "p11/module.hpp"

namespace ukey::ops {

class Claim;

/// A token (or a slot that failed: `error` is set and only `modules` and the slot hold).
struct Present {
  std::shared_ptr<p11::Door> door;
  std::shared_ptr<const p11::Module> module;  ///< the last copy lets it go within the limits
  unsigned long slot = 0;
  model::TokenInfo info;
  model::TokenRef ref;
  const model::TokenProfile* profile = nullptr;  ///< nullptr: it matches none
  std::optional<base::Error> error;
  std::shared_ptr<const Claim> claim;  ///< nullptr: not claimed (yet)
};

struct Presence {
  std::vector<Present> tokens;
  std::vector<model::ModuleRow> modules;
};

/// Loads the modules of the bench one after another and reads each slot's token information. What
/// fails is a row. A token that several modules show (see policy::first_places) is one, with all of
/// them named and the gravest flags about its PINs. With a selector only the tokens that it fits.
/// Throws no_module when there is no module at all, or the first error when none works.
[[nodiscard]] Presence find_tokens(const SharedBench& bench);

/// Throws ambiguous_token (subject: labels and serials, or what else `--token` takes for each) when
/// several of `tokens` are initialised.
/// With `for_pin` a slot that failed counts as well: a PIN may be meant for that one, and no try is
/// spent on a guess.
void require_one(const std::vector<Present>& tokens, bool for_pin);

/// The one token that a command on one token works with: initialised, readable, the only one;
/// `for_pin` as in require_one, and implied by a PIN source of the bench.
/// Throws no_token, ambiguous_token as require_one, or the error of the one slot that failed.
[[nodiscard]] Present only_token(const SharedBench& bench, bool for_pin = false);

/// "label (serial)" for errors about this token.
[[nodiscard]] std::string subject_of(const model::TokenInfo& info);

/// The error when the bench shows no token, or none that its selector fits.
[[nodiscard]] base::Error no_token(const Bench& bench);

/// `error` as it concerns this token: what was said about the module's file is said about the token
/// (but for a module that is lost), a vendor's code has the note of the token's profile, and the
/// module's profile its say on what to do next.
[[nodiscard]] base::Error told(const Bench& bench, const base::Error& error, const Present& token);

/// Runs `work` on the token's module under the bench's time limit. `work` must own all it uses.
/// What it throws is told of the token.
template <class T>
T supervised_on(const SharedBench& bench, const Present& token, std::function<T()> work) {
  try {
    return p11::supervised<T>(token.door, bench->limits, std::move(work));
  } catch (const base::Error& error) {
    throw told(*bench, error, token);
  }
}

}  // namespace ukey::ops
