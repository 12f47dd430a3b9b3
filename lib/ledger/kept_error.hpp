// An error as the ledger's files and tables hold it: texts only. It refuses to keep what a profile
// adds, which can be looked up again.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"

namespace ukey::ledger {

struct KeptError {
  std::string code, cause, subject, command;  ///< symbols; "" for none
  bool so = false;
  std::string call, rv, ckr;  ///< what the token answered; `rv` "" when it was not asked
};

[[nodiscard]] KeptError kept_error(const base::Error& error);

/// Absent for a code that this program does not know; a cause it does not know is left out. (A
/// newer program may have written them into a ledger that is otherwise the same.)
[[nodiscard]] std::optional<base::Error> error_of(const KeptError& kept);

}  // namespace ukey::ledger
