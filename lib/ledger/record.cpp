#include "ledger/record.hpp"

#include "base/error.hpp"
#include "ledger/json_parts.hpp"

namespace ukey::ledger {

namespace {

constexpr const char* kRecordSchema = "ukey-renewal/1";
constexpr std::int64_t kLongestLimit = 86'400;  // seconds; a profile's are shorter

using ledger::json_of;  // beside those below
using ledger::octets;

base::Bytes octets(const Json& object, const char* key) { return octets(object.at(key)); }

Json json_of(const SavedObject& object) {
  Json out;
  out["value"] = base::hex(object.value);
  out["subject"] = base::hex(object.subject);
  out["issuer"] = base::hex(object.issuer);
  out["serial"] = base::hex(object.serial);
  out["id"] = base::hex(object.id);
  out["label"] = base::hex(object.label);
  return out;
}

SavedObject saved_object(const Json& json) {
  return {octets(json, "value"),  octets(json, "subject"), octets(json, "issuer"),
          octets(json, "serial"), octets(json, "id"),      octets(json, "label")};
}

Json json_of(const Item& item) {
  Json out;
  out["role"] = symbol_of(item.role);
  out["key_id"] = base::hex(item.key_id);
  out["new_key"] = item.new_key;
  out["former"] = base::hex(item.former);
  out["request"] = base::hex(item.request);
  out["fresh"] = base::hex(item.fresh);
  out["was_there"] = item.was_there;
  out["swapped"] = item.swapped ? json_of(*item.swapped) : Json(nullptr);
  return out;
}

Item item_of(const Json& json) {
  Item out;
  out.role = value_in<model::Role>(json.at("role"));
  out.key_id = octets(json, "key_id");
  out.new_key = json.at("new_key").get<bool>();
  out.former = octets(json, "former");
  out.request = octets(json, "request");
  out.fresh = octets(json, "fresh");
  out.was_there = json.at("was_there").get<bool>();
  if (!json.at("swapped").is_null()) out.swapped = saved_object(json.at("swapped"));
  return out;
}

Json json_of(const model::RenewalWay& way) {
  const auto& service = way.service;
  Json out;
  out["via"] = symbol_of(service.via);
  out["url"] = service.url;
  out["cmp_command"] = symbol_of(service.cmp_command);
  out["recipient"] = service.recipient;
  out["command"] = service.command;
  out["timeout_seconds"] = service.timeout.count();
  out["implicit_confirm"] = service.implicit_confirm;
  out["secret_file"] = way.secret_file;
  out["reference"] = way.reference;
  return out;
}

/// Time limits are added to a clock: one that no profile could have is none.
std::chrono::seconds limit_of(const Json& json) {
  const auto seconds = json.get<std::int64_t>();
  if (seconds < 1 || seconds > kLongestLimit) throw base::Error{base::Code::ledger};
  return std::chrono::seconds{seconds};
}

model::RenewalWay way_of(const Json& json) {
  model::RenewalWay out;
  out.service = {value_in<model::Route>(json.at("via")),
                 json.at("url").get<std::string>(),
                 value_in<model::CmpCommand>(json.at("cmp_command")),
                 json.at("recipient").get<std::string>(),
                 json.at("command").get<std::string>(),
                 limit_of(json.at("timeout_seconds")),
                 json.at("implicit_confirm").get<bool>()};
  out.secret_file = json.at("secret_file").get<std::string>();
  out.reference = json.at("reference").get<std::string>();
  return out;
}

Json head_of(const Record& record) {
  Json out;
  out["schema"] = kRecordSchema;
  out["token"]["manufacturer"] = record.manufacturer;
  out["token"]["model"] = record.model;
  out["token"]["serial"] = record.serial;
  out["token"]["label"] = record.label;
  out["ca"] = record.ca;
  out["begun"] = base::rfc3339(record.begun);
  out["changed"] = base::rfc3339(record.changed);
  out["real_time"] = json_of(record.real_time);
  out["stage"] = symbol_of(record.stage);
  return out;
}

void read_head(const Json& json, Record& out) {
  if (json.at("schema") != kRecordSchema) throw base::Error{base::Code::ledger};
  const Json& token = json.at("token");
  out.manufacturer = token.at("manufacturer").get<std::string>();
  out.model = token.at("model").get<std::string>();
  out.serial = token.at("serial").get<std::string>();
  out.label = token.at("label").get<std::string>();
  out.ca = json.at("ca").get<std::string>();
  out.begun = time_of(json.at("begun"));
  out.changed = time_of(json.at("changed"));
  out.real_time = maybe_time(json.at("real_time"));
  out.stage = value_in<Stage>(json.at("stage"));
}

}  // namespace

std::string record_text(const Record& record) {
  Json out = head_of(record);
  out["way"] = json_of(record.way);
  out["years"] = maybe(record.years);
  out["remove_former"] = record.remove_former;
  out["bids"] = record.bids ? json_of(*record.bids) : Json(nullptr);
  out["fee_receipt"] = record.fee_receipt;
  out["attempt"] = record.attempt;
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
    out.attempt = json.value("attempt", "");  // records of earlier versions have none
    for (const auto& der : json.at("answer")) out.answer.push_back(octets(der));
    for (const auto& item : json.at("items")) out.items.push_back(item_of(item));
    if (out.items.empty()) throw base::Error{base::Code::ledger};
    return out;
  } catch (const Json::exception&) {
    throw base::Error{base::Code::ledger};
  }
}

}  // namespace ukey::ledger
