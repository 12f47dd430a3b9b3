#include "practice/renewal.hpp"

#include <openssl/cmp.h>

#include <algorithm>

#include "x509/certificate.hpp"
#include "x509/openssl.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using base::ByteView;
using model::Role;
using x509::KeyPtr;
using x509::NamePtr;

NamePtr decode_name(ByteView der) {
  const unsigned char* at = der.data();
  return NamePtr{d2i_X509_NAME(nullptr, &at, static_cast<long>(der.size()))};
}

bool is_name(const X509_NAME* known, ByteView der) {
  const auto name = decode_name(der);
  return name && X509_NAME_cmp(known, name.get()) == 0;
}

KeyPtr decode_key(ByteView der) {
  const unsigned char* at = der.data();
  KeyPtr key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
  return at == der.data() + der.size() ? std::move(key) : nullptr;
}

bool is_good(const KeyPtr& key) {
  if (!key) return false;
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1)
    return EVP_PKEY_get_bits(key.get()) >= 2048 && EVP_PKEY_get_bits(key.get()) <= 8192;
  return EVP_PKEY_is_a(key.get(), "EC") == 1 && EVP_PKEY_get_bits(key.get()) >= 256;
}

bool has_key(const model::Certificate& certificate, const KeyPtr& key) {
  const auto x = x509::decode_certificate(certificate.der);
  const auto* known = X509_get0_pubkey(x.get());
  return known != nullptr && EVP_PKEY_eq(known, key.get()) == 1;
}

/// The certificate that a CertId names.
Entered named(const std::vector<Issue>& issues, const CertificateId& id) {
  for (const auto& issue : issues) {
    for (const auto& certificate : issue.certificates) {
      if (certificate.serial != id.serial) continue;
      const auto x = x509::decode_certificate(certificate.der);
      if (is_name(X509_get_issuer_name(x.get()), id.issuer)) return {&issue, &certificate};
    }
  }
  return {};
}

/// A certificate that may not be used now; `signs`: the message is signed with it.
std::optional<Refusal> unfit(const Entered& entered, base::Time now, bool signs) {
  const int failure =
      signs ? OSSL_CMP_PKIFAILUREINFO_signerNotTrusted : OSSL_CMP_PKIFAILUREINFO_badCertId;
  if (!entered)
    return Refusal{failure, "本CA没有签发过这张证书 / this certificate was not issued here"};
  if (entered.issue->state == IssueState::withdrawn)
    return Refusal{OSSL_CMP_PKIFAILUREINFO_certRevoked,
                   "证书已撤回 / the certificate is withdrawn"};
  if (now > entered.certificate->not_after)
    return Refusal{failure, "证书已过期 / the certificate has expired"};
  if (now < entered.certificate->not_before)
    return Refusal{failure, "证书尚未生效 / the certificate is not valid yet"};
  return std::nullopt;
}

/// What speaks against renewing `old` for whoever holds `signer`.
std::optional<Refusal> objection(const Wish& wish, const Entered& signer, const Entered& old) {
  if (signer.issue->brand == Brand::jsca)
    return Refusal{OSSL_CMP_PKIFAILUREINFO_unacceptedPolicy,
                   "江苏CA不再办理续期 / this CA no longer renews"};
  if (old.issue->token != signer.issue->token)
    return Refusal{OSSL_CMP_PKIFAILUREINFO_notAuthorized,
                   "旧证书属于另一把锁 / the old certificate is of another token"};
  const auto x = x509::decode_certificate(old.certificate->der);
  const bool silent = wish.subject.empty() && wish.names_old;
  if (!silent && !is_name(X509_get_subject_name(x.get()), wish.subject))
    return Refusal{OSSL_CMP_PKIFAILUREINFO_badCertTemplate,
                   "主题与旧证书不同 / the subject is not that of the old certificate"};
  if (!is_good(decode_key(wish.key)))
    return Refusal{OSSL_CMP_PKIFAILUREINFO_badCertTemplate,
                   "不接受这种密钥 / this kind of key is not accepted"};
  return std::nullopt;
}

std::optional<int> years_of(const Wish& wish, const Desk& desk) {
  if (!wish.not_after) return desk.years;
  return whole_years(wish.not_before.value_or(desk.now), *wish.not_after);
}

/// What was issued for this key and old certificate before; null for nothing.
const Issue* earlier(const std::vector<Issue>& issues, const Wish& wish, const Entered& old) {
  const auto key = decode_key(wish.key);
  const auto found = std::ranges::find_if(issues, [&](const Issue& issue) {
    return issue.renews == old.certificate->sha256 && issue.state != IssueState::withdrawn &&
           has_key(issue.certificates.front(), key);
  });
  return found == issues.end() ? nullptr : &*found;
}

std::vector<x509::KeyUsage> usage_of(X509* certificate) {
  std::vector<x509::KeyUsage> usage;
  if ((X509_get_extension_flags(certificate) & EXFLAG_KUSAGE) == 0) return usage;
  const auto bits = X509_get_key_usage(certificate);
  for (unsigned bit = 0; bit <= static_cast<unsigned>(x509::KeyUsage::crl_sign); ++bit) {
    if ((bits & (0x80U >> bit)) != 0) usage.push_back(static_cast<x509::KeyUsage>(bit));
  }
  return usage;
}

