// What a PKCS#11 module's return value is called and which error of the program it is. Vendor codes
// stay whole; what a vendor means by one is the business of the token's profile.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace ukey::p11 {

/// "CKR_…" for every return value of PKCS#11 v3.0 (5.1); "" for a vendor's and for any other
/// number.
[[nodiscard]] std::string ckr_name(unsigned long rv);

/// The program's code for a return value other than CKR_OK; what has no code of its own is
/// token_refused.
[[nodiscard]] base::Code code_for(unsigned long rv);

/// The call and its return value as an error carries them.
[[nodiscard]] base::Pkcs11Answer answer_of(std::string_view call, unsigned long rv);

/// The error for a call that did not answer CKR_OK, about `subject` (label, serial or file).
[[nodiscard]] base::Error refusal(std::string_view call, unsigned long rv, std::string subject);

}  // namespace ukey::p11
