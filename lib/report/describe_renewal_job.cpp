#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json describe_steps(const std::vector<model::RenewalStepRow>& rows) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back({{"step", symbol(row.step)}, {"done", row.done}});
  return out;
}

}  // namespace

Json describe_bids(const model::BidStatement& bids) {
  return {{"answer", symbol(bids.answer)},
          {"typed", bids.typed},
          {"at", base::rfc3339(bids.at)},
          {"files", texts(bids.files)},
          {"unread", texts(bids.unread)}};
}

namespace {

Json describe_requests(const std::vector<model::RequestRow>& rows) {
  Json out = Json::array();
  for (const auto& row : rows)
    out.push_back(
        {{"role", symbol(row.role)}, {"key_id", fact(row.key_id)}, {"bytes", row.der.size()}});
  return out;
}

Json describe_end(const std::optional<model::Certificate>& certificate) {
  if (!certificate) return nullptr;
  return {{"serial", fact(certificate->serial)},
          {"not_before", instant(certificate->not_before)},
          {"not_after", instant(certificate->not_after)},
          {"sha256", fact(certificate->sha256)}};
}

Json describe_fitness(const std::vector<model::FitnessRow>& rows) {
  Json out = Json::array();
  for (const auto& row : rows)
    out.push_back({{"check", symbol(row.check)}, {"result", symbol(row.result)}});
  return out;
}

Json describe_succession(const model::SuccessionRow& row) {
  return {{"role", symbol(row.role)},
          {"key_id", fact_or_null(row.key_id)},
          {"new_key", row.new_key},
          {"was_there", row.was_there},
          {"old", describe_end(row.former)},
          {"new", describe_end(row.fresh)},
          {"fitness", describe_fitness(row.fitness)},
          {"old_removed", row.former_removed}};
}

}  // namespace

Json describe_renewal_job(const model::RenewalJob& job, const Options& options) {
  Json out;
  out["holder"] = describe_holder(job.holder, options);
  out["ca"] = describe_ca(job.ca);
  out["renewal"] = describe_renewal(job.renewal);
  out["via"] = job.way ? Json(symbol(job.way->service.via)) : Json(nullptr);
  out["result"] = symbol(job.result);
  out["generation"] = maybe_symbol(job.generation);
  out["resume_due"] = job.resume_due;
  out["steps"] = describe_steps(job.steps);
  out["bids"] = job.bids ? describe_bids(*job.bids) : Json(nullptr);
  out["requests"] = describe_requests(job.requests);
  out["certificates"] = Json::array();
  for (const auto& row : job.certificates) out["certificates"].push_back(describe_succession(row));
  return out;
}

}  // namespace ukey::report
