#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json describe_item(const model::PlanItem& item, const Options& options) {
  Json out;
  out["line"] = maybe(item.line);
  out["selector"] = item.by_serial ? utf8(item.selector) : personal(item.selector, options);
  out["note"] = item.note.empty() ? Json(nullptr) : Json(personal(item.note, options));
  out["verdict"] = symbol(item.verdict);
  out["error"] = item.error ? describe_error(*item.error, options.lang) : Json(nullptr);
  const Json card = item.card ? describe_card(*item.card, options) : Json(nullptr);
  for (const char* key : {"token", "state", "pin", "holder", "ca", "lock", "renewal"})
    out[key] = card.is_null() ? Json(nullptr) : card.at(key);
  return out;
}

}  // namespace

Json describe_plan(const model::Plan& plan, std::string_view manifest, const Options& options) {
  Json out;
  out["manifest"] = fact_or_null(manifest);
  out["items"] = Json::array();
  for (const auto& item : plan.items) out["items"].push_back(describe_item(item, options));
  out["findings"] = describe_masters(plan.masters, options);
  out["modules"] = describe_modules(plan.modules, options.lang);
  return out;
}

}  // namespace ukey::report
