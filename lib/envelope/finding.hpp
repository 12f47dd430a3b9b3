// The envelopes in a file, alone or in a container, each with the certificate of a token that
// it is for. It refuses to decrypt anything; recipients stand in an envelope in the clear.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "envelope/reader.hpp"
#include "envelope/stream.hpp"
#include "model/certificate.hpp"
#include "model/envelope.hpp"

namespace ukey::envelope {

/// An envelope that is a file by itself, read to its end.
struct Found {
  Frame frame;
  model::EnvelopeRow row;
};

/// The envelope that the file at `path` begins with (DER, BER, PEM, S/MIME, base64); what follows
/// it is not looked at. Throws Error file_io, bad_input (subject: path).
[[nodiscard]] Found read_envelope(const std::string& path,
                                  std::span<const model::CertificateRow> certificates);

/// The octets of such a file from its beginning, its text form taken off.
[[nodiscard]] SharedStream envelope_stream(const std::string& path);

/// The envelopes in the file at `path`: the one it begins with, those in what it carries (CMS data
/// and signed data), in further blocks of PEM, in parts in base64 of a MIME message, and those that
/// lie anywhere else in it (`entry` "@N": at octet N of it, or of what its text form holds) with
/// their recipients in their first 48 KiB; or those in the container (ZIP, tar, gzip) that it is.
/// Files in that are looked into alike, to 16 MiB past an envelope, a depth of four in all; others
/// are passed over. What is broken or lies deeper is a row with its error (bad_input, subject: path
/// and entry), and so is a file in which there is none, and one that cannot be read (file_io). At
/// most 1,000 rows.
[[nodiscard]] std::vector<model::EnvelopeRow> find_envelopes(
    const std::string& path, std::span<const model::CertificateRow> certificates);

}  // namespace ukey::envelope
