// What the attempts of a batch tell of its items: a process of it may have recorded an end that the
// batch itself, killed meanwhile, did not. It reads what was recorded, and works on no token.
#pragma once

#include <vector>

#include "model/batch.hpp"

namespace ukey::ops {

/// Completes items by their attempts: one that was renewed is `renewed`, also when the batch did
/// not come to say so, and one that failed gets its cause.
void recall(std::vector<model::BatchItem>& items, const std::vector<model::Attempt>& attempts);

/// Withdraws the PIN sources of which a login failed by these attempts. True when there is one that
/// was not withdrawn before.
bool withdraw_failed(model::Batch& batch, const std::vector<model::BatchItem>& items,
                     const std::vector<model::Attempt>& attempts);

/// True when the attempt failed before anything was done to its token, and no PIN was sent: a
/// resume may make another.
[[nodiscard]] bool nothing_begun(const model::Attempt& attempt);

}  // namespace ukey::ops
