// The seals of a token or a file: found by label, read, told apart.
#pragma once

#include <string>
#include <vector>

#include "model/lock.hpp"
#include "model/token.hpp"
#include "ops/bench.hpp"
#include "ops/presence.hpp"
#include "ops/visit.hpp"

namespace ukey::ops {

/// The data objects of the token, each with the seal that its label names by the profile (without a
/// profile: by the platform's usual labels). Sizes, not contents.
[[nodiscard]] std::vector<model::SealObject> read_seal_objects(const Visit& visit,
                                                               const model::TokenProfile* profile);

/// Reads each object that its label calls a seal, sets its `format` (or `error`), and returns the
/// contents in the same order; an object that is no seal by its label is read too when `every` is
/// set.
std::vector<model::SealRow> read_contents(const Visit& visit,
                                          std::vector<model::SealObject>& objects,
                                          bool every = false);

struct TokenSeals {
  model::TokenRef token;
  std::vector<model::SealRow> rows;
};

/// Of the one token. With `contents` every data object is read, and what turns out to be a seal or
/// picture is listed whatever its label; without, those that their label calls a seal. What
/// could not be read is listed with its error.
[[nodiscard]] TokenSeals read_token_seals(const SharedBench& bench, bool contents);

/// The seal in a file (.esl or a picture). Throws file_io, and bad_input when it is neither.
[[nodiscard]] model::SealRow file_seal(const std::string& path);

/// The rows that `selector` names (label, or unit | legal_rep | signature); all when empty. Throws
/// not_found.
[[nodiscard]] std::vector<model::SealRow> picked(std::vector<model::SealRow> rows,
                                                 const std::string& selector);

}  // namespace ukey::ops
