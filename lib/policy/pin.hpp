// What speaks against a new PIN, and against sending one. Pure: it never sends, keeps or shows one.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "model/pin.hpp"
#include "model/token.hpp"

namespace ukey::policy {

/// Why these octets are no PIN at all, but a file of another kind: byte_order_mark (UTF-16 too,
/// which may show by its NULs), several_lines. Absent when they may be one.
[[nodiscard]] std::optional<base::Cause> misread(const base::Secret& pin);

/// Why `pin` is hardly what was meant, though a token would take it: full_width or not_ascii
/// (UTF-8 or GBK), unseen_character (a blank at an end as well). Absent for printable ASCII.
[[nodiscard]] std::optional<base::Cause> mistyped(const base::Secret& pin);

/// True when `pin` seems to have more about it than a PIN: quotation marks around it, or words and
/// a colon or equals sign before it.
[[nodiscard]] bool is_dressed(const base::Secret& pin);

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
