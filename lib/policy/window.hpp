// When a certificate may be renewed: pure judgement on certificates, a platform's numbers and a
// given time. It refuses to know the clock, the token or the language.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "model/certificate.hpp"
#include "model/profile.hpp"
#include "model/renewal.hpp"

namespace ukey::policy {

/// The renewal window of one notAfter. Both ends are inclusive to the second.
struct Window {
  base::Time opens;  ///< 00:00:00 in the platform's zone, `window` days before the date of notAfter
  base::Time closes;  ///< notAfter
};

[[nodiscard]] Window window_of(base::Time not_after, const model::Platform& platform);

/// Calendar days from the date of `at` to the date of notAfter in the platform's zone; negative
/// after it.
[[nodiscard]] std::chrono::days days_left(base::Time not_after, base::Time at,
                                          const model::Platform& platform);

/// The second working day (Monday to Friday; holidays are not known) before the date of notAfter,
/// that date not counted.
[[nodiscard]] base::Date recommended_by(base::Time not_after, const model::Platform& platform);

/// valid between notBefore and notAfter, both inclusive to the second (RFC 5280, 4.1.2.5).
[[nodiscard]] model::Validity validity(const model::Certificate& certificate, base::Time at);

/// Sets `state`, `days_left` and `current` of every readable row. Current: of each end-entity role
/// (sign, encrypt, sign_encrypt) of the token's holder the latest notAfter; of
/// equals, all. The holder is whose certificates have the most roles, then the latest notAfter.
void judge_rows(std::vector<model::CertificateRow>& rows, base::Time at,
                const model::Platform& platform);

/// The current certificate that ends first: the one whose window counts. nullptr when the token has
/// none.
[[nodiscard]] const model::CertificateRow* deciding_row(
    const std::vector<model::CertificateRow>& rows);

/// The renewal verdict, the first that applies in the order of model::Verdict. `rows` have been
/// judged; `ca` is the CA of the deciding row; `revoked` is absent when no CRL was given;
/// `more_after_login`: objects may still be hidden, so that "no certificate" means: log in first.
/// Certificates that could not be read lead to the CA, not to a first issue.
[[nodiscard]] model::RenewalVerdict judge_renewal(const std::vector<model::CertificateRow>& rows,
                                                  const model::CaRef& ca,
                                                  std::optional<bool> revoked,
                                                  bool more_after_login, base::Time at,
                                                  const model::Platform& platform);

}  // namespace ukey::policy
