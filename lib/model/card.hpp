// Everything that one look at a token gives: the card of `ukey status`.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/certificate.hpp"
#include "model/lock.hpp"
#include "model/renewal.hpp"
#include "model/token.hpp"

namespace ukey::model {

struct Card {
  TokenRef token;
  TokenState state = TokenState::ready;
  PinState pin;
  Holder holder;
  CaRef ca;
  LockVerdict lock;
  std::vector<CertificateRow> certificates;
  RenewalVerdict renewal;
  std::optional<base::Error> error;  ///< state failed: why
};

/// One read of all tokens.
struct Survey {
  std::vector<Card> cards;
  std::vector<ModuleRow> modules;
};

}  // namespace ukey::model
