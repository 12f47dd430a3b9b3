#include "ledger/json_parts.hpp"

#include "base/error.hpp"

namespace ukey::ledger {

base::Bytes octets(const Json& text) {
  const auto out = base::unhex(text.get<std::string>());
  if (!out) throw base::Error{base::Code::ledger};
  return *out;
}

base::Time time_of(const Json& text) {
  const auto out = base::parse_time(text.get<std::string>(), base::Zone{});
  if (!out) throw base::Error{base::Code::ledger};
  return *out;
}

Json json_of(const std::optional<base::Time>& time) {
  return time ? Json(base::rfc3339(*time)) : Json(nullptr);
}

std::optional<base::Time> maybe_time(const Json& text) {
  if (text.is_null()) return std::nullopt;
  return time_of(text);
}

std::string text(const Json& object, const char* key) { return object.at(key).get<std::string>(); }

Json json_of(const model::TokenIdentity& token) {
  Json out;
  out["manufacturer"] = token.manufacturer;
  out["model"] = token.model;
  out["serial"] = token.serial;
  return out;
}

model::TokenIdentity token_of(const Json& json) {
  return {text(json, "manufacturer"), text(json, "model"), text(json, "serial")};
}

Json json_of(const model::BidStatement& bids) {
  Json out;
  out["answer"] = symbol_of(bids.answer);
  out["typed"] = bids.typed;
  out["at"] = base::rfc3339(bids.at);
  out["files"] = bids.files;
  out["unread"] = bids.unread;
  return out;
}

model::BidStatement bids_of(const Json& json) {
  return {value_in<model::BidAnswer>(json.at("answer")), json.at("typed").get<bool>(),
          time_of(json.at("at")), json.at("files").get<std::vector<std::string>>(),
          json.at("unread").get<std::vector<std::string>>()};
}

}  // namespace ukey::ledger
