// Who works here, and where what is done is remembered: host, user, ledger.
#pragma once

#include <memory>
#include <string>

#include "ledger/book.hpp"
#include "model/attempt.hpp"

namespace ukey::cli {

class Context;

[[nodiscard]] std::string host_name();

/// The name of who runs this, the number when it has none; the environment is not asked.
[[nodiscard]] std::string user_name();

/// Where the ledger is: --ledger, UKEY_LEDGER, else ledger.db in the state folder; "" when there is
/// no place at all. Throws usage for an address with a password in it.
[[nodiscard]] std::string ledger_place(const Context& context);

/// Whether --ledger or UKEY_LEDGER says where.
[[nodiscard]] bool place_is_named(const Context& context);

/// Where records wait for the ledgers of this machine.
[[nodiscard]] std::string spool_folder();

/// The ledger, to be written; trouble with it is said once on stderr. Throws ledger when neither it
/// nor its spool can be used.
[[nodiscard]] std::shared_ptr<ledger::Book> open_book(const Context& context);

/// An attempt to begin with: a fresh id, this host and user.
[[nodiscard]] model::Attempt new_attempt(model::AttemptKind kind);

}  // namespace ukey::cli
