// The files in which certificates and revocation lists travel: PEM, DER, PKCS#7 and its GM/T 0010
// form, base64 without armour. It checks that each is one, not that it is any good.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace ukey::x509 {

/// DER of each certificate and revocation list in a file, in its order.
struct Bundle {
  std::vector<base::Bytes> certificates;
  std::vector<base::Bytes> crls;
};

/// Everything in a file of at most 16 MiB, at most 100 certificates and 100 lists. PEM may have
/// text around it; blocks of other kinds are passed over. Throws bad_input for a broken one, and
/// when there is none at all.
[[nodiscard]] Bundle read_bundle(base::ByteView file);

/// The certificates of `read_bundle`. Throws bad_input also when there is none.
[[nodiscard]] std::vector<base::Bytes> certificates_in(base::ByteView file);

/// A certificate's DER as a PEM block with its line ends. The octets are not looked at.
[[nodiscard]] std::string pem(base::ByteView der);

}  // namespace ukey::x509
