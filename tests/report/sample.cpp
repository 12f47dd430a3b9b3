#include "tests/report/sample.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace ukey::report::sample {

base::Time time(std::string_view text) { return base::parse_time(text, kBeijing).value(); }

model::CertificateRow certificate(model::Role role) {
  model::CertificateRow row;
  row.certificate.role = role;
  row.certificate.subject = "CN=青海练习建设有限公司,O=青海练习建设有限公司,C=CN";
  row.certificate.issuer = "CN=Practice CA,O=BJCA,C=CN";
  row.certificate.serial = "1a10";
  row.certificate.not_before = time("2025-12-12T00:00:00+08:00");
  row.certificate.not_after = time("2026-12-12T23:59:59+08:00");
  row.certificate.algorithm = "rsa-2048";
  row.certificate.sha256 = std::string(64, 'a');
  row.label = role == model::Role::sign ? "sign" : "encrypt";
  row.key_id = role == model::Role::sign ? "01" : "02";
  row.current = true;
  row.days_left = std::chrono::days{20};
  return row;
}

model::Evidence evidence(model::SealRole seal, bool found, std::string object) {
  model::Evidence row;
  row.seal = seal;
  row.found = found;
  row.reason = found ? model::EvidenceReason::by_label : model::EvidenceReason::not_seen;
  row.object = std::move(object);
  if (found) row.bytes = 2345;
  return row;
}

model::TokenRef token() {
  model::TokenRef ref;
  ref.uri = "pkcs11:model=Practice;manufacturer=ukey;serial=3f2a9c41;token=practice-master";
  ref.serial = ref.selector = "3f2a9c41";
  ref.label = "练习-企业主锁";
  ref.manufacturer = "ukey";
  ref.model = "practice";
  ref.modules = {"/usr/lib/ukey/ukey-practice.so"};
  ref.profile = "practice";
  return ref;
}

model::Card master() {
  model::Card card;
  card.token = token();
  card.pin = {model::PinLevel::ok, model::PinLevel::ok, 6, 16, std::nullopt};
  card.holder.name = "青海练习建设有限公司";
  card.holder.organisation = "青海练习建设有限公司";
  card.holder.uscc = "91630000TEST00001X";
  card.holder.kind = model::HolderKind::enterprise;
  card.ca = {"bjca", {"北京数字认证股份有限公司", "Beijing CA"}, true};
  card.lock.kind = model::LockKind::master;
  card.lock.reason = model::LockReason::all_found;
  card.lock.evidence = {evidence(model::SealRole::unit, true, "单位公章"),
                        evidence(model::SealRole::legal_rep, true, "法人章"),
                        evidence(model::SealRole::signature, true, "手写签名")};
  card.certificates = {certificate(model::Role::sign), certificate(model::Role::encrypt)};
  card.renewal = {model::Verdict::open,
                  time("2026-11-12"),
                  time("2026-12-12T23:59:59+08:00"),
                  std::chrono::days{20},
                  base::date_in(time("2026-12-10"), kBeijing),
                  model::NextStep::renew_now};
  return card;
}

model::Setting setting() { return {time("2026-11-22T10:00:00+08:00"), false, nullptr}; }

Style style(Lang lang, bool ascii) {
  Style out;
  out.lang = lang;
  out.ascii = ascii;
  out.zone = kBeijing;
  return out;
}

Json status(std::vector<model::Card> cards, const Options& options) {
  Json document = report::document("status", setting());
  document.update(describe_survey({std::move(cards), {}}, options));
  return document;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::size_t from = 0;
  while (from < text.size()) {
    const auto to = text.find('\n', from);
    out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const auto& line : lines(text)) most = std::max(most, base::columns(line));
  return most;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Json frame(const char* command) {
  auto document = report::document(command, setting());
  document["token"] = describe_token(token(), {});
  return document;
}

std::string shown(const Json& document, Lang lang) { return render(document, style(lang)); }

void check_fits(const Json& document) {
  for (const Lang lang : {Lang::en, Lang::zh}) {
    const auto text = shown(document, lang);
    CAPTURE(text);
    CHECK(!text.empty());
    CHECK(text.back() == '\n');
    CHECK(widest(text) <= 80);
  }
  CHECK(shown(document, Lang::en) != shown(document, Lang::zh));
}

model::Card incomplete_master() {
  auto card = master();
  card.lock.kind = model::LockKind::partial_master;
  card.lock.reason = model::LockReason::some_missing;
  card.lock.evidence[1] = evidence(model::SealRole::legal_rep, false, "");
  card.lock.missing = {model::SealRole::legal_rep};
  return card;
}

}  // namespace ukey::report::sample
