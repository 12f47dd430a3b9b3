#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json describe_steps(const std::vector<model::RenewalStepRow>& rows) {
  Json out = Json::array();
  for (const auto& step : rows) {
    Json row;
    row["step"] = symbol(step.step);
    row["done"] = step.done;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

Json describe_bids(const model::BidStatement& bids) {
  Json out;
  out["answer"] = symbol(bids.answer);
  out["typed"] = bids.typed;
  out["at"] = base::rfc3339(bids.at);
  out["files"] = texts(bids.files);
  out["unread"] = texts(bids.unread);
  return out;
}

namespace {

Json describe_requests(const std::vector<model::RequestRow>& rows) {
  Json out = Json::array();
  for (const auto& request : rows) {
    Json row;
    row["role"] = symbol(request.role);
    row["key_id"] = fact(request.key_id);
    row["bytes"] = request.der.size();
    out.push_back(std::move(row));
  }
  return out;
}

Json describe_end(const std::optional<model::Certificate>& certificate) {
  if (!certificate) return nullptr;
  Json out;
  out["serial"] = fact(certificate->serial);
  out["not_before"] = instant(certificate->not_before);
  out["not_after"] = instant(certificate->not_after);
  out["sha256"] = fact(certificate->sha256);
  return out;
}

Json describe_fitness(const std::vector<model::FitnessRow>& rows) {
  Json out = Json::array();
  for (const auto& check : rows) {
    Json row;
    row["check"] = symbol(check.check);
    row["result"] = symbol(check.result);
    out.push_back(std::move(row));
  }
  return out;
}

Json describe_succession(const model::SuccessionRow& row) {
  Json out;
  out["role"] = symbol(row.role);
  out["key_id"] = fact_or_null(row.key_id);
  out["new_key"] = row.new_key;
  out["was_there"] = row.was_there;
  out["old"] = describe_end(row.former);
  out["new"] = describe_end(row.fresh);
  out["fitness"] = describe_fitness(row.fitness);
  out["old_removed"] = row.former_removed;
  return out;
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
  out["leftovers"] = Json::array();
  for (const auto& row : job.leftovers)
    out["leftovers"].push_back(
        {{"class", symbol(row.object_class)}, {"error", describe_error(row.error, options.lang)}});
  return out;
}

}  // namespace ukey::report
