// Whether a certificate is to be trusted, row by row. It refuses to trust anything it was not
// given, fetches nothing, and reads no clock.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "model/certificate.hpp"

namespace ukey::x509 {

/// DER of CA certificates and of revocation lists.
struct Trust {
  std::vector<base::Bytes> certificates;
  std::vector<base::Bytes> crls;
};

/// What the files hold, and the *.pem, *.crt, *.cer, *.der, *.p7b and *.crl files of the
/// directories (not below them, any letter case, in the order of their names); equal ones once. A
/// file has at most 16 MiB, all together at most 1,000 certificates and lists. Throws, with the
/// path: file_io when one cannot be read, bad_input when it holds neither a certificate nor a list.
[[nodiscard]] Trust read_trust(const std::vector<std::string>& files,
                               const std::vector<std::string>& directories);

/// The rows chain, dates, purpose, revocation, in this order, as of `at`.
///
/// chain: signatures, CA rights and dates of every certificate above (RFC 5280, 6.1), by OpenSSL.
/// Self-signed certificates of `trust` are anchors; when it has none, a chain may end in any
/// certificate given (partial chain). Names are compared as OpenSSL does, without case; where no
/// name fits, the issuer is the certificate whose key verifies the signature. Not checked without
/// trust certificates. dates: the certificate's own, both inclusive. purpose: failed for a key
/// neither for signing nor for encryption, as a CA's is. revocation: only by lists given; failed
/// when the list is forged or past its next update, not checked when none is of this issuer, or of
/// another part of its certificates. Throws bad_input when the certificate or one of `trust` cannot
/// be read.
[[nodiscard]] std::vector<model::CheckRow> verify(const model::Certificate& certificate,
                                                  const Trust& trust, base::Time at);

}  // namespace ukey::x509
