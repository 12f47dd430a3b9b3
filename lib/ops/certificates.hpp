// The certificates of a token or a file: read, judged by date, verified against a CA's trust.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/certificate.hpp"
#include "model/object.hpp"
#include "model/token.hpp"
#include "ops/bench.hpp"
#include "ops/presence.hpp"
#include "ops/visit.hpp"
#include "x509/chain.hpp"

namespace ukey::ops {

/// The token's certificates in the order it lists them, judged as of the bench's time. What is no
/// certificate keeps its row with an error. `has_private_key` is known only when logged in.
[[nodiscard]] std::vector<model::CertificateRow> read_rows(const Bench& bench, const Visit& visit);

/// The certificates of a file (PEM, DER, P7B), judged likewise. Throws file_io, bad_input.
[[nodiscard]] std::vector<model::CertificateRow> file_rows(const Bench& bench,
                                                           const std::string& path);

/// What is public of the keys on a token.
struct TokenKeys {
  std::vector<model::PublicKey> publics;                  ///< of public key objects
  std::optional<std::vector<model::PublicKey>> privates;  ///< absent without a login
};

/// A token and what was read from it.
struct TokenCertificates {
  model::TokenRef token;
  std::vector<model::CertificateRow> rows;
  TokenKeys keys;
};

/// Of the one token. `with_keys` costs two more searches after a login, and nothing without.
[[nodiscard]] TokenCertificates read_token_certificates(const SharedBench& bench, bool with_keys);

/// The rows that `selector` names: all when it is empty, else those whose label, CKA_ID, serial,
/// SHA-256 (or its beginning of at least 8 digits), or role equals it. Throws not_found (subject:
/// the selector).
[[nodiscard]] std::vector<model::CertificateRow> picked(std::vector<model::CertificateRow> rows,
                                                        const std::string& selector);

/// The checks of one certificate: chain, dates, purpose, key_match (of a private key on the token),
/// revocation. `keys` absent: looked at in a file.
[[nodiscard]] std::vector<model::CheckRow> verified(const Bench& bench,
                                                    const model::CertificateRow& row,
                                                    const x509::Trust& trust,
                                                    const TokenKeys* keys);

/// Whether a current certificate of `rows` is on one of the bench's revocation lists; absent when
/// none was asked for. Throws Error bad_input (subject: --crl) when the lists cannot answer: not of
/// the issuer, out of date, not verifiable.
[[nodiscard]] std::optional<bool> revoked(const Bench& bench,
                                          const std::vector<model::CertificateRow>& rows);

}  // namespace ukey::ops
