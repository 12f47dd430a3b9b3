// Finds the way from a certificate up to a trusted one among the certificates at hand. For .cpp
// files of this room. OpenSSL's own search takes one issuer a step and does not turn back, which
// fails where a CA has two certificates of one key (Beijing SM2 CA has, under two roots) or where
// names do not chain.
#pragma once

#include <vector>

#include "base/time.hpp"
#include "x509/openssl.hpp"

namespace ukey::x509 {

/// The certificates from the leaf upward; all belong to others.
struct Path {
  std::vector<X509*> certificates;
  bool complete = false;   ///< ends in a trusted certificate
  bool signatures = true;  ///< each is signed by the next
  bool dates = true;       ///< all above the leaf hold at the time asked about
};

/// The best path: complete with good signatures, of those one whose dates hold; else the one that
/// gets farthest. An issuer is looked for by name and key identifier; only where that finds none,
/// by key: any certificate whose key verifies the signature. Self-signed certificates of `trust`
/// end a path; when there is none among them, any of `trust` above the leaf does.
[[nodiscard]] Path find_path(X509* leaf, const std::vector<X509Ptr>& trust, base::Time at);

/// True when the subject is the issuer by name and identifiers; the signature is not looked at.
[[nodiscard]] bool is_self_signed(X509* certificate);

/// True when `at` lies in the certificate's dates, both inclusive.
[[nodiscard]] bool holds_at(const X509* certificate, base::Time at);

}  // namespace ukey::x509
