// Which profile a token matches, which CA issued a certificate, who holds a token, how its PINs
// stand.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/certificate.hpp"
#include "model/profile.hpp"
#include "model/token.hpp"

namespace ukey::policy {

/// The profile that the token matches by manufacturer and model (never by module file name); of
/// several, the one with the most specific pattern. nullptr when none matches.
[[nodiscard]] const model::TokenProfile* token_profile(const model::Profiles& profiles,
                                                       const model::TokenInfo& token);

/// `error`, which the module `file` is to blame for, with what the first profile that names such a
/// file advises for its code; unchanged when none does. It is the module that counts here, whatever
/// token it shows.
[[nodiscard]] base::Error advised(const model::Profiles& profiles, std::string_view file,
                                  const base::Error& error);

/// The CA by issuer name parts, compared without ASCII case; of several, the pattern with the most
/// parts. Unknown CA: id "unknown", not renewable.
[[nodiscard]] model::CaRef ca_of(const model::Profiles& profiles, const model::Platform& platform,
                                 const model::Certificate& certificate);

/// The holder of the token: that of the deciding certificate, else of any end-entity one, else
/// unknown.
[[nodiscard]] model::Holder holder_of(const std::vector<model::CertificateRow>& rows);

/// Both PINs by the flags given, the most severe that applies: locked, final_try, count_low,
/// not_set, to_be_changed, ok. PKCS#11 has no flag for an SO PIN that is not set.
[[nodiscard]] model::PinState pin_state(const model::TokenInfo& token,
                                        const model::TokenProfile* profile);

}  // namespace ukey::policy
