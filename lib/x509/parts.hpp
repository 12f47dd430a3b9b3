// The small vocabulary that reading and issuing certificates share. Nothing here needs OpenSSL.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace ukey::x509 {

/// Name attributes in the order of the DER: short name ("CN", "O") or dotted OID, and the value in
/// UTF-8.
using NameParts = std::vector<std::pair<std::string, std::string>>;

/// One certificate extension: dotted OID and the octets inside its OCTET STRING.
struct Extension {
  std::string oid;
  base::Bytes value;
};

}  // namespace ukey::x509
