#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/facts.hpp"

namespace ukey::report {

namespace {

Json statements(const std::vector<model::Statement>& list) {
  Json out = Json::array();
  for (const auto& statement : list) {
    Json line;
    line["text"] = both(statement.text);
    line["source"] = symbol(statement.source);
    out.push_back(std::move(line));
  }
  return out;
}

Json describe_contact(std::string_view ca, const model::Contact& contact) {
  Json out;
  out["ca"] = fact(ca);
  out["counter"] = fact_or_null(contact.counter);
  out["hotline"] = fact_or_null(contact.hotline);
  out["qq_group"] = fact_or_null(contact.qq_group);
  out["online"] = fact_or_null(contact.online);
  return out;
}

Json describe_service(const std::optional<model::CaService>& service) {
  if (!service) return nullptr;
  Json out;
  out["via"] = symbol(service->via);
  out["url"] = fact_or_null(service->url);
  out["cmp_command"] = symbol(service->cmp_command);
  out["recipient"] = fact_or_null(service->recipient);
  out["program"] = fact_or_null(service->command);
  out["timeout_seconds"] = service->timeout.count();
  out["implicit_confirm"] = service->implicit_confirm;
  return out;
}

Json materials(const model::ServiceGuide& guide, std::optional<model::HolderKind> holder) {
  Json out = Json::array();
  const auto add = [&](model::HolderKind kind, const std::vector<model::Statement>& list) {
    const bool all = !holder || *holder == model::HolderKind::unknown;
    if (!all && *holder != kind) return;
    Json line;
    line["holder"] = symbol(kind);
    line["items"] = statements(list);
    out.push_back(std::move(line));
  };
  add(model::HolderKind::enterprise, guide.enterprise);
  add(model::HolderKind::individual, guide.individual);
  return out;
}

Json numbered(const std::map<unsigned long, std::string>& table) {
  Json out = Json::array();
  for (const auto& [number, name] : table) {
    Json line;
    line["number"] = base::hex_number(number);
    line["name"] = fact(name);
    out.push_back(std::move(line));
  }
  return out;
}

Json patterns(const model::SealLabels& labels) {
  Json out = Json::object();
  for (const auto& [seal, list] : labels) out[std::string{symbol(seal)}] = texts(list);
  return out;
}

Json row(std::string_view id, const base::Words& name, std::string_view file) {
  Json out;
  out["id"] = fact(id);
  out["name"] = both(name);
  out["file"] = fact(file);
  return out;
}

std::string offset_text(base::Zone zone) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(zone.offset).count();
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                     std::abs(minutes) % 60);
}

Json required(const model::Platform& platform) {
  Json out = Json::object();
  for (const auto& [holder, seals] : platform.required_seals) {
    Json& list = out[std::string{symbol(holder)}] = Json::array();
    for (const auto seal : seals) list.push_back(symbol(seal));
  }
  return out;
}

Json known_errors(const model::TokenProfile& profile) {
  Json out = Json::array();
  for (const auto& [rv, note] : profile.errors) {
    Json line;
    line["rv"] = base::hex_number(rv);
    line["meaning"] = both(note);
    out.push_back(std::move(line));
  }
  return out;
}

Json known_hints(const model::TokenProfile& profile) {
  Json out = Json::array();
  for (const auto& [code, hint] : profile.hints) {
    Json line;
    line["code"] = base::name(code);
    line["advice"] = both(hint);
    out.push_back(std::move(line));
  }
  return out;
}

}  // namespace

Json describe_guide(model::Service service, const model::Platform& platform,
                    std::optional<model::HolderKind> holder, std::string_view ca) {
  const auto found = platform.services.find(service);
  const auto guide = found == platform.services.end() ? model::ServiceGuide{} : found->second;
  Json out;
  out["service"] = symbol(service);
  out["platform"]["id"] = fact(platform.id);
  out["platform"]["name"] = both(platform.name);
  out["needs_old_key"] = maybe(guide.needs_old_key);
  out["materials"] = materials(guide, holder);
  out["channels"] = statements(guide.channels);
  out["terms"] = statements(guide.terms);
  out["warnings"] = statements(guide.warnings);
  // the platform's words on these two concern one service each
  const bool renews = service == model::Service::renew;
  const bool first = service == model::Service::first_issue;
  out["fee"] = renews ? statements(platform.fee) : Json::array();
  out["registration"] = first ? statements(platform.registration) : Json::array();
  out["contacts"] = Json::array();
  for (const auto& [id, contact] : platform.contacts)
    if (ca.empty() || id == ca) out["contacts"].push_back(describe_contact(id, contact));
  out["place"] = statements(platform.place);
  out["site"] = statements(platform.site);
  out["basis"] = statements(platform.basis);
  return out;
}

