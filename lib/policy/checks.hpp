// Whether the checks of a certificate amount to a yes.
#pragma once

#include <span>

#include "model/certificate.hpp"

namespace ukey::policy {

/// True when nothing failed and the chain and the dates were really checked. What could not be
/// looked at for want of a token or a CRL (key_match, revocation) is no failure; a missing chain
/// is, and so is a CRL that was given and cannot answer.
[[nodiscard]] bool passed(std::span<const model::CheckRow> checks);

}  // namespace ukey::policy
