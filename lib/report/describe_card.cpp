#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

/// What every command shows of a card; of a failed one nothing that was not read.
Json opening(const model::Card& card, const Options& options) {
  Json out;
  out["token"] = describe_token(card.token, options);
  out["state"] = symbol(card.state);
  const bool failed = card.error || card.state == model::TokenState::failed;
  if (failed) out["error"] = card.error ? describe_error(*card.error, options.lang) : Json(nullptr);
  out["pin"] = failed ? Json(nullptr) : describe_pin(card.pin);
  out["holder"] = failed ? Json(nullptr) : describe_holder(card.holder, options);
  return out;
}

/// The URI with its label masked like the label itself; a serial is never touched.
std::string masked_uri(const std::string& uri) {
  const auto from = uri.find("token=");
  if (from == std::string::npos) return uri;
  const auto to = std::min(uri.find_first_of(";?", from), uri.size());
  return uri.substr(0, from) + base::masked_text(uri.substr(from, to - from)) + uri.substr(to);
}

/// What fits this token alone; null when nothing does, or when a part of it is masked.
Json selector_of(const model::TokenRef& token, const Options& options) {
  const bool hidden =
      token.selector != token.serial && personal(token.selector, options) != utf8(token.selector);
  return hidden ? Json(nullptr) : fact_or_null(token.selector);
}

Json describe_evidence(const model::Evidence& row, const Options& options) {
  Json out;
  out["seal"] = symbol(row.seal);
  out["found"] = row.found;
  out["reason"] = symbol(row.reason);
  out["object"] = row.object.empty() ? Json(nullptr) : Json(personal(row.object, options));
  out["format"] = maybe_symbol(row.format);
  out["bytes"] = maybe(row.bytes);
  return out;
}

}  // namespace

Json describe_token(const model::TokenRef& token, const Options& options) {
  Json out;
  out["uri"] = options.show_ids ? utf8(token.uri) : masked_uri(utf8(token.uri));
  out["serial"] = fact(token.serial);
  out["label"] = personal(token.label, options);
  out["manufacturer"] = fact(token.manufacturer);
  out["model"] = fact(token.model);
  out["modules"] = texts(token.modules);
  out["profile"] = token.profile ? fact(*token.profile) : Json(nullptr);
  out["selector"] = selector_of(token, options);
  return out;
}

Json describe_pin(const model::PinState& pin) {
  Json out;
  out["user"] = symbol(pin.user);
  out["so"] = symbol(pin.so);
  out["min_length"] = maybe(pin.min_length);
  out["max_length"] = maybe(pin.max_length);
  out["retry_limit"] = maybe(pin.retry_limit);
  return out;
}

Json describe_pin_job(const model::PinJob& job) {
  Json out;
  out["result"] = symbol(job.result);
  out["steps"] = Json::array();
  for (const auto& step : job.steps) {
    Json row;
    row["step"] = symbol(step.step);
    row["done"] = step.unknown ? Json(nullptr) : Json(step.done);
    out["steps"].push_back(std::move(row));
  }
  out["pin"] = job.pin ? describe_pin(*job.pin) : Json(nullptr);
  return out;
}

Json describe_holder(const model::Holder& holder, const Options& options) {
  const std::string known = holder.person_id.value_or("");
  const auto name = [&](const std::optional<std::string>& text) {
    return text ? Json(personal(*text, options, known)) : Json(nullptr);
  };
  Json out;
  out["name"] = name(holder.name);
  out["organisation"] = name(holder.organisation);
  out["uscc"] = holder.uscc ? fact(*holder.uscc) : Json(nullptr);
  out["person_id"] = nullptr;
  if (holder.person_id)
    out["person_id"] = options.show_ids ? utf8(known) : base::masked_id(utf8(known));
  out["kind"] = symbol(holder.kind);
  return out;
}

Json describe_ca(const model::CaRef& ca) {
  Json out;
  out["id"] = fact(ca.id);
  out["name"] = fact_or_null(ca.name.zh.empty() ? ca.name.en : ca.name.zh);
  out["renewable"] = ca.renewable;
  return out;
}

Json describe_lock(const model::LockVerdict& lock, const Options& options) {
  Json out;
  out["kind"] = symbol(lock.kind);
  out["basis"] = symbol(lock.basis);
  out["reason"] = symbol(lock.reason);
  out["evidence"] = Json::array();
  for (const auto& row : lock.evidence) out["evidence"].push_back(describe_evidence(row, options));
  out["missing"] = Json::array();
  for (const auto seal : lock.missing) out["missing"].push_back(symbol(seal));
  return out;
}

Json describe_renewal(const model::RenewalVerdict& renewal) {
  Json out;
  out["verdict"] = symbol(renewal.verdict);
  out["opens"] = instant(renewal.opens);
  out["closes"] = instant(renewal.closes);
  out["days_left"] = renewal.days_left ? Json(renewal.days_left->count()) : Json(nullptr);
  out["recommended_by"] =
      renewal.recommended_by ? Json(base::iso_date(*renewal.recommended_by)) : Json(nullptr);
  out["next_step"] = symbol(renewal.next_step);
  return out;
}

Json describe_card(const model::Card& card, const Options& options) {
  Json out = opening(card, options);
  const bool failed = out.contains("error");
  out["ca"] = failed ? Json(nullptr) : describe_ca(card.ca);
  out["lock"] = failed ? Json(nullptr) : describe_lock(card.lock, options);
  out["certificates"] = failed ? Json::array() : describe_certificates(card.certificates, options);
  out["renewal"] = failed ? Json(nullptr) : describe_renewal(card.renewal);
  return out;
}

Json describe_modules(std::span<const model::ModuleRow> modules, Lang lang) {
  Json out = Json::array();
  for (const auto& module : modules) {
    Json row;
    row["file"] = fact(module.file);
    row["profile"] = module.profile ? fact(*module.profile) : Json(nullptr);
    row["state"] = symbol(module.state);
    row["error"] = module.error ? describe_error(*module.error, lang) : Json(nullptr);
    out.push_back(std::move(row));
  }
  return out;
}

Json describe_survey(const model::Survey& survey, const Options& options) {
  Json out;
  out["tokens"] = Json::array();
  for (const auto& card : survey.cards) out["tokens"].push_back(describe_card(card, options));
  out["modules"] = describe_modules(survey.modules, options.lang);
  return out;
}

Json describe_list(const model::Survey& survey, const Options& options) {
  Json out;
  out["tokens"] = Json::array();
  for (const auto& card : survey.cards) out["tokens"].push_back(opening(card, options));
  out["modules"] = describe_modules(survey.modules, options.lang);
  return out;
}

}  // namespace ukey::report
