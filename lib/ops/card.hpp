// Reads one token and judges it: the card of `ukey status`.
#pragma once

#include "model/card.hpp"
#include "ops/bench.hpp"
#include "ops/presence.hpp"

namespace ukey::ops {

/// How far a token is read.
enum class Depth {
  identity,      ///< what the token says of itself and of its PINs; no session
  certificates,  ///< no seals, and no word on the kind of lock
  labels,        ///< seals by label and size, their contents unread
  contents       ///< the contents of the seals too
};

/// The token's card. What the token does wrong is in it: state failed (or unrecognised) and the
/// error; with a PIN source, that is for this one token, it is thrown instead.
[[nodiscard]] model::Card read_card(const SharedBench& bench, const Present& token, Depth depth);

/// The cards of all tokens that the bench shows, and the modules. Uninitialised tokens are left out
/// unless asked for. With a PIN source exactly one token must be there (Error ambiguous_token,
/// before any login). Throws no_token when there is none, ambiguous_token when the selector fits
/// several, and with a PIN source what the one token did wrong.
[[nodiscard]] model::Survey read_survey(const SharedBench& bench, Depth depth,
                                        bool with_uninitialised);

/// The same; without any token it has no cards.
[[nodiscard]] model::Survey read_cards(const SharedBench& bench, Depth depth,
                                       bool with_uninitialised);

/// The card of the one token. Throws as `only_token` does, and what reading it threw.
[[nodiscard]] model::Card read_only_card(const SharedBench& bench, Depth depth);

}  // namespace ukey::ops
