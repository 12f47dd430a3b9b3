// Which PKCS#11 modules a run loads: those that the user names, else those that profiles find here.
#pragma once

#include <vector>

#include "cli/arguments.hpp"
#include "model/profile.hpp"
#include "ops/bench.hpp"

namespace ukey::cli {

/// By --module, UKEY_MODULE, or the token profiles that say `autoload`; no file twice. Throws
/// no_module for a profile whose module this machine does not have.
[[nodiscard]] std::vector<ops::ModuleChoice> module_choices(const Arguments& arguments,
                                                            const model::Profiles& profiles);

}  // namespace ukey::cli
