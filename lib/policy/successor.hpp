// Which certificates a renewal asks for, and whether an issued one may follow the one on the token:
// pure judgement on facts that others gathered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/certificate.hpp"
#include "model/profile.hpp"
#include "model/renewal_job.hpp"

namespace ukey::policy {

/// Those of the judged `rows` that a request is made for: current, with their private key on the
/// token; of a CA with dual certificates the signing one only. In the token's order.
[[nodiscard]] std::vector<const model::CertificateRow*> rows_to_request(
    const std::vector<model::CertificateRow>& rows, model::CertificateKind kind);

/// The current row whose role the certificate has; of several the one with its key. When that row
/// is the certificate itself, which was written before: the latest other one of the role, if any.
/// nullptr for none.
[[nodiscard]] const model::CertificateRow* predecessor_of(
    const model::Certificate& fresh, const std::string& key_id,
    const std::vector<model::CertificateRow>& rows);

/// What is known of a certificate that is to be written.
struct Candidate {
  const model::Certificate* fresh = nullptr;
  const model::Certificate* former = nullptr;  ///< nullptr: none of its role
  model::Holder holder;                        ///< of the token
  bool key_on_token = false;                   ///< a private key of its public key
  bool key_of_other_role = false;              ///< current certificates of its key have other roles
  model::CaRef ca;                             ///< of `fresh`
  model::CaRef former_ca;
  model::CheckResult chain = model::CheckResult::not_checked;
};

/// Each rule with its result. key: it is on the token. role: the same as a current one's, and of
/// those with its key one's. holder:
/// the numbers (USCC, personal) agree where both have one, else the subject is the same text. ca:
/// one that renews, and the former one's. chain: to the CA's trust. begins: by `at`, not expired.
/// later: ends after the former one. term: new notAfter less old notAfter, or less new notBefore,
/// is one of the platform's years within its tolerance; with `years`, that one.
[[nodiscard]] std::vector<model::FitnessRow> fitness_of(const Candidate& candidate,
                                                        std::optional<unsigned> years,
                                                        base::Time at,
                                                        const model::Platform& platform);

/// True when every rule is kept; one that could not be checked is not.
[[nodiscard]] bool fit(const std::vector<model::FitnessRow>& rows);

/// Whether `at` plus or minus the platform's tolerance is `years` calendar years after `from`, by
/// dates in the platform's zone. 29 February goes to the 28th.
[[nodiscard]] bool is_term(base::Time from, base::Time to, unsigned years,
                           const model::Platform& platform);

}  // namespace ukey::policy