/// The extensions but those that the CA makes itself: usage and key identifiers.
std::vector<x509::Extension> extensions_of(const X509* certificate) {
  std::vector<x509::Extension> extensions;
  for (int i = 0; i < X509_get_ext_count(certificate); ++i) {
    auto* const extension = X509_get_ext(certificate, i);
    const auto* const object = X509_EXTENSION_get_object(extension);
    const int nid = OBJ_obj2nid(object);
    if (nid == NID_key_usage || nid == NID_subject_key_identifier ||
        nid == NID_authority_key_identifier)
      continue;
    const auto* const value = X509_EXTENSION_get_data(extension);
    const auto* const octets = ASN1_STRING_get0_data(value);
    extensions.push_back({x509::dotted(object), Bytes(octets, octets + ASN1_STRING_length(value))});
  }
  return extensions;
}

struct Term {
  base::Time not_before, not_after;
};

/// The old certificate anew: its subject octet for octet, its usage and extensions.
model::Certificate anew(const Desk& desk, const Entered& old, const Bytes& key, const Term& term) {
  const auto x = x509::decode_certificate(old.certificate->der);
  const unsigned char* name = nullptr;
  std::size_t size = 0;
  x509::IssueRequest request;
  if (X509_NAME_get0_der(X509_get_subject_name(x.get()), &name, &size) == 1)
    request.subject_name.assign(name, name + size);
  request.subject_key = key;
  request.key_usage = usage_of(x.get());
  request.extensions = extensions_of(x.get());
  request.not_before = term.not_before;
  request.not_after = term.not_after;
  return x509::parse_certificate(desk.authority.issue(old.issue->brand, std::move(request)));
}

Bytes key_of(const model::Certificate& certificate) {
  const auto x = x509::decode_certificate(certificate.der);
  unsigned char* out = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x.get()), &out);
  const x509::MemoryPtr<unsigned char> owned{out};
  return size > 0 ? Bytes(out, out + size) : Bytes{};
}

Issue made(const Desk& desk, const std::vector<Issue>& issues, const Entered& old, const Wish& wish,
           int years) {
  const Term term{desk.now, later_by(old.certificate->not_after, years)};
  Issue issue;
  issue.token = old.issue->token;
  issue.brand = old.issue->brand;
  issue.renews = old.certificate->sha256;
  const auto key =
      desk.wrong_key ? x509::Key::generate(x509::KeyKind::rsa_2048).public_der() : wish.key;
  issue.certificates.push_back(anew(desk, old, key, term));
  const auto beside = last_certificate(issues, issue.token, Role::encrypt);
  if (old.certificate->role == Role::sign && beside)
    issue.certificates.push_back(anew(desk, beside, key_of(*beside.certificate), term));
  if (!desk.wrong_key) issue.number = desk.registry.add(issue);
  return issue;
}

}  // namespace

base::Time later_by(base::Time time, int years) {
  const auto date = base::date_in(time, kBeijing);
  const std::chrono::year_month_day day{date};
  const auto month = (day.year() + std::chrono::years(years)) / day.month();
  const auto same = month / std::min(day.day(), (month / std::chrono::last).day());
  return base::start_of(base::Date{std::chrono::local_days{same}}, kBeijing) +
         (time - base::start_of(date, kBeijing));
}

std::optional<int> whole_years(base::Time from, base::Time to) {
  const std::chrono::seconds year{31'556'952};  // of the Gregorian calendar, on average
  const auto asked = to - from;
  if (asked < year / 2 || asked >= year * 5 / 2) return std::nullopt;
  return asked < year * 3 / 2 ? 1 : 2;
}

std::variant<Issue, Refusal> renew(const Desk& desk, ByteView signer_der, const Wish& wish) {
  const x509::QuietErrors quiet;
  const auto held = desk.registry.hold();
  const auto issues = desk.registry.issues();
  const auto signer = find_certificate(issues, signer_der);
  if (auto refusal = unfit(signer, desk.now, true)) return *refusal;
  if (wish.names_old && !wish.old)
    return Refusal{OSSL_CMP_PKIFAILUREINFO_badCertId,
                   "没有写明旧证书 / the old certificate is not named"};
  const auto old = wish.old ? named(issues, *wish.old) : signer;
  if (auto refusal = unfit(old, desk.now, false)) return *refusal;
  if (auto refusal = objection(wish, signer, old)) return *refusal;
  const auto years = years_of(wish, desk);
  if (!years)
    return Refusal{OSSL_CMP_PKIFAILUREINFO_badCertTemplate,
                   "年限只能是1年或2年 / the term may only be 1 or 2 years"};
  if (const auto* const before = earlier(issues, wish, old)) return *before;
  return made(desk, issues, old, wish, *years);
}

}  // namespace ukey::practice
