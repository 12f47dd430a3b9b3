// A login held for as long as the guard lives. It sends a PIN once at most, and not at all when
// that could do harm.
#pragma once

#include "base/secret.hpp"
#include "p11/pin_guard.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

class Login {
 public:
  /// Logs in on the session's token: one C_GetTokenInfo, then exactly one C_Login (v3.0 5.6.8), or
  /// none and an Error about the token's label (its serial when it has none): pin_locked;
  /// pin_not_sent on the final try without `use_final_try`; pin_invalid when the PIN is empty or
  /// outside the lengths that the token tells; pin_missing when `pin` is null (the PIN is typed on
  /// the token) but the token has no such path. Throws the refusal otherwise, as `after_refusal`
  /// has it. CKR_USER_ALREADY_LOGGED_IN is taken for success only while another guard of this
  /// process holds that login: nothing was verified otherwise.
  /// With `meant`, another token than that one is token_removed, and nothing is sent.
  Login(const Session& session, User user, const base::Secret* pin, bool use_final_try,
        const model::TokenInfo* meant = nullptr);

  /// Logs out when this is the last guard of the login; what the token answers to that is not told.
  ~Login();
  Login(const Login&) = delete;  // it logs out once
  Login& operator=(const Login&) = delete;

  /// Logs out now, when this is the last guard of the login; does nothing a second time. Throws the
  /// refusal about the module's file.
  void log_out();

  /// What the token said of itself just before the PIN was sent.
  [[nodiscard]] const model::TokenInfo& token() const { return token_; }
  [[nodiscard]] User user() const { return user_; }

 private:
  /// Holds the login that the token answered with `rv`; false when that was none.
  [[nodiscard]] bool joins(unsigned long rv);
  /// Gives the login up, once; true when no other guard holds it.
  bool let_go();

  Module module_;  // not the Session: that may be moved meanwhile
  unsigned long slot_;
  unsigned long session_;
  User user_;
  model::TokenInfo token_;
  bool over_ = false;
};

}  // namespace ukey::p11
