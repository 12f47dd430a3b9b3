// An attempt as JSON, and back. It refuses nothing that an attempt can hold, and reads only what it
// wrote: whatever else makes it throw Error ledger without subject, or an exception of the parser.
#pragma once

#include "ledger/json_parts.hpp"
#include "model/attempt.hpp"

namespace ukey::ledger {

[[nodiscard]] Json json_of(const model::Attempt& attempt);
[[nodiscard]] model::Attempt attempt_of(const Json& json);

}  // namespace ukey::ledger
