#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/batch.hpp"
#include "report/csv.hpp"
#include "report/facts.hpp"
#include "report/ledger.hpp"

namespace ukey::report {

namespace {

Json describe_steps(const std::vector<model::AttemptStep>& steps) {
  Json out = Json::array();
  for (const auto& step : steps) {
    Json row;
    row["step"] = fact(step.step);
    row["at"] = base::rfc3339(step.at);
    out.push_back(std::move(row));
  }
  return out;
}

Json describe_attempt(const model::Attempt& attempt, const Options& options) {
  Json out;
  out["attempt"] = fact(attempt.id);
  out["kind"] = symbol(attempt.kind);
  out["batch"] = fact_or_null(attempt.batch);
  out["begun"] = base::rfc3339(attempt.begun);
  out["changed"] = base::rfc3339(attempt.changed);
  out["judged"] = instant(attempt.judged);
  out["host"] = fact(attempt.host);
  out["user"] = fact(attempt.user);
  out["token"] = describe_identity(attempt.token, attempt.label, options);
  out["holder"] = attempt.holder.empty() ? Json(nullptr) : Json(personal(attempt.holder, options));
  out["uscc"] = fact_or_null(attempt.uscc);
  out["ca"] = fact_or_null(attempt.ca);
  out["lock"] = symbol(attempt.lock);
  out["verdict"] = maybe_symbol(attempt.verdict);
  out["bids"] = attempt.bids ? describe_bids(*attempt.bids) : Json(nullptr);
  out["fee_receipt"] = fact_or_null(attempt.fee_receipt);
  out["result"] = symbol(attempt.result);
  out["reason"] = fact_or_null(attempt.reason);
  out["steps"] = describe_steps(attempt.steps);
  out["old"] = describe_marks(attempt.certificates, &model::AttemptCertificate::former);
  out["new"] = describe_marks(attempt.certificates, &model::AttemptCertificate::fresh);
  out["error"] = attempt.error ? describe_error(*attempt.error, options.lang) : Json(nullptr);
  return out;
}

/// The marks of the first certificate, flat, as a spreadsheet can hold them.
void flatten(Json& row) {
  for (const char* side : {"old", "new"}) {
    const Json marks = row.at(side);
    row[side] = Json::object();
    for (const auto& mark : marks) row[side][mark.at("role").get<std::string>()] = mark;
  }
}

}  // namespace

Json describe_attempts(std::span<const model::Attempt> attempts, const Options& options) {
  Json out = Json::array();
  for (const auto& attempt : attempts) out.push_back(describe_attempt(attempt, options));
  return out;
}

Json describe_batch(const model::Batch& batch, const model::BatchSummary& summary) {
  Json out;
  out["id"] = fact(batch.id);
  out["host"] = fact(batch.host);
  out["user"] = fact(batch.user);
  out["begun"] = base::rfc3339(batch.begun);
  out["ended"] = instant(batch.ended);
  out["renewed"] = summary.renewed;
  out["skipped"] = summary.skipped;
  out["failed"] = summary.failed;
  out["left"] = summary.left;
  return out;
}

Json describe_batch_items(std::span<const model::BatchItem> items, const Options& options) {
  Json out = Json::array();
  for (const auto& item : items) {
    Json row;
    row["number"] = item.number;
    row["line"] = maybe(item.line);
    row["selector"] = describe_selector(item, options);
    row["note"] = item.note.empty() ? Json(nullptr) : Json(personal(item.note, options));
    row["token"] = describe_identity(item.token, item.label, options);
    row["holder"] = item.holder.empty() ? Json(nullptr) : Json(personal(item.holder, options));
    row["result"] = symbol(item.state);
    row["reason"] = fact_or_null(item.reason);
    row["message"] = item.reason.empty()
                         ? Json(nullptr)
                         : Json(reason_word({item.reason, item.cause}, options.lang));
    row["changed"] = base::rfc3339(item.changed);
    row["attempt"] = fact_or_null(item.attempt);
    out.push_back(std::move(row));
  }
  return out;
}

Json describe_supersessions(std::span<const model::Supersession> rows) {
  Json out = Json::array();
  for (const auto& said : rows) {
    if (said.withdrawn) continue;
    Json row;
    row["serial"] = fact(said.serial);
    row["host"] = fact(said.host);
    row["user"] = fact(said.user);
    row["at"] = base::rfc3339(said.at);
    out.push_back(std::move(row));
  }
  return out;
}

namespace {

constexpr auto kColumns = std::to_array<std::string_view>({
    "attempt",
    "kind",
    "batch",
    "begun",
    "changed",
    "host",
    "user",
    "token.serial",
    "token.label",
    "token.manufacturer",
    "token.model",
    "holder",
    "uscc",
    "ca",
    "lock",
    "verdict",
    "bids.answer",
    "bids.typed",
    "bids.at",
    "fee_receipt",
    "result",
    "reason",
    "old.sign.serial",
    "old.sign.not_after",
    "old.sign.sha256",
    "new.sign.serial",
    "new.sign.not_after",
    "new.sign.sha256",
    "old.encrypt.serial",
    "old.encrypt.not_after",
    "old.encrypt.sha256",
    "new.encrypt.serial",
    "new.encrypt.not_after",
    "new.encrypt.sha256",
    "old.sign_encrypt.serial",
    "old.sign_encrypt.not_after",
    "old.sign_encrypt.sha256",
    "new.sign_encrypt.serial",
    "new.sign_encrypt.not_after",
    "new.sign_encrypt.sha256",
    "error.code",
    "error.subject",
    "error.call",
    "error.rv",
});

}  // namespace

std::string attempts_csv(const Json& document) {
  Json rows = document.at("attempts");
  for (auto& row : rows) flatten(row);
  return csv_text(rows, kColumns);
}

}  // namespace ukey::report
