// What the ledger's JSON files have in common. Who reads them throws Error ledger without subject
// for what cannot be read; the caller knows the file.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "ledger/symbol.hpp"
#include "model/attempt.hpp"
#include "model/renewal_job.hpp"

namespace ukey::ledger {

using Json = nlohmann::ordered_json;

[[nodiscard]] std::string text(const Json& object, const char* key);
[[nodiscard]] base::Bytes octets(const Json& text);
[[nodiscard]] base::Time time_of(const Json& text);
[[nodiscard]] Json json_of(const std::optional<base::Time>& time);
[[nodiscard]] std::optional<base::Time> maybe_time(const Json& text);

[[nodiscard]] Json json_of(const model::TokenIdentity& token);
[[nodiscard]] model::TokenIdentity token_of(const Json& json);
[[nodiscard]] Json json_of(const model::BidStatement& bids);
[[nodiscard]] model::BidStatement bids_of(const Json& json);

template <class T>
[[nodiscard]] Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class Enum>
[[nodiscard]] Enum value_in(const Json& text) {
  return value_of<Enum>(text.get<std::string>());
}

}  // namespace ukey::ledger
