// Why a CMP transaction ended without a certificate. For .cpp files of this room.
#pragma once

#include <string>

#include "base/error.hpp"

struct ossl_cmp_ctx_st;

namespace ukey::ca {

/// The error that the state of a failed transaction means: ca_refused with the CA's own words and
/// the names of the failure bits (PKIStatusInfo, RFC 4210, 5.2.3), ca_unreachable (subject: `url`)
/// when it let us wait for too long, ca_refused for an answer that is not authentic or not
/// understood, bug when a message of ours could not be made. `answers`: how many came.
[[nodiscard]] base::Error status_error(const ossl_cmp_ctx_st* context, const std::string& url,
                                       int answers);

}  // namespace ukey::ca
