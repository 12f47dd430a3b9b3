// What the options of `renew` ask for, as an order to carry out: the way to the CA, the trust, the
// questions at the terminal.
#pragma once

#include <optional>

#include "ops/renewal.hpp"

namespace ukey::cli {

class Context;

/// What --years says; absent without it. Throws usage for a term that the platform does not allow.
[[nodiscard]] std::optional<unsigned> term_years(Context& context);

/// The order of this run. Its functions refer to the context. Throws usage (subject: the option)
/// for values and combinations that make no sense.
[[nodiscard]] ops::RenewalOrder renewal_order(Context& context);

}  // namespace ukey::cli
