#include "ops/visit.hpp"

namespace ukey::ops {

Visit::Visit(const Bench& bench, const Present& token, Access access)
    : claim_(bench.pin ? claimed(bench, token) : token.claim),
      session_(p11::Session::open(*token.module, token.slot, access == Access::read_write)) {
  if (!bench.pin) return;
  p11::require_tries(token.info, p11::User::user, bench.use_final_try);  // before it is asked for
  if (token.info.flags.protected_path) {
    if (bench.typed_there) bench.typed_there(token.info, PinEntry::user);
    login_.emplace(*session_, p11::User::user, nullptr, bench.use_final_try, &token.info);
    return;
  }
  const base::Secret pin = bench.pin(token.info);
  login_.emplace(*session_, p11::User::user, &pin, bench.use_final_try, &token.info);
}

}  // namespace ukey::ops
