// Which tokens are one, which profile a token matches, which CA issued a certificate, who holds a
// token, how its PINs stand.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "model/certificate.hpp"
#include "model/profile.hpp"
#include "model/token.hpp"

namespace ukey::policy {

/// A token where it was found, and what it says of itself there; `info` nullptr: it cannot be read.
struct TokenPlace {
  std::string_view module;  ///< file
  unsigned long slot = 0;
  const model::TokenInfo* info = nullptr;
};

/// For each place the number of the first one that shows the same token; its own when there is none
/// before it. Two modules show the same token when it has the same names there and its serial
/// number means something: one that is not telling (see there), or that tokens in two slots of one
/// module carry, identifies none of them. A serial number is that of a manufacturer and model. Two
/// slots of one module are two tokens, whatever they say; what cannot be read is like nothing else.
[[nodiscard]] std::vector<std::size_t> first_places(std::span<const TokenPlace> places);

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