Json describe_profiles(const model::Profiles& profiles) {
  Json out;
  for (const char* key : {"tokens", "cas", "platforms"}) out[key] = Json::array();
  for (const auto& token : profiles.tokens) {
    out["tokens"].push_back(row(token.id, token.name, token.file));
    out["tokens"].back()["autoload"] = token.autoload;
  }
  for (const auto& ca : profiles.cas) out["cas"].push_back(row(ca.id, ca.name, ca.file));
  for (const auto& platform : profiles.platforms)
    out["platforms"].push_back(row(platform.id, platform.name, platform.file));
  return out;
}

Json describe_profile(const model::TokenProfile& profile) {
  Json out = row(profile.id, profile.name, profile.file);
  out["match"] = Json::array();
  for (const auto& match : profile.match) {
    Json line;
    line["manufacturer"] = fact(match.manufacturer);
    line["model"] = fact(match.model);
    out["match"].push_back(std::move(line));
  }
  out["module_files"] = texts(profile.module_files);
  out["autoload"] = profile.autoload;
  out["concurrent"] = profile.concurrent;
  out["seal_privacy"] = symbol(profile.seal_privacy);
  out["seal_labels"] = patterns(profile.seal_labels);
  out["retry_limit"] = maybe(profile.retry_limit);
  out["mechanisms"] = numbered(profile.mechanisms);
  out["key_types"] = numbered(profile.key_types);
  out["errors"] = known_errors(profile);
  out["hints"] = known_hints(profile);
  out["unconfirmed"] = texts(profile.unconfirmed);
  out["notes"] = profile.notes ? both(*profile.notes) : Json(nullptr);
  return out;
}

Json describe_profile(const model::CaProfile& profile) {
  Json out = row(profile.id, profile.name, profile.file);
  out["issuers"] = Json::array();
  for (const auto& pattern : profile.issuers) {
    Json parts = Json::object();
    for (const auto& [type, value] : pattern) parts[utf8(type)] = fact(value);
    out["issuers"].push_back(std::move(parts));
  }
  out["certificate_kind"] = symbol(profile.certificates);
  out["trust_sha256"] = texts(profile.trust_sha256);
  out["unique_id_oids"] = texts(profile.unique_id_oids);
  out["contact"] = describe_contact(profile.id, profile.contact);
  out["renewal"] = describe_service(profile.renewal);
  out["unconfirmed"] = texts(profile.unconfirmed);
  return out;
}

Json describe_profile(const model::Platform& platform) {
  Json out = row(platform.id, platform.name, platform.file);
  out["zone"] = offset_text(platform.zone);
  out["window_days"] = platform.window.count();
  out["grace_days"] = platform.grace.count();
  out["term_years"] = platform.term_years;
  out["term_tolerance_days"] = platform.term_tolerance.count();
  out["renewable_cas"] = texts(platform.renewable_cas);
  out["required_seals"] = required(platform);
  out["services"] = Json::array();
  for (const auto& [service, guide] : platform.services) out["services"].push_back(symbol(service));
  out["sources"] = Json::object();
  for (const auto& [key, source] : platform.sources) out["sources"][utf8(key)] = symbol(source);
  return out;
}

Json describe_profile_checks(std::span<const ProfileCheck> rows, Lang lang) {
  Json out = Json::array();
  for (const auto& check : rows) {
    const auto result = check.errors.empty() ? model::CheckResult::ok : model::CheckResult::failed;
    Json file;
    file["file"] = fact(check.file);
    file["result"] = symbol(result);
    file["unconfirmed"] = texts(check.unconfirmed);
    file["errors"] = Json::array();
    for (const auto& error : check.errors) file["errors"].push_back(describe_error(error, lang));
    out.push_back(std::move(file));
  }
  return out;
}

Json describe_practice(std::span<const PracticeRow> rows) {
  Json out = Json::array();
  for (const auto& token : rows) {
    Json line;
    line["name"] = fact(token.name);
    line["label"] = fact(token.label);
    line["serial"] = fact(token.serial);
    line["plugged"] = token.plugged;
    out.push_back(std::move(line));
  }
  return out;
}

Json describe_practice_ca(std::string_view url, int years) {
  Json out;
  out["url"] = fact(url);
  out["years"] = years;
  return out;
}

}  // namespace ukey::report
