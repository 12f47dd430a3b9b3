// PKCS#11 calls as lines for --trace. It keeps no record itself, and no PIN ever reaches it.
#pragma once

#include <span>
#include <string>

#include "model/token.hpp"
#include "report/words.hpp"

namespace ukey::report {

/// "C_OpenSession                CKR_OK          0.012 ms", without line end; an unknown code as
/// "0x800000a0".
[[nodiscard]] std::string trace_line(const model::CallRecord& record);

/// How many calls, milliseconds in all, the slowest, and a line a function, the most time first;
/// with line ends.
/// "" for no calls.
[[nodiscard]] std::string trace_summary(std::span<const model::CallRecord> records, Lang lang);

}  // namespace ukey::report
