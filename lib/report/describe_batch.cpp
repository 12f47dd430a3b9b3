#include <map>
#include <nlohmann/json.hpp>

#include "report/batch.hpp"
#include "report/facts.hpp"

namespace ukey::report {

Json describe_marks(const std::vector<model::AttemptCertificate>& rows,
                    model::CertificateMark model::AttemptCertificate::*end) {
  Json out = Json::array();
  for (const auto& row : rows) {
    const auto& mark = row.*end;
    if (mark.sha256.empty()) continue;
    Json line;
    line["role"] = symbol(row.role);
    line["serial"] = fact(mark.serial);
    line["not_after"] = instant(mark.not_after);
    line["sha256"] = fact(mark.sha256);
    out.push_back(std::move(line));
  }
  return out;
}

Json describe_identity(const model::TokenIdentity& token, const std::string& label,
                       const Options& options) {
  if (token == model::TokenIdentity{}) return nullptr;
  Json out;
  out["serial"] = fact(token.serial);
  out["label"] = personal(label, options);
  out["manufacturer"] = fact(token.manufacturer);
  out["model"] = fact(token.model);
  return out;
}

Json describe_selector(const model::BatchItem& item, const Options& options) {
  const bool serial = item.selector == item.token.serial ||
                      (item.token.serial.empty() && item.selector != item.label);
  return serial ? utf8(item.selector) : personal(item.selector, options);
}

Json describe_batch_start(const model::Batch& batch, std::size_t items, unsigned jobs) {
  Json out;
  out["event"] = "start";
  out["batch"] = batch.id;
  out["items"] = items;
  out["jobs"] = jobs;
  return out;
}

Json describe_item_progress(const model::BatchItem& item, std::optional<model::RenewalStep> step,
                            const Options& options) {
  Json out;
  out["event"] = "progress";
  out["number"] = item.number;
  out["token"] = describe_identity(item.token, item.label, options);
  out["step"] = maybe_symbol(step);
  return out;
}

Json describe_item_end(const model::BatchItem& item, const model::ItemEnd& end,
                       const Options& options) {
  Json out;
  out["event"] = "item";
  out["number"] = item.number;
  out["line"] = maybe(item.line);
  out["selector"] = describe_selector(item, options);
  out["token"] = describe_identity(item.token, item.label, options);
  out["holder"] = item.holder.empty() ? Json(nullptr) : Json(personal(item.holder, options));
  out["result"] = symbol(end.state);
  out["reason"] = fact_or_null(end.reason);
  out["old"] = describe_marks(end.certificates, &model::AttemptCertificate::former);
  out["new"] = describe_marks(end.certificates, &model::AttemptCertificate::fresh);
  out["error"] = end.error ? describe_error(*end.error, options.lang) : Json(nullptr);
  out["attempt"] = fact_or_null(item.attempt);
  return out;
}

Json describe_batch_summary(const model::Batch& batch, const model::BatchSummary& summary) {
  std::map<std::string, std::size_t> reasons;
  for (const auto& [reason, count] : summary.reasons) reasons[reason.symbol] += count;
  Json out;
  out["event"] = "summary";
  out["batch"] = batch.id;
  out["renewed"] = summary.renewed;
  out["skipped"] = summary.skipped;
  out["failed"] = summary.failed;
  out["left"] = summary.left;
  out["reasons"] = reasons;
  return out;
}

}  // namespace ukey::report
