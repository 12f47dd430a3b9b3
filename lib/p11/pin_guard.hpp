// What must hold before a PIN may go to a token. It only refuses: nothing is sent from here.
#pragma once

#include <string>

#include "base/secret.hpp"
#include "model/token.hpp"
#include "p11/module.hpp"

namespace ukey::p11 {

enum class User { user, so };

/// The token's label, its serial when it has none: what an error about its PIN calls it.
[[nodiscard]] const std::string& pin_subject(const model::TokenInfo& token);

/// `error` as one of this user's PIN.
[[nodiscard]] base::Error of_user(const base::Error& error, User user);

/// Throws pin_locked, and pin_not_sent on the final try without `use_final_try`. `token` must have
/// been read right before.
void require_tries(const model::TokenInfo& token, User user, bool use_final_try);

/// Throws pin_missing when `pin` is null (it is typed on the token) but the token has no such path;
/// pin_invalid when it is empty or outside the lengths that the token tells.
void require_fit(const model::TokenInfo& token, User user, const base::Secret* pin);

/// Throws token_removed when `now` is not the token that the PIN is `meant` for: another may have
/// been put in its place while the PIN was asked for. A null `meant` is any token.
void require_same(const model::TokenInfo* meant, const model::TokenInfo& now);

/// `error`, with the cause unsure when it is of a call that takes a PIN and nobody can say what the
/// token did of it: it was removed, failed, gave a code of its vendor's, or never answered.
[[nodiscard]] base::Error in_doubt(const base::Error& error);

/// Whether `error`, of work that begins with a login, tells that no PIN had been sent yet: it is
/// our own, or the token's answer to a call that comes before.
[[nodiscard]] bool before_any_pin(const base::Error& error);

/// Whether a login was sent and did not succeed, whatever the token answered, or if it never did.
[[nodiscard]] bool failed_login(const base::Error& error);

/// What `error`, the refusal of a PIN that was sent to the token in `slot`, has cost: with the
/// cause locked_now when the PIN is locked since, by the flags read anew or by the answer itself;
/// refused_form when it was refused for its length or characters.
[[nodiscard]] base::Error after_refusal(const Module& module, unsigned long slot, User user,
                                        const base::Error& error);

}  // namespace ukey::p11
