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
    out.push_back({{"role", symbol(row.role)},
                   {"serial", fact(mark.serial)},
                   {"not_after", instant(mark.not_after)},
                   {"sha256", fact(mark.sha256)}});
  }
  return out;
}

Json describe_identity(const model::TokenIdentity& token, const std::string& label,
                       const Options& options) {
  if (token == model::TokenIdentity{}) return nullptr;
  return {{"serial", fact(token.serial)},
          {"label", personal(label, options)},
          {"manufacturer", fact(token.manufacturer)},
          {"model", fact(token.model)}};
}

Json describe_selector(const model::BatchItem& item, const Options& options) {
  const bool serial = item.selector == item.token.serial ||
                      (item.token.serial.empty() && item.selector != item.label);
  return serial ? utf8(item.selector) : personal(item.selector, options);
}

Json describe_batch_start(const model::Batch& batch, std::size_t items, unsigned jobs) {
  return {{"event", "start"}, {"batch", batch.id}, {"items", items}, {"jobs", jobs}};
}

Json describe_item_progress(const model::BatchItem& item, std::optional<model::RenewalStep> step,
                            const Options& options) {
  return {{"event", "progress"},
          {"number", item.number},
          {"token", describe_identity(item.token, item.label, options)},
          {"step", maybe_symbol(step)}};
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
  return {{"event", "summary"},         {"batch", batch.id},        {"renewed", summary.renewed},
          {"skipped", summary.skipped}, {"failed", summary.failed}, {"left", summary.left},
          {"reasons", reasons}};
}

}  // namespace ukey::report
