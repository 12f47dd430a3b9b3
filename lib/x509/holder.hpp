// Who a certificate belongs to, from its subject and the extensions that Chinese CAs write (GM/T
// 0015-2012 and their own). It refuses numbers without a right check character as unified social
// credit codes, and ignores garbage.
#pragma once

#include <vector>

#include "model/certificate.hpp"
#include "x509/parts.hpp"

namespace ukey::x509 {

/// The holder. Of several organisations in the subject, the first that is not the issuer's own
/// counts; `kind` follows the first that applies: a personal number in an extension; an
/// organisation's number in an extension or in the subject, or an O; any readable subject; nothing.
/// Never throws for what a certificate holds.
[[nodiscard]] model::Holder read_holder(const NameParts& subject, const NameParts& issuer,
                                        const std::vector<Extension>& extensions);

}  // namespace ukey::x509
