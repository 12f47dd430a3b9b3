#include "practice/factory.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include "base/error.hpp"
#include "practice/holder_number.hpp"
#include "practice/picture.hpp"
#include "x509/certificate.hpp"
#include "x509/proof.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using x509::KeyUsage;

/// One of the two key pairs.
struct Purpose {
  std::string_view key_label, certificate_label;
  std::vector<KeyUsage> usage;
  bool signs;
};

std::vector<Purpose> purposes() {
  return {
      {"签名密钥", "签名证书", {KeyUsage::digital_signature, KeyUsage::non_repudiation}, true},
      {"加密密钥", "加密证书", {KeyUsage::key_encipherment, KeyUsage::data_encipherment}, false}};
}

x509::NameParts subject_of(const Blueprint& blueprint) {
  x509::NameParts subject{{"C", "CN"}};
  if (!blueprint.stem.empty()) subject.emplace_back("O", blueprint.holder);
  subject.emplace_back("CN", blueprint.holder);
  return subject;
}

std::vector<x509::Extension> extensions_of(const Blueprint& blueprint) {
  if (blueprint.stem.empty()) {
    return {x509::text_extension("1.2.156.10260.4.1.1", fictitious_person_id(blueprint.person))};
  }
  const auto code = credit_code(blueprint.stem);
  std::vector extensions{x509::text_extension("1.2.156.10260.4.1.4", code)};
  if (blueprint.entry->brand == Brand::bjca) {
    extensions.push_back(x509::text_extension("1.2.156.112562.2.1.1.1", "JJ" + code));
  }
  return extensions;
}

/// The usual CKA_ID: SHA-1 of the modulus. A name for a pair, no protection.
Bytes key_id(const Bytes& modulus) {
  Bytes digest(20);
  if (EVP_Q_digest(nullptr, "SHA1", nullptr, modulus.data(), modulus.size(), digest.data(),
                   nullptr) != 1) {
    throw base::Error(base::Code::bug, "EVP_Q_digest");
  }
  return digest;
}

Template key_object(CK_OBJECT_CLASS object_class, const Purpose& purpose,
                    const x509::RsaParts& parts) {
  Template object;
  object.number(CKA_CLASS, object_class).number(CKA_KEY_TYPE, CKK_RSA);
  object.text(CKA_LABEL, purpose.key_label).octets(CKA_ID, key_id(parts.n));
  object.octets(CKA_MODULUS, parts.n).octets(CKA_PUBLIC_EXPONENT, parts.e);
  return object;
}

void write_keys(const Purpose& purpose, const x509::RsaParts& parts, Writer& writer) {
  auto open = key_object(CKO_PUBLIC_KEY, purpose, parts);
  open.flag(CKA_PRIVATE, false).flag(CKA_VERIFY, purpose.signs);
  open.flag(CKA_ENCRYPT, !purpose.signs).flag(CKA_WRAP, !purpose.signs);
  writer.create(std::move(open));
  auto hidden = key_object(CKO_PRIVATE_KEY, purpose, parts);
  hidden.flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false);
  hidden.flag(CKA_SIGN, purpose.signs);
  hidden.flag(CKA_DECRYPT, !purpose.signs).flag(CKA_UNWRAP, !purpose.signs);
  hidden.octets(CKA_PRIVATE_EXPONENT, parts.d);
  hidden.octets(CKA_PRIME_1, parts.p).octets(CKA_PRIME_2, parts.q);
  hidden.octets(CKA_EXPONENT_1, parts.dp).octets(CKA_EXPONENT_2, parts.dq);
  hidden.octets(CKA_COEFFICIENT, parts.qinv);
  writer.create(std::move(hidden));
}

void write_certificate(const Purpose& purpose, const Bytes& der, const Bytes& modulus,
                       Writer& writer) {
  const auto names = x509::fields_of(der);
  Template object;
  object.number(CKA_CLASS, CKO_CERTIFICATE).number(CKA_CERTIFICATE_TYPE, CKC_X_509);
  object.flag(CKA_PRIVATE, false).text(CKA_LABEL, purpose.certificate_label);
  object.octets(CKA_ID, key_id(modulus)).octets(CKA_SUBJECT, names.subject);
  object.octets(CKA_ISSUER, names.issuer).octets(CKA_SERIAL_NUMBER, names.serial);
  object.octets(CKA_VALUE, der);
  writer.create(std::move(object));
}

void write_seal(std::string_view label, const Bytes& picture, Writer& writer) {
  Template object;
  object.number(CKA_CLASS, CKO_DATA).flag(CKA_PRIVATE, false);
  object.text(CKA_LABEL, label).text(CKA_APPLICATION, "ukey practice");
  object.octets(CKA_VALUE, picture);
  writer.create(std::move(object));
}

void write_seals(const Entry& entry, Writer& writer) {
  if (entry.unit_seal) write_seal("单位公章", png(round_seal(170), kSealRed), writer);
  if (entry.legal_seal) write_seal("法人章", bmp(square_seal(170), kSealRed), writer);
  if (entry.signature) write_seal("手写签名", png(pen_stroke(240, 120), kInkBlack), writer);
}

}  // namespace

Term term(base::Time now, int days_left) {
  const auto last = base::date_in(now, kBeijing) + std::chrono::days(days_left);
  const std::chrono::year_month_day day{last};
  const auto month = (day.year() - std::chrono::years(1)) / day.month();
  const auto first = month / std::min(day.day(), (month / std::chrono::last).day());
  return {base::start_of(base::Date{std::chrono::local_days{first}}, kBeijing),
          base::start_of(last + std::chrono::days(1), kBeijing) - std::chrono::seconds(1)};
}

std::size_t keys_for(const std::vector<Blueprint>& blueprints) {
  const auto bare = [](const Blueprint& blueprint) { return blueprint.holder.empty(); };
  return 2 *
         (blueprints.size() - static_cast<std::size_t>(std::ranges::count_if(blueprints, bare)));
}

std::string make_token(const Blueprint& blueprint, base::Time now, const Workbench& bench) {
  const auto& entry = *blueprint.entry;
  auto serial = bench.writer.begin_token(blueprint.label);
  if (blueprint.holder.empty()) return serial;
  Issue issue;
  issue.token = serial;
  issue.brand = entry.brand;
  issue.state = IssueState::confirmed;
  for (const auto& purpose : purposes()) {
    const auto key = bench.keys.take();
    const auto parts = key.rsa();
    x509::IssueRequest request;
    request.subject = subject_of(blueprint);
    request.subject_key = key.public_der();
    request.key_usage = purpose.usage;
    request.extensions = extensions_of(blueprint);
    const auto dates = term(now, entry.days_left);
    request.not_before = dates.not_before;
    request.not_after = dates.not_after;
    const auto certificate = bench.authority.issue(entry.brand, std::move(request));
    issue.certificates.push_back(x509::parse_certificate(certificate));
    write_keys(purpose, parts, bench.writer);
    write_certificate(purpose, certificate, parts.n, bench.writer);
  }
  bench.registry.add(issue);
  write_seals(entry, bench.writer);
  return serial;
}

}  // namespace ukey::practice
