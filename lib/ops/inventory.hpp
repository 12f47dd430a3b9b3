// Everything on a token, for power users: objects and mechanisms.
#pragma once

#include <vector>

#include "model/object.hpp"
#include "model/token.hpp"
#include "ops/bench.hpp"

namespace ukey::ops {

struct TokenObjects {
  model::TokenRef token;
  model::TokenInfo info;
  std::vector<model::Object> objects;
};

/// All objects that the one token shows; private ones only with a PIN source.
[[nodiscard]] TokenObjects read_objects(const SharedBench& bench);

struct TokenMechanisms {
  model::TokenRef token;
  std::vector<model::Mechanism> mechanisms;
};

/// The mechanisms of the one token's slot; vendor numbers named by its profile. No session, no
/// login.
[[nodiscard]] TokenMechanisms read_mechanisms(const SharedBench& bench);

}  // namespace ukey::ops
