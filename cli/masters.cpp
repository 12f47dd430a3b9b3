#include "cli/masters.hpp"

namespace ukey::cli {

ops::MasterSource master_source(Context& /*context*/) { return {}; }

}  // namespace ukey::cli
