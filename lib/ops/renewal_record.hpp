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

/// Throws token_removed (subject: a former certificate's serial) when the token that holds these
/// certificates (DER) is not the record's: another one may have its names, and show its
/// certificates only to who has logged in.
void require_own(const ledger::Record& record, const std::vector<base::Bytes>& held);

/// Throws token_refused, cause no_former, when taking a renewal back would leave neither generation
/// on a token with these certificates (DER).
void require_former(const ledger::Record& record, const std::vector<base::Bytes>& held);

/// Which generation a token with these certificates (DER) holds.
[[nodiscard]] model::Generation generation_of(const ledger::Record& record,
                                              const std::vector<base::Bytes>& held);

}  // namespace ukey::ops
