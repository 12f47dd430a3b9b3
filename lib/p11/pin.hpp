// A token's user PIN set anew. It sends a PIN once at most, and not at all when that could do harm.
#pragma once

#include "base/secret.hpp"
#include "p11/login.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

/// Gives the user a new PIN in place of a lost or locked one (C_InitPIN, v3.0 5.5.8); what is on
/// the token stays. `so` must be a login of the security officer on `session`, which must be
/// read-write. A null `fresh` is typed on the token. Throws pin_missing and pin_invalid before
/// anything is sent, else the refusal, about the token's label.
void init_pin(const Session& session, const Login& so, const base::Secret* fresh);

/// Changes the user PIN (C_SetPIN, v3.0 5.5.9): one C_GetTokenInfo, then exactly one C_SetPIN,
/// which counts as a try of `old`; nobody need be logged in, but `session` must be read-write.
/// Guarded as Login is; null PINs are typed on the token. Throws the refusal about the token's
/// label.
void set_pin(const Session& session, const base::Secret* old, const base::Secret* fresh,
             bool use_final_try, const model::TokenInfo* meant = nullptr);

}  // namespace ukey::p11
