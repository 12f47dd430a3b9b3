// Which token each row of a manifest is of. It refuses to guess: what fits several fits none.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/batch.hpp"
#include "model/token.hpp"

namespace ukey::policy {

/// The tokens that one row fits.
struct RowMatch {
  std::size_t fits = 0;
  std::size_t token = 0;  ///< its place among the tokens, when `fits` is 1
  bool repeated = false;  ///< a row before this one is of the same token
};

/// A match for each row, in their order. A serial and a label are compared octet for octet; a row
/// with both fits a token with both. Rows with an error fit nothing. Takes time in proportion to
/// rows and tokens together.
[[nodiscard]] std::vector<RowMatch> match_rows(std::span<const model::ManifestRow> rows,
                                               std::span<const model::TokenRef* const> tokens);

}  // namespace ukey::policy
