#include "policy/checks.hpp"

#include <algorithm>

namespace ukey::policy {

bool passed(std::span<const model::CheckRow> checks) {
  return std::ranges::all_of(checks, [](const model::CheckRow& row) {
    if (row.result == model::CheckResult::ok) return true;
    const bool optional =
        row.check == model::Check::key_match || row.reason == model::CheckReason::no_crl;
    return row.result == model::CheckResult::not_checked && optional;
  });
}

}  // namespace ukey::policy
