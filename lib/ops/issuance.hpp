// From keys to new certificates: makes the requests, asks the CA, and judges what came. For the
// files of this room that renew.
#pragma once

#include <memory>
#include <vector>

#include "ops/renewal_case.hpp"

namespace ukey::ops {

/// The certificates of the token as this login shows them. Throws token_removed when they are not
/// those of the card: another token was put in meanwhile.
[[nodiscard]] std::vector<model::CertificateRow> read_again(const RenewalCase& renewal,
                                                            const Visit& visit);

/// Throws busy when the certificates on the token are not those of `rows` any more: the CA may take
/// long, and another program has the token as well.
void require_untouched(const RenewalCase& renewal, const Visit& visit,
                       const std::vector<model::CertificateRow>& rows);

/// Opens the journal, makes the key pairs that the order wants, and a request for each certificate
/// to be renewed; with a dry run only requests by keys that are there, and no journal. Throws
/// not_found (subject: the token) when no private key of a current certificate is there.
void make_requests(RenewalCase& renewal, const Visit& visit,
                   const std::vector<model::CertificateRow>& rows);

/// Sends the journal's requests, unless it has the answer already, and returns what came, CA
/// certificates too; it is in the journal before anybody judges it.
[[nodiscard]] std::vector<base::Bytes> ask_ca(RenewalCase& renewal, const Visit& visit,
                                              const std::vector<model::CertificateRow>& rows);

/// Judges what answers one of the journal's requests, before the CA is told that it is taken; as
/// judge_issued, but that a successor may be missing where others are still to be asked for.
void judge_answer(RenewalCase& renewal, const Visit& visit,
                  const std::vector<model::CertificateRow>& rows,
                  const std::vector<base::Bytes>& answer);

/// Judges the end-entity certificates among `issued` against the token. `strictly`: each must fit,
/// as when a user names them; else those of other holders and keys, as a CA's answer may carry, are
/// passed over, and every current certificate must have a successor. The rows, and the items for
/// the journal, are in the case's job and in the result. Throws certificate_unfit (subject: the
/// serial, or the role without successor).
[[nodiscard]] std::vector<ledger::Item> judge_issued(RenewalCase& renewal, const Visit& visit,
                                                     const std::vector<model::CertificateRow>& rows,
                                                     const std::vector<base::Bytes>& issued,
                                                     bool strictly);

}  // namespace ukey::ops
