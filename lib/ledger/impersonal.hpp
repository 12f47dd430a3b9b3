// What a record says of persons: their names, never their numbers. It changes nothing that a token
// is known by.
#pragma once

#include "ledger/entry.hpp"

namespace ukey::ledger {

/// The entry with every resident identity number masked in the holder's name, a note and a label; a
/// token without a serial keeps its label, which is all that it is known by.
[[nodiscard]] Entry impersonal(const Entry& entry);

}  // namespace ukey::ledger
