// What the record of a renewal says, held against its own certificates and against those on the
// token. It calls no token.
#pragma once

#include <vector>

#include "ledger/journal.hpp"
#include "model/renewal_job.hpp"

namespace ukey::ops {

/// Throws ledger (subject: the journal's path) when what the record says does not agree with the
/// certificates in it: of what use they are, whose, which ends later, what was taken off.
void require_sound(const ledger::Journal& journal);

/// Which generation a token with these certificates (DER) holds.
[[nodiscard]] model::Generation generation_of(const ledger::Record& record,
                                              const std::vector<base::Bytes>& held);

}  // namespace ukey::ops
