#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/explanation.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

constexpr const char* kSchema = "ukey/1";

/// JSON has no place of its own for what the token's profile knows of the answer.
std::string vendor_note(const base::Error& error, Lang lang) {
  const auto& answer = error.answer();
  if (!answer || !answer->vendor_note) return {};
  const auto note = pick(lang, answer->vendor_note->zh, answer->vendor_note->en);
  return note.empty() ? std::string{} : std::string{pick(lang, "；", "; ")} + std::string{note};
}

}  // namespace

Json document(std::string_view command, const model::Setting& setting,
              std::optional<base::Time> real) {
  Json out;
  out["schema"] = kSchema;
  out["command"] = fact(command);
  out["as_of"] = base::rfc3339(setting.as_of);
  if (setting.as_of_overridden && real) out["as_of_overridden"] = base::rfc3339(*real);
  return out;
}

Json error_document(std::string_view command, const base::Error& error, Lang lang) {
  Json out;
  out["schema"] = kSchema;
  out["command"] = fact(command);
  out["error"] = describe_error(error, lang);
  return out;
}

Json describe_error(const base::Error& error, Lang lang) {
  const Explanation explanation = explain(error, lang);
  const auto& answer = error.answer();
  Json out;
  out["code"] = base::name(error.code());
  out["message"] = utf8(explanation.headline + vendor_note(error, lang));
  out["hint"] = utf8(explanation.hint);
  out["subject"] = fact_or_null(error.subject());
  out["call"] = answer ? fact_or_null(answer->call) : Json(nullptr);
  out["ckr"] = answer ? fact_or_null(answer->ckr) : Json(nullptr);
  out["rv"] = answer ? fact_or_null(rv_text(*answer)) : Json(nullptr);
  return out;
}

Json describe_files(std::span<const WrittenFile> rows) {
  Json out = Json::array();
  for (const auto& file : rows) {
    Json row;
    row["path"] = fact(file.path);
    row["bytes"] = file.bytes;
    out.push_back(std::move(row));
  }
  return out;
}

std::string json_text(const Json& document) { return document.dump(2) + "\n"; }

std::string json_line(const Json& document) { return document.dump() + "\n"; }

std::string error_json(std::string_view command, const base::Error& error, Lang lang,
                       bool as_line) {
  const auto document = error_document(command, error, lang);
  return as_line ? json_line(document) : json_text(document);
}

}  // namespace ukey::report
