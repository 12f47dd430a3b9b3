#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json describe_master(const model::KnownMaster& master, const Options& options) {
  Json out;
  out["serial"] = fact(master.token.serial);
  out["label"] = personal(master.label, options);
  out["manufacturer"] = fact(master.token.manufacturer);
  out["model"] = fact(master.token.model);
  out["present"] = master.present;
  out["seen"] = base::rfc3339(master.seen);
  return out;
}

}  // namespace

Json describe_masters(std::span<const model::SeveralMasters> findings, const Options& options) {
  Json out = Json::array();
  for (const auto& finding : findings) {
    Json row;
    row["finding"] = symbol(model::Finding::several_masters);
    row["uscc"] = fact(finding.uscc);
    row["holder"] = personal(finding.holder, options);
    row["tokens"] = Json::array();
    for (const auto& master : finding.tokens)
      row["tokens"].push_back(describe_master(master, options));
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace ukey::report
