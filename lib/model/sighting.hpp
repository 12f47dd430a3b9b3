// What a watch for tokens has to tell, one at a time.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "model/card.hpp"
#include "model/token.hpp"

namespace ukey::model {

/// In the order of a watch: it begins, tells of the tokens that are in already, and then of what
/// happens.
enum class WatchEvent {
  start,
  present,    ///< the token was in already
  plugged,    ///< it came
  unplugged,  ///< it went
  handled,    ///< it came, and nothing is left to do: it was renewed today already
  failed      ///< a module is given up; nothing more is told of its tokens
};

struct Sighting {
  WatchEvent event = WatchEvent::plugged;
  base::Time as_of{};        ///< what the card was judged by
  std::optional<Card> card;  ///< of the token; only `token` holds when it went or was handled
  std::optional<ModuleRow> module;  ///< failed: which, and why
};

}  // namespace ukey::model
