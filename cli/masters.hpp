// Where this run learns of main locks that are not plugged in.
#pragma once

#include "ops/masters.hpp"

namespace ukey::cli {

class Context;

/// What is remembered of main locks on this machine.
[[nodiscard]] ops::MasterSource master_source(Context& context);

}  // namespace ukey::cli
