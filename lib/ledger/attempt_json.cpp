#include "ledger/attempt_json.hpp"

#include "base/error.hpp"
#include "ledger/kept_error.hpp"

namespace ukey::ledger {

namespace {

using ledger::json_of;  // beside those below

Json json_of(const model::CertificateMark& mark) {
  if (mark.sha256.empty()) return nullptr;
  Json out;
  out["serial"] = mark.serial;
  out["not_after"] = base::rfc3339(mark.not_after);
  out["sha256"] = mark.sha256;
  return out;
}

model::CertificateMark mark_of(const Json& json) {
  if (json.is_null()) return {};
  return {text(json, "serial"), time_of(json.at("not_after")), text(json, "sha256")};
}

Json json_of(const base::Error& error) {
  const auto kept = kept_error(error);
  Json out;
  out["code"] = kept.code;
  out["cause"] = kept.cause;
  out["subject"] = kept.subject;
  out["command"] = kept.command;
  out["so"] = kept.so;
  out["call"] = kept.call;
  out["rv"] = kept.rv;
  out["ckr"] = kept.ckr;
  return out;
}

std::optional<base::Error> error_in(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return error_of({text(json, "code"), text(json, "cause"), text(json, "subject"),
                   text(json, "command"), json.at("so").get<bool>(), text(json, "call"),
                   text(json, "rv"), text(json, "ckr")});
}

Json steps_of(const model::Attempt& attempt) {
  Json out = Json::array();
  for (const auto& step : attempt.steps) {
    Json row;
    row["step"] = step.step;
    row["at"] = base::rfc3339(step.at);
    out.push_back(std::move(row));
  }
  return out;
}

Json certificates_of(const model::Attempt& attempt) {
  Json out = Json::array();
  for (const auto& certificate : attempt.certificates) {
    Json row;
    row["role"] = symbol_of(certificate.role);
    row["former"] = json_of(certificate.former);
    row["fresh"] = json_of(certificate.fresh);
    out.push_back(std::move(row));
  }
  return out;
}

void read_lists(const Json& json, model::Attempt& out) {
  for (const auto& row : json.at("steps"))
    out.steps.push_back({text(row, "step"), time_of(row.at("at"))});
  for (const auto& row : json.at("certificates"))
    out.certificates.push_back({value_in<model::Role>(row.at("role")), mark_of(row.at("former")),
                                mark_of(row.at("fresh"))});
}

}  // namespace

Json json_of(const model::Attempt& attempt) {
  Json out;
  out["entry"] = "attempt";
  out["id"] = attempt.id;
  out["revision"] = attempt.revision;
  out["kind"] = symbol_of(attempt.kind);
  out["batch"] = attempt.batch;
  out["host"] = attempt.host;
  out["user"] = attempt.user;
  out["token"] = json_of(attempt.token);
  out["label"] = attempt.label;
  out["holder"] = attempt.holder;
  out["uscc"] = attempt.uscc;
  out["holder_kind"] = symbol_of(attempt.holder_kind);
  out["ca"] = attempt.ca;
  out["lock"] = symbol_of(attempt.lock);
  out["verdict"] = attempt.verdict ? Json(symbol_of(*attempt.verdict)) : Json(nullptr);
  out["bids"] = attempt.bids ? json_of(*attempt.bids) : Json(nullptr);
  out["fee_receipt"] = attempt.fee_receipt;
  out["begun"] = base::rfc3339(attempt.begun);
  out["changed"] = base::rfc3339(attempt.changed);
  out["judged"] = json_of(attempt.judged);
  out["result"] = symbol_of(attempt.result);
  out["reason"] = attempt.reason;
  out["steps"] = steps_of(attempt);
  out["certificates"] = certificates_of(attempt);
  out["error"] = attempt.error ? json_of(*attempt.error) : Json(nullptr);
  return out;
}

model::Attempt attempt_of(const Json& json) {
  model::Attempt out;
  out.id = text(json, "id");
  out.revision = json.at("revision").get<unsigned>();
  out.kind = value_in<model::AttemptKind>(json.at("kind"));
  out.batch = text(json, "batch");
  out.host = text(json, "host");
  out.user = text(json, "user");
  out.token = token_of(json.at("token"));
  out.label = text(json, "label");
  out.holder = text(json, "holder");
  out.uscc = text(json, "uscc");
  out.holder_kind = value_in<model::HolderKind>(json.at("holder_kind"));
  out.ca = text(json, "ca");
  out.lock = value_in<model::LockKind>(json.at("lock"));
  if (!json.at("verdict").is_null()) out.verdict = value_in<model::Verdict>(json.at("verdict"));
  if (!json.at("bids").is_null()) out.bids = bids_of(json.at("bids"));
  out.fee_receipt = text(json, "fee_receipt");
  out.begun = time_of(json.at("begun"));
  out.changed = time_of(json.at("changed"));
  out.judged = maybe_time(json.at("judged"));
  out.result = value_in<model::AttemptResult>(json.at("result"));
  out.reason = text(json, "reason");
  read_lists(json, out);
  out.error = error_in(json.at("error"));
  return out;
}

}  // namespace ukey::ledger
