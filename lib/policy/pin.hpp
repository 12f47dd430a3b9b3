// What speaks against a new PIN, and against sending one. Pure: it never sends, keeps or shows one.
#pragma once

#include <vector>

#include "base/secret.hpp"
#include "model/pin.hpp"
#include "model/token.hpp"

namespace ukey::policy {

/// True for the PINs that tokens are delivered with; ASCII case does not matter.
[[nodiscard]] bool is_well_known(const base::Secret& pin);

/// True when both are the same octets.
[[nodiscard]] bool is_same(const base::Secret& one, const base::Secret& other);

/// Doubts about `fresh` in place of `old` (null: not known): same_pin, well_known_pin.
[[nodiscard]] std::vector<model::PinDoubt> doubts_about(const base::Secret& fresh,
                                                        const base::Secret* old);

/// `flags` with the graver of what both say about tries that are left: two modules that show one
/// token need not agree, and a try cannot be taken back.
[[nodiscard]] model::TokenFlags graver(model::TokenFlags flags, const model::TokenFlags& others);

}  // namespace ukey::policy
