// The CA certificates and revocation lists that this run trusts.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.hpp"
#include "x509/chain.hpp"

namespace ukey::cli {

/// What --ca-file, --ca-dir and --crl name and what is trusted unnamed (`trust_folders`). Throws
/// file_io, bad_input.
[[nodiscard]] x509::Trust trust_of(const Arguments& arguments,
                                   const std::optional<std::string>& token_profile);

}  // namespace ukey::cli
