#include "ledger/record.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ukey::ledger {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "ukey-renewal/1";
constexpr std::int64_t kLongestLimit = 86'400;  // seconds; a profile's are shorter

template <class Enum>
struct Names;
template <>
struct Names<Stage> {
  static constexpr std::array<const char*, 7> kAll{
      "begun", "submitted", "answered", "committed", "handed_over", "renewed", "undone"};
};
template <>
struct Names<model::Route> {
  static constexpr std::array<const char*, 3> kAll{"file", "cmp", "command"};
};
template <>
struct Names<model::CmpCommand> {
  static constexpr std::array<const char*, 3> kAll{"kur", "cr", "p10cr"};
};
template <>
struct Names<model::BidAnswer> {
  static constexpr std::array<const char*, 2> kAll{"none_open", "withdrawn"};
};
template <>
struct Names<model::Role> {
  static constexpr std::array<const char*, 5> kAll{"sign", "encrypt", "sign_encrypt", "ca",
                                                   "other"};
};

template <class Enum>
const char* name_of(Enum value) {
  return Names<Enum>::kAll.at(static_cast<std::size_t>(value));
}

template <class Enum>
Enum value_of(const Json& text) {
  const auto& all = Names<Enum>::kAll;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (text.get<std::string>() == all[i]) return static_cast<Enum>(i);
  throw base::Error{base::Code::ledger};
}

base::Bytes octets(const Json& text) {
  const auto out = base::unhex(text.get<std::string>());
  if (!out) throw base::Error{base::Code::ledger};
  return *out;
}

base::Bytes octets(const Json& object, const char* key) { return octets(object.at(key)); }

base::Time time_of(const Json& text) {
  const auto out = base::parse_time(text.get<std::string>(), base::Zone{});
  if (!out) throw base::Error{base::Code::ledger};
  return *out;
}

Json json_of(const SavedObject& object) {
  return {{"value", base::hex(object.value)},   {"subject", base::hex(object.subject)},
          {"issuer", base::hex(object.issuer)}, {"serial", base::hex(object.serial)},
          {"id", base::hex(object.id)},         {"label", base::hex(object.label)}};
}

SavedObject saved_object(const Json& json) {
  return {octets(json, "value"),  octets(json, "subject"), octets(json, "issuer"),
          octets(json, "serial"), octets(json, "id"),      octets(json, "label")};
}

Json json_of(const Item& item) {
  return {{"role", name_of(item.role)},
          {"key_id", base::hex(item.key_id)},
          {"new_key", item.new_key},
          {"former", base::hex(item.former)},
          {"request", base::hex(item.request)},
          {"fresh", base::hex(item.fresh)},
          {"was_there", item.was_there},
          {"swapped", item.swapped ? json_of(*item.swapped) : Json(nullptr)}};
}

Item item_of(const Json& json) {
  Item out;
  out.role = value_of<model::Role>(json.at("role"));
  out.key_id = octets(json, "key_id");
  out.new_key = json.at("new_key").get<bool>();
  out.former = octets(json, "former");
  out.request = octets(json, "request");
  out.fresh = octets(json, "fresh");
  out.was_there = json.at("was_there").get<bool>();
  if (!json.at("swapped").is_null()) out.swapped = saved_object(json.at("swapped"));
  return out;
}

Json json_of(const model::BidStatement& bids) {
  return {{"answer", name_of(bids.answer)},
          {"typed", bids.typed},
          {"at", base::rfc3339(bids.at)},
          {"files", bids.files},
          {"unread", bids.unread}};
}

model::BidStatement bids_of(const Json& json) {
  return {value_of<model::BidAnswer>(json.at("answer")), json.at("typed").get<bool>(),
          time_of(json.at("at")), json.at("files").get<std::vector<std::string>>(),
          json.at("unread").get<std::vector<std::string>>()};
}

