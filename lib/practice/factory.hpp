// Puts on one practice token what its blueprint says: two key pairs with their certificates, and
// the seals' pictures.
#pragma once

#include <string>

#include "base/time.hpp"
#include "practice/authority.hpp"
#include "practice/blueprint.hpp"
#include "practice/key_stock.hpp"
#include "practice/registry.hpp"
#include "practice/writer.hpp"

namespace ukey::practice {

/// First and last second of a certificate with `days_left` as of `now`: it ends at 23:59:59 in
/// Beijing on the day so many calendar days after that of `now`, and began one year before that day
/// at 00:00:00.
struct Term {
  base::Time not_before, not_after;
};
[[nodiscard]] Term term(base::Time now, int days_left);

/// What a token is made with: the CA, its register, its keys, and the store.
struct Workbench {
  const Authority& authority;
  const Registry& registry;
  KeyStock& keys;
  Writer& writer;
};

/// How many keys making them takes.
[[nodiscard]] std::size_t keys_for(const std::vector<Blueprint>& blueprints);

/// Makes the token, enters its certificates in the register, and returns its serial. The PINs are
/// kUserPin and kSoPin. Throws as Writer, Registry, KeyStock and x509::issue do.
std::string make_token(const Blueprint& blueprint, base::Time now, const Workbench& bench);

}  // namespace ukey::practice
