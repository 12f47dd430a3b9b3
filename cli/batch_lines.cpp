#include "cli/batch_lines.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "cli/places.hpp"
#include "ledger/kept_error.hpp"
#include "report/batch.hpp"
#include "report/words.hpp"

namespace ukey::cli {

namespace {

using report::Json;

constexpr const char* kTask = "UKEY_ITEM";

Json json_of(const ChildTask& task) {
  Json out;
  out["scan"] = task.scan;
  out["skip"] = task.skip;
  out["batch"] = task.batch;
  out["attempt"] = task.attempt;
  const auto& token = task.token;
  for (const auto& part :
       {token.manufacturer, token.model, token.serial, token.label, token.selector})
    out["token"].push_back(part);
  out["slot"] = task.slot ? Json(*task.slot) : Json(nullptr);
  out["certificates"] = task.certificates;
  out["has_pin"] = task.has_pin;
  out["again"] = task.again;
  out["typed"] = task.typed;
  out["bid_open"] = task.bid_open;
  out["withdrawn"] = task.withdrawn;
  out["revision"] = task.revision;
  out["patience"] = task.patience.count();
  return out;
}

ChildTask task_of(const Json& json) {
  ChildTask out;
  out.scan = json.at("scan").get<bool>();
  out.skip = json.at("skip").get<std::vector<std::string>>();
  out.batch = json.at("batch").get<std::string>();
  out.attempt = json.at("attempt").get<std::string>();
  const auto& token = json.at("token");
  out.token.manufacturer = token.at(0).get<std::string>();
  out.token.model = token.at(1).get<std::string>();
  out.token.serial = token.at(2).get<std::string>();
  out.token.label = token.at(3).get<std::string>();
  out.token.selector = token.at(4).get<std::string>();
  if (!json.at("slot").is_null()) out.slot = json.at("slot").get<unsigned long>();
  out.certificates = json.at("certificates").get<std::vector<std::string>>();
  out.has_pin = json.at("has_pin").get<bool>();
  out.again = json.at("again").get<bool>();
  out.typed = json.at("typed").get<bool>();
  out.bid_open = json.at("bid_open").get<bool>();
  out.withdrawn = json.at("withdrawn").get<bool>();
  out.revision = json.at("revision").get<unsigned>();
  out.patience = std::chrono::seconds{json.at("patience").get<long>()};
  return out;
}

base::Error plain_error(const Json& json) {
  const auto code = base::code_named(json.value("code", ""));
  std::optional<base::Pkcs11Answer> answer;
  const auto text = [&json](const char* key) {
    return json.contains(key) && json.at(key).is_string() ? json.at(key).get<std::string>() : "";
  };
  if (!text("call").empty())
    answer.emplace(base::Pkcs11Answer{text("call"), std::strtoul(text("rv").c_str(), nullptr, 16),
                                      text("ckr"), std::nullopt});
  return base::Error{code.value_or(base::Code::bug), text("subject"), answer};
}

model::TokenRef ref_of(const Json& json) {
  model::TokenRef out;
  out.uri = json.value("uri", "");
  out.serial = json.value("serial", "");
  out.label = json.value("label", "");
  out.manufacturer = json.value("manufacturer", "");
  out.model = json.value("model", "");
  if (json.contains("selector") && json.at("selector").is_string())
    out.selector = json.at("selector").get<std::string>();
  out.modules = json.value("modules", std::vector<std::string>{});
  if (json.contains("profile") && json.at("profile").is_string())
    out.profile = json.at("profile").get<std::string>();
  return out;
}

}  // namespace

std::optional<base::Error> error_of(const Json& json) {
  if (!json.contains("error") || json.at("error").is_null()) return std::nullopt;
  return plain_error(json.at("error"));
}

model::SeenSlot sighting_of(const Json& json) {
  model::SeenSlot out;
  out.token = ref_of(json.at("token"));
  out.slot = json.at("slot").get<unsigned long>();
  out.initialised = json.at("initialised").get<bool>();
  out.concurrent = json.at("concurrent").get<bool>();
  out.error = error_of(json);
  return out;
}

model::ModuleRow module_row_of(const Json& json) {
  model::ModuleRow out;
  out.file = json.value("file", "");
  if (json.at("profile").is_string()) out.profile = json.at("profile").get<std::string>();
  out.error = error_of(json);
  if (out.error) out.state = model::ModuleState::failed;
  return out;
}

namespace {

ledger::KeptError kept_of(const Json& row) {
  const auto text = [&row](std::size_t at) { return row.at(at).get<std::string>(); };
  return {text(0), text(1), text(2), text(3), row.at(4).get<bool>(), text(5), text(6), text(7)};
}

/// The marks of one side, each put to the row of its role.
void add_marks(const Json& marks, model::CertificateMark model::AttemptCertificate::*side,
               std::vector<model::AttemptCertificate>& rows) {
  for (const auto& mark : marks) {
    const auto role = report::enumerator<model::Role>(mark.at("role").get<std::string>());
    if (!role) continue;
    auto row = std::ranges::find(rows, *role, &model::AttemptCertificate::role);
    if (row == rows.end()) row = rows.insert(rows.end(), {*role, {}, {}});
    auto& out = (*row).*side;
    out.serial = mark.at("serial").get<std::string>();
    out.sha256 = mark.at("sha256").get<std::string>();
    out.not_after =
        base::parse_time(mark.at("not_after").get<std::string>(), {}).value_or(base::Time{});
  }
}

}  // namespace

Json item_end_line(const model::BatchItem& item, const model::ItemEnd& end, report::Lang lang) {
  auto line = report::describe_item_end(item, end, {true, lang});
  line["pin_unproven"] = end.pin_unproven;
  if (!end.error) return line;
  const auto kept = ledger::kept_error(*end.error);
  auto& row = line["kept"];
  for (const auto& text : {kept.code, kept.cause, kept.subject, kept.command}) row.push_back(text);
  row.push_back(kept.so);
  for (const auto& text : {kept.call, kept.rv, kept.ckr}) row.push_back(text);
  return line;
}

model::ItemEnd item_end_of(const Json& line) {
  model::ItemEnd out;
  if (const auto state = report::enumerator<model::ItemState>(line.value("result", "")))
    out.state = *state;
  if (line.at("holder").is_string()) out.holder = line.at("holder").get<std::string>();
  if (line.at("reason").is_string()) out.reason = line.at("reason").get<std::string>();
  if (line.contains("kept")) out.error = ledger::error_of(kept_of(line.at("kept")));
  out.pin_unproven = line.at("pin_unproven").get<bool>();
  add_marks(line.at("old"), &model::AttemptCertificate::former, out.certificates);
  add_marks(line.at("new"), &model::AttemptCertificate::fresh, out.certificates);
  return out;
}

std::string task_variable(const ChildTask& task) {
  return std::string{kTask} + "=" +
         json_of(task).dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::optional<ChildTask> child_task() {
  const auto text = environment(kTask);
  if (!text) return std::nullopt;
  unsetenv(kTask);
  try {
    return task_of(Json::parse(*text));
  } catch (const Json::exception&) {
    throw base::Error{base::Code::usage, kTask};
  }
}

}  // namespace ukey::cli