Json json_of(const model::RenewalWay& way) {
  const auto& service = way.service;
  return {{"via", name_of(service.via)},
          {"url", service.url},
          {"cmp_command", name_of(service.cmp_command)},
          {"recipient", service.recipient},
          {"command", service.command},
          {"timeout_seconds", service.timeout.count()},
          {"implicit_confirm", service.implicit_confirm},
          {"secret_file", way.secret_file},
          {"reference", way.reference}};
}

/// Time limits are added to a clock: one that no profile could have is none.
std::chrono::seconds limit_of(const Json& json) {
  const auto seconds = json.get<std::int64_t>();
  if (seconds < 1 || seconds > kLongestLimit) throw base::Error{base::Code::ledger};
  return std::chrono::seconds{seconds};
}

model::RenewalWay way_of(const Json& json) {
  model::RenewalWay out;
  out.service = {value_of<model::Route>(json.at("via")),
                 json.at("url").get<std::string>(),
                 value_of<model::CmpCommand>(json.at("cmp_command")),
                 json.at("recipient").get<std::string>(),
                 json.at("command").get<std::string>(),
                 limit_of(json.at("timeout_seconds")),
                 json.at("implicit_confirm").get<bool>()};
  out.secret_file = json.at("secret_file").get<std::string>();
  out.reference = json.at("reference").get<std::string>();
  return out;
}

template <class T>
Json maybe(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json head_of(const Record& record) {
  Json out;
  out["schema"] = kSchema;
  out["token"] = {{"manufacturer", record.manufacturer},
                  {"model", record.model},
                  {"serial", record.serial},
                  {"label", record.label}};
  out["ca"] = record.ca;
  out["begun"] = base::rfc3339(record.begun);
  out["changed"] = base::rfc3339(record.changed);
  out["real_time"] = record.real_time ? Json(base::rfc3339(*record.real_time)) : Json(nullptr);
  out["stage"] = name_of(record.stage);
  return out;
}

void read_head(const Json& json, Record& out) {
  if (json.at("schema") != kSchema) throw base::Error{base::Code::ledger};
  const Json& token = json.at("token");
  out.manufacturer = token.at("manufacturer").get<std::string>();
  out.model = token.at("model").get<std::string>();
  out.serial = token.at("serial").get<std::string>();
  out.label = token.at("label").get<std::string>();
  out.ca = json.at("ca").get<std::string>();
  out.begun = time_of(json.at("begun"));
  out.changed = time_of(json.at("changed"));
  if (!json.at("real_time").is_null()) out.real_time = time_of(json.at("real_time"));
  out.stage = value_of<Stage>(json.at("stage"));
}

}  // namespace

std::string record_text(const Record& record) {
  Json out = head_of(record);
  out["way"] = json_of(record.way);
  out["years"] = maybe(record.years);
  out["remove_former"] = record.remove_former;
  out["bids"] = record.bids ? json_of(*record.bids) : Json(nullptr);
  out["fee_receipt"] = record.fee_receipt;
  out["answer"] = Json::array();
  for (const auto& der : record.answer) out["answer"].push_back(base::hex(der));
  out["items"] = Json::array();
  for (const auto& item : record.items) out["items"].push_back(json_of(item));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Record read_record(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Record out;
    read_head(json, out);
    out.way = way_of(json.at("way"));
    if (!json.at("years").is_null()) out.years = json.at("years").get<unsigned>();
    out.remove_former = json.at("remove_former").get<bool>();
    if (!json.at("bids").is_null()) out.bids = bids_of(json.at("bids"));
    out.fee_receipt = json.at("fee_receipt").get<std::string>();
    for (const auto& der : json.at("answer")) out.answer.push_back(octets(der));
    for (const auto& item : json.at("items")) out.items.push_back(item_of(item));
    if (out.items.empty()) throw base::Error{base::Code::ledger};
    return out;
  } catch (const Json::exception&) {
    throw base::Error{base::Code::ledger};
  }
}

}  // namespace ukey::ledger
