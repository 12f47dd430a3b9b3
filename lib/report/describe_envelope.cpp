#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json describe_recipient(const model::EnvelopeRecipient& recipient) {
  Json out;
  out["issuer"] = fact_or_null(recipient.issuer);
  out["serial"] = fact_or_null(recipient.serial);
  out["key_id"] = fact_or_null(recipient.key_id);
  out["algorithm"] = fact_or_null(recipient.algorithm);
  return out;
}

Json describe_envelope(const model::EnvelopeRow& row, Lang lang) {
  Json out;
  const bool read = !row.error;
  const auto when_read = [&](Json value) { return read ? std::move(value) : Json(nullptr); };
  out["file"] = fact(row.file);
  out["entry"] = fact_or_null(row.entry);
  out["opens"] = when_read(symbol(row.opens));
  out["certificate"] = when_read(fact_or_null(row.certificate));
  out["has_private_key"] = when_read(maybe(row.has_private_key));
  out["kind"] = when_read(symbol(row.kind));
  out["algorithm"] = when_read(fact_or_null(row.algorithm));
  out["recipients"] = Json::array();
  for (const auto& recipient : row.recipients)
    out["recipients"].push_back(describe_recipient(recipient));
  if (row.error) out["error"] = describe_error(*row.error, lang);
  return out;
}

}  // namespace

Json describe_envelopes(std::span<const model::EnvelopeRow> rows, Lang lang) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(describe_envelope(row, lang));
  return out;
}

}  // namespace ukey::report
