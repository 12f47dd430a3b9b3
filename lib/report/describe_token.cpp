#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json describe_picture(const model::Picture& picture) {
  Json out;
  out["format"] = symbol(picture.format);
  out["width"] = maybe(picture.width);
  out["height"] = maybe(picture.height);
  return out;
}

/// What lies in a seal; every key null when the contents were not read.
void add_contents(Json& out, const std::optional<model::SealContents>& contents,
                  const Options& options) {
  const model::SealContents seal = contents.value_or(model::SealContents{});
  const auto named = [&](const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(personal(text, options));
  };
  out["id"] = named(seal.id);
  out["name"] = named(seal.name);
  out["vendor"] = fact_or_null(seal.vendor);
  out["type"] = maybe(seal.type);
  out["created"] = instant(seal.created);
  out["valid_from"] = instant(seal.valid_from);
  out["valid_to"] = instant(seal.valid_to);
  out["picture"] = seal.picture ? describe_picture(*seal.picture) : Json(nullptr);
  out["width_mm"] = maybe(seal.width_mm);
  out["height_mm"] = maybe(seal.height_mm);
  out["signers"] = contents ? Json(seal.certificates.size()) : Json(nullptr);
}

Json describe_seal(const model::SealRow& row, const Options& options) {
  Json out;
  out["seal"] = maybe_symbol(row.object.role);
  out["label"] = personal(row.object.label, options);
  out["format"] =
      row.contents ? Json(symbol(row.contents->format)) : maybe_symbol(row.object.format);
  out["bytes"] = maybe(row.object.size);
  out["private"] = maybe(row.object.is_private);
  add_contents(out, row.contents, options);
  if (row.object.error) out["error"] = describe_error(*row.object.error, options.lang);
  return out;
}

Json describe_certificate(const model::CertificateRow& row, const Options& options) {
  const auto& certificate = row.certificate;
  const std::string known = certificate.holder.person_id.value_or("");
  Json out;
  const bool read = !row.error;
  const auto when_read = [&](Json value) { return read ? std::move(value) : Json(nullptr); };
  out["role"] = when_read(symbol(certificate.role));
  out["current"] = when_read(row.current);
  out["state"] = when_read(symbol(row.state));
  out["subject"] = when_read(personal(certificate.subject, options, known));
  out["issuer"] = when_read(fact(certificate.issuer));
  out["serial"] = when_read(fact(certificate.serial));
  out["not_before"] = when_read(instant(certificate.not_before));
  out["not_after"] = when_read(instant(certificate.not_after));
  out["days_left"] = when_read(row.days_left.count());
  out["algorithm"] = when_read(fact(certificate.algorithm));
  out["key_id"] = fact_or_null(row.key_id);
  out["has_private_key"] = when_read(maybe(row.has_private_key));
  out["label"] = personal(row.label, options, known);
  out["sha256"] = when_read(fact(certificate.sha256));
  if (row.error) out["error"] = describe_error(*row.error, options.lang);
  return out;
}

Json describe_object(const model::Object& row, const Options& options) {
  Json out;
  out["class"] = symbol(row.object_class);
  out["class_number"] = base::hex_number(row.class_number);
  out["label"] = personal(row.label, options);
  out["id"] = fact_or_null(base::hex(row.id));
  out["size"] = maybe(row.size);
  out["key_type"] = fact_or_null(row.key_type);
  out["usage"] = texts(row.usage);
  out["private"] = maybe(row.is_private);
  out["modifiable"] = maybe(row.modifiable);
  out["sensitive"] = maybe(row.sensitive);
  out["extractable"] = maybe(row.extractable);
  out["application"] = fact_or_null(row.application);
  if (row.error) out["error"] = describe_error(*row.error, options.lang);
  return out;
}

}  // namespace

Json describe_certificates(std::span<const model::CertificateRow> rows, const Options& options) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(describe_certificate(row, options));
  return out;
}

Json describe_checks(std::span<const model::CheckRow> rows) {
  Json out = Json::array();
  for (const auto& row : rows) {
    Json check;
    check["check"] = symbol(row.check);
    check["result"] = symbol(row.result);
    check["reason"] =
        row.reason == model::CheckReason::none ? Json(nullptr) : Json(symbol(row.reason));
    out.push_back(std::move(check));
  }
  return out;
}

Json describe_seals(std::span<const model::SealRow> rows, const Options& options) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(describe_seal(row, options));
  return out;
}

Json describe_objects(std::span<const model::Object> rows, const Options& options) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(describe_object(row, options));
  return out;
}

Json describe_mechanisms(std::span<const model::Mechanism> rows, Lang lang) {
  Json out = Json::array();
  for (const auto& row : rows) {
    Json mechanism;
    mechanism["number"] = base::hex_number(row.number);
    mechanism["name"] = fact(row.name);
    mechanism["vendor"] = row.vendor;
    mechanism["min_key"] = row.error ? Json(nullptr) : Json(row.min_key);
    mechanism["max_key"] = row.error ? Json(nullptr) : Json(row.max_key);
    mechanism["usage"] = texts(row.usage);
    if (row.error) mechanism["error"] = describe_error(*row.error, lang);
    out.push_back(std::move(mechanism));
  }
  return out;
}

}  // namespace ukey::report
