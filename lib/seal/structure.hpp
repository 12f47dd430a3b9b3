// The ASN.1 of electronic seals (GM/T 0031-2014, GB/T 38540-2020 and the 2025 layout), for .cpp
// files of this room. It keeps views into the original octets: real seals write defaults out, so
// encoding again would change what is signed.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "model/lock.hpp"
#include "x509/der.hpp"

namespace ukey::seal {

/// The parts of a seal; every view points into the octets that were split.
struct Structure {
  model::SealFormat format = model::SealFormat::unknown;  ///< ses_v1, ses_v4 or ses_v5
  base::ByteView seal_info;  ///< eSealInfo whole, header and content: what the maker signs (v4, v5)
  base::ByteView maker_certificate;   ///< its DER
  base::ByteView certificate_field;   ///< the OCTET STRING around it: with seal_info and algorithm,
                                      ///< v1's signed octets
  base::ByteView algorithm;           ///< the OBJECT IDENTIFIER whole
  base::ByteView signature;           ///< DER or r||s, without the BIT STRING's first octet
  std::vector<x509::Element> header;  ///< ID, version, vendor
  x509::Element id;
  std::vector<x509::Element> property;  ///< type, name, … of SES_ESPropertyInfo
  std::vector<x509::Element> picture;   ///< type, data, width, height
};

/// Splits the DER of a seal. Zero octets after it are tolerated. Absent when it is no seal: wrong
/// shape, cut, too deep.
[[nodiscard]] std::optional<Structure> split(base::ByteView octets);

}  // namespace ukey::seal
