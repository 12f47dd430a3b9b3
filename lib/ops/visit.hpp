// One session on one token, logged in when the bench has a PIN source.
#pragma once

#include <memory>
#include <optional>

#include "ops/bench.hpp"
#include "ops/claim.hpp"
#include "ops/presence.hpp"
#include "p11/login.hpp"
#include "p11/session.hpp"

namespace ukey::ops {

enum class Access { read_only, read_write };

class Visit {
 public:
  /// Opens a session and, with a PIN source, claims the token (see Claim) and logs the
  /// user in: one attempt, flags read right before it. Throws busy before anything is sent.
  Visit(const Bench& bench, const Present& token, Access access = Access::read_only);
  Visit(const Visit&) = delete;             // the login refers to the session in here
  Visit& operator=(const Visit&) = delete;  // same

  [[nodiscard]] const p11::Session& session() const { return *session_; }
  [[nodiscard]] bool logged_in() const { return login_.has_value(); }

 private:
  std::shared_ptr<const Claim> claim_;  // before the login: it is held until after the logout
  std::optional<p11::Session> session_;
  std::optional<p11::Login> login_;  // after the session: it logs out before that closes
};

}  // namespace ukey::ops
