#include "ops/certificates.hpp"

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "p11/object.hpp"
#include "policy/window.hpp"
#include "x509/bundle.hpp"
#include "x509/certificate.hpp"
#include "x509/key.hpp"

namespace ukey::ops {

namespace {

constexpr std::size_t kMostFile = 16U << 20;

model::CertificateRow row_of(const model::CertificateObject& object) {
  model::CertificateRow row;
  row.label = object.label;
  row.key_id = base::hex(object.id);
  row.handle = object.handle;
  row.error = object.error;
  if (row.error) return row;
  try {
    row.certificate = x509::parse_certificate(object.der);
  } catch (const base::Error& error) {
    row.error = error.about(object.label);
  }
  return row;
}

/// A private key belongs to a certificate by CKA_ID (PKCS#11 v3.0, 4.6.3), never by label.
void mark_keys(std::vector<model::CertificateRow>& rows, const std::vector<base::Bytes>& ids) {
  for (auto& row : rows) {
    const auto id = base::unhex(row.key_id);
    row.has_private_key = id && !id->empty() && std::ranges::find(ids, *id) != ids.end();
  }
}

/// Whether the private key is the certificate's, by its own numbers or, as with EC keys, by those
/// of the public key object of its ID; absent where neither tells.
std::optional<bool> is_key_of(const model::Certificate& certificate, const model::PublicKey& key,
                              const std::vector<model::PublicKey>& publics) {
  auto same = x509::same_key(certificate, key);
  for (const auto& open : publics)
    if (!same && !key.id.empty() && open.id == key.id) same = x509::same_key(certificate, open);
  return same;
}

/// A public key object proves nothing: its private half may be gone.
model::CheckRow key_match(const model::CertificateRow& row, const TokenKeys* keys) {
  using model::CheckReason;
  using model::CheckResult;
  const auto said = [](CheckResult result, CheckReason reason) {
    return model::CheckRow{model::Check::key_match, result, reason};
  };
  if (keys == nullptr) return said(CheckResult::not_checked, CheckReason::no_token);
  if (!keys->privates) return said(CheckResult::not_checked, CheckReason::key_not_visible);
  const bool wants_key = model::is_end_entity(row.certificate.role);
  auto out =
      said(wants_key ? CheckResult::failed : CheckResult::not_checked, CheckReason::key_missing);
  for (const auto& key : *keys->privates) {
    const auto same = is_key_of(row.certificate, key, keys->publics);
    if (same == true) return said(CheckResult::ok, CheckReason::none);
    if (key.id.empty() || base::hex(key.id) != row.key_id) continue;
    out = same ? said(CheckResult::failed, CheckReason::key_differs)
               : said(CheckResult::not_checked, CheckReason::unsupported);
  }
  return out;
}

bool names(const std::string& selector, const model::CertificateRow& row) {
  const std::string lower = base::ascii_lower(selector);
  if (row.label == selector || (!row.key_id.empty() && row.key_id == lower)) return true;
  if (row.error) return false;
  const auto& sha256 = row.certificate.sha256;
  return row.certificate.serial == lower || (lower.size() >= 8 && sha256.starts_with(lower));
}

std::optional<model::Role> certificate_role(const std::string& selector) {
  if (selector == "sign") return model::Role::sign;
  if (selector == "encrypt") return model::Role::encrypt;
  if (selector == "sign_encrypt") return model::Role::sign_encrypt;
  if (selector == "ca") return model::Role::ca;
  return std::nullopt;
}

}  // namespace

std::vector<model::CertificateRow> read_rows(const Bench& bench, const Visit& visit) {
  std::vector<model::CertificateRow> rows;
  for (const auto& object : p11::read_certificates(visit.session())) rows.push_back(row_of(object));
  policy::judge_rows(rows, bench.as_of, *bench.platform);
  if (visit.logged_in() && !rows.empty()) mark_keys(rows, p11::private_key_ids(visit.session()));
  return rows;
}

std::vector<model::CertificateRow> file_rows(const Bench& bench, const std::string& path) {
  std::vector<model::CertificateRow> rows;
  try {
    for (const auto& der : x509::certificates_in(base::read_file(path, kMostFile))) {
      rows.emplace_back();
      rows.back().certificate = x509::parse_certificate(der);
    }
  } catch (const base::Error& error) {
    if (error.cause() == base::Cause::large_file) throw;
    throw base::Error{error.code(), path, error.answer()};
  }
  policy::judge_rows(rows, bench.as_of, *bench.platform);
  return rows;
}

TokenCertificates read_token_certificates(const SharedBench& bench, bool with_keys) {
  const Present token = only_token(bench);
  return supervised_on<TokenCertificates>(bench, token, [bench, token, with_keys] {
    const Visit visit{*bench, token};
    TokenCertificates out{token.ref, read_rows(*bench, visit), {}};
    if (!with_keys || !visit.logged_in()) return out;
    out.keys = {p11::read_public_keys(visit.session()),
                p11::read_private_key_publics(visit.session())};
    return out;
  });
}

std::vector<model::CertificateRow> picked(std::vector<model::CertificateRow> rows,
                                          const std::string& selector) {
  if (selector.empty()) return rows;
  const auto role = certificate_role(selector);
  std::erase_if(rows, [&](const model::CertificateRow& row) {
    const bool by_role = role && !row.error && row.certificate.role == *role;
    return !by_role && !names(selector, row);
  });
  if (rows.empty()) throw base::Error{base::Code::not_found, selector};
  return rows;
}

std::optional<bool> revoked(const Bench& bench, const std::vector<model::CertificateRow>& rows) {
  if (!bench.revocation) return std::nullopt;
  for (const auto& row : rows) {
    if (row.error || !row.current) continue;
    for (const auto& check : x509::verify(row.certificate, *bench.revocation, bench.as_of)) {
      if (check.check != model::Check::revocation || check.result == model::CheckResult::ok)
        continue;
      if (check.reason == model::CheckReason::revoked) return true;
      throw base::Error{base::Code::bad_input, "--crl"};
    }
  }
  return false;
}

std::vector<model::CheckRow> verified(const Bench& bench, const model::CertificateRow& row,
                                      const x509::Trust& trust, const TokenKeys* keys) {
  auto checks = x509::verify(row.certificate, trust, bench.as_of);
  const auto last = std::ranges::find(checks, model::Check::revocation, &model::CheckRow::check);
  checks.insert(last, key_match(row, keys));
  return checks;
}

}  // namespace ukey::ops
