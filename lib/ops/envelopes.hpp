// CMS envelopes and the one token: which it opens, made for it, opened with it. Files are read as
// they stream; a private key is used only by `unlock_envelope`.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "envelope/opening.hpp"
#include "model/certificate.hpp"
#include "model/envelope.hpp"
#include "model/token.hpp"
#include "ops/bench.hpp"

namespace ukey::ops {

/// The envelopes in these files, and in all files below these folders (sorted; links to folders are
/// not followed, at most 100,000 files and 32 levels), each with the certificate of `certificates`
/// that it is for. A file or folder without one, or unreadable, is a row with its error.
[[nodiscard]] std::vector<model::EnvelopeRow> examine_envelopes(
    std::span<const std::string> paths, std::span<const model::CertificateRow> certificates);

struct TokenEnvelopes {
  model::TokenRef token;
  std::vector<model::EnvelopeRow> rows;
};

/// The same for the certificates of the one token. Logs in only with a PIN source; then it is known
/// whether the private keys are there.
[[nodiscard]] TokenEnvelopes check_envelopes(const SharedBench& bench,
                                             std::span<const std::string> paths);

/// True when there are rows and the token opens each of them.
[[nodiscard]] bool all_open(std::span<const model::EnvelopeRow> rows);

/// What a holder's bid files say about renewing the token whose rows these are.
struct BidEnvelopes {
  std::vector<model::EnvelopeRow>
      current;                             ///< a current certificate opens it: an open bid, perhaps
  std::vector<model::EnvelopeRow> unread;  ///< nobody can tell
  std::size_t others = 0;                  ///< for an older certificate, or for somebody else
};
[[nodiscard]] BidEnvelopes bid_envelopes(std::span<const std::string> paths,
                                         std::span<const model::CertificateRow> certificates);

/// An envelope whose content can be read now; nothing more is needed of the token.
struct UnlockedEnvelope {
  model::TokenRef token;
  model::EnvelopeRow row;
  envelope::Opened opened;
};

/// Reads the envelope in the file to its end, finds its certificate on the one token, logs in and
/// decrypts the key for the content. The PIN is asked for only when all of it else is right. Throws
/// as `only_token` does; file_io, bad_input; not_found (subject: path) when no certificate that is
/// seen without login is named in it; not_supported; the token's refusal.
[[nodiscard]] UnlockedEnvelope unlock_envelope(const SharedBench& bench, const std::string& path);

/// Writes the content to `out`, which is right only when this returns. Throws Error bad_input
/// (subject: path).
void pour_envelope(const UnlockedEnvelope& unlocked,
                   const std::function<void(base::ByteView)>& out);

/// Whom to encrypt to: of a token's rows its current encryption certificate, of a file's rows (with
/// `every`) all but CA certificates. Throws not_found when there is none; certificate_unfit
/// (subject: its serial) for one that is not valid now or not for encryption, not_supported for a
/// kind of key that cannot be encrypted to.
[[nodiscard]] std::vector<model::CertificateRow> receivers(std::vector<model::CertificateRow> rows,
                                                           bool every);

/// Writes to `out` an envelope of the file's content for these; `authenticated` as
/// envelope::make_envelope has it. Throws file_io.
void make_envelope(const std::string& path, std::span<const model::CertificateRow> receivers,
                   bool authenticated, const std::function<void(base::ByteView)>& out);

}  // namespace ukey::ops
