#include "x509/chain.hpp"

#include <algorithm>
#include <bitset>

#include "base/error.hpp"
#include "x509/crl.hpp"
#include "x509/openssl.hpp"
#include "x509/path.hpp"

namespace ukey::x509 {

namespace {

using model::Check;
using model::CheckReason;
using model::CheckResult;
using model::CheckRow;

/// What OpenSSL found along one path. Every error is noted and the walk goes on, so that the rows
/// stay independent.
struct Findings {
  const Path* path = nullptr;
  base::Time at{};
  std::bitset<256> errors;
  bool issuer_expired = false;
  bool issuer_not_yet_valid = false;
  bool unknown_signature = false;

  [[nodiscard]] bool any(std::initializer_list<std::size_t> codes) const {
    return std::any_of(codes.begin(), codes.end(), [this](auto code) { return errors[code]; });
  }
};

Findings& findings_of(X509_STORE_CTX* context) {
  return *static_cast<Findings*>(X509_STORE_CTX_get_app_data(context));
}

/// The leaf's own dates are another row; OpenSSL calls the very second of notAfter expired, RFC
/// 5280 does not.
void note_dates(Findings& findings, const X509* certificate, int depth) {
  if (depth == 0 || certificate == nullptr) return;
  const auto from = time_of(X509_get0_notBefore(certificate));
  const auto to = time_of(X509_get0_notAfter(certificate));
  if (!to || findings.at > *to) findings.issuer_expired = true;
  if (!from || findings.at < *from) findings.issuer_not_yet_valid = true;
}

int on_result(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  auto& findings = findings_of(context);
  const auto* certificate = X509_STORE_CTX_get_current_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  if (error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID)
    note_dates(findings, certificate, X509_STORE_CTX_get_error_depth(context));
  else if (error == X509_V_ERR_CERT_SIGNATURE_FAILURE && certificate != nullptr &&
           X509_get_signature_nid(certificate) == NID_undef)
    findings.unknown_signature = true;  // nobody can tell whether it is right
  else if (error >= 0 && static_cast<std::size_t>(error) < findings.errors.size())
    findings.errors.set(static_cast<std::size_t>(error));
  return 1;
}

/// The path is known already; OpenSSL is to walk exactly that one.
int is_next_in_path(X509_STORE_CTX* context, X509* certificate, X509* issuer) {
  const auto& path = findings_of(context).path->certificates;
  const auto at = std::find(path.begin(), path.end(), certificate);
  if (at == path.end()) return 0;
  if (at + 1 == path.end()) return certificate == issuer && is_self_signed(issuer) ? 1 : 0;
  return *(at + 1) == issuer ? 1 : 0;
}

Findings walk(const Path& path, const std::vector<CrlPtr>& crls, base::Time at) {
  Findings findings{&path, at, {}, false, false, false};
  const StorePtr store{X509_STORE_new()};
  const StoreContextPtr context{X509_STORE_CTX_new()};
  const StackPtr above{sk_X509_new_null()};
  const CrlStackPtr lists{sk_X509_CRL_new_null()};
  if (!store || !context || !above || !lists) throw base::Error{base::Code::bug};
  for (std::size_t i = 1; i < path.certificates.size(); ++i)
    sk_X509_push(above.get(), path.certificates[i]);
  for (const auto& crl : crls) sk_X509_CRL_push(lists.get(), crl.get());

  X509_STORE_set_check_issued(store.get(), is_next_in_path);
  if (X509_STORE_CTX_init(context.get(), store.get(), path.certificates.front(), nullptr) != 1)
    throw base::Error{base::Code::bug};
  X509_STORE_CTX_set0_trusted_stack(context.get(), above.get());
  X509_STORE_CTX_set0_crls(context.get(), lists.get());
  X509_STORE_CTX_set_app_data(context.get(), &findings);
  X509_STORE_CTX_set_verify_cb(context.get(), on_result);
  auto* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, at.time_since_epoch().count());
  unsigned long flags = X509_V_FLAG_CHECK_SS_SIGNATURE;
  if (path.complete && !is_self_signed(path.certificates.back()))
    flags |= X509_V_FLAG_PARTIAL_CHAIN;
  if (!crls.empty()) flags |= X509_V_FLAG_CRL_CHECK;
  X509_VERIFY_PARAM_set_flags(parameters, flags);
  // Every error was noted on the way; what is left is a failure of OpenSSL itself, such as no
  // memory.
  if (X509_verify_cert(context.get()) < 0) findings.errors.set(X509_V_ERR_UNSPECIFIED);
  return findings;
}

constexpr std::initializer_list<std::size_t> kNoIssuer{
    X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,       X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
    X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,       X509_V_ERR_CERT_UNTRUSTED};
constexpr std::initializer_list<std::size_t> kNotACa{
    X509_V_ERR_INVALID_CA, X509_V_ERR_KEYUSAGE_NO_CERTSIGN, X509_V_ERR_PATH_LENGTH_EXCEEDED};
constexpr std::initializer_list<std::size_t> kOfCrls{X509_V_ERR_UNABLE_TO_GET_CRL,
                                                     X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
                                                     X509_V_ERR_CRL_SIGNATURE_FAILURE,
                                                     X509_V_ERR_CRL_NOT_YET_VALID,
                                                     X509_V_ERR_CRL_HAS_EXPIRED,
                                                     X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD,
                                                     X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD,
                                                     X509_V_ERR_CERT_REVOKED,
                                                     X509_V_ERR_DIFFERENT_CRL_SCOPE,
                                                     X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION,
                                                     X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
                                                     X509_V_ERR_CRL_PATH_VALIDATION_ERROR};

CheckRow failed(Check check, CheckReason reason) { return {check, CheckResult::failed, reason}; }

CheckRow unchecked(Check check, CheckReason reason) {
  return {check, CheckResult::not_checked, reason};
}

CheckRow chain_row(const Findings& found) {
  auto others = found.errors;
  for (const auto* known : {&kNoIssuer, &kNotACa, &kOfCrls})
    for (const auto code : *known) others.reset(code);
  others.reset(X509_V_ERR_CERT_SIGNATURE_FAILURE);
  if (found.errors[X509_V_ERR_CERT_SIGNATURE_FAILURE])
    return failed(Check::chain, CheckReason::bad_signature);
  if (found.any(kNoIssuer) || !found.path->complete)
    return failed(Check::chain, CheckReason::issuer_not_found);
  if (found.any(kNotACa)) return failed(Check::chain, CheckReason::issuer_not_a_ca);
  if (found.issuer_expired) return failed(Check::chain, CheckReason::issuer_expired);
  if (found.issuer_not_yet_valid) return failed(Check::chain, CheckReason::not_yet_valid);
  if (others.any() || found.unknown_signature)
    return failed(Check::chain, CheckReason::unsupported);
  return {Check::chain, CheckResult::ok, CheckReason::none};
}

CheckRow dates_row(const model::Certificate& certificate, base::Time at) {
  if (at < certificate.not_before) return failed(Check::dates, CheckReason::not_yet_valid);
  if (at > certificate.not_after) return failed(Check::dates, CheckReason::expired);
  return {Check::dates, CheckResult::ok, CheckReason::none};
}

CheckRow purpose_row(model::Role role) {
  if (role == model::Role::ca || role == model::Role::other)
    return failed(Check::purpose, CheckReason::no_key_usage);
  return {Check::purpose, CheckResult::ok, CheckReason::none};
}

CheckRow revocation_row(const Findings& found) {
  const auto& errors = found.errors;
  if (errors[X509_V_ERR_CERT_REVOKED]) return failed(Check::revocation, CheckReason::revoked);
  if (found.any({X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD}))
    return failed(Check::revocation, CheckReason::crl_expired);
  if (found.any({X509_V_ERR_CRL_NOT_YET_VALID, X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD}))
    return failed(Check::revocation, CheckReason::not_yet_valid);
  if (found.any({X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_DIFFERENT_CRL_SCOPE}))
    return unchecked(Check::revocation, CheckReason::crl_not_of_issuer);
  if (found.any({X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER}))
    return unchecked(Check::revocation, CheckReason::issuer_not_found);
  if (found.any({X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, X509_V_ERR_KEYUSAGE_NO_CRL_SIGN,
                 X509_V_ERR_CRL_PATH_VALIDATION_ERROR, X509_V_ERR_UNSPECIFIED}))
    return unchecked(Check::revocation, CheckReason::unsupported);
  return {Check::revocation, CheckResult::ok, CheckReason::none};
}

/// The lists that can speak of the leaf, or the row that says why there is none.
CheckRow choose_crls(const Path& path, const Trust& trust, std::vector<CrlPtr>& chosen) {
  if (trust.crls.empty()) return unchecked(Check::revocation, CheckReason::no_crl);
  if (path.certificates.size() < 2)
    return unchecked(Check::revocation, trust.certificates.empty() ? CheckReason::no_trust
                                                                   : CheckReason::issuer_not_found);
  auto* issuer = path.certificates[1];
  auto named = crls_of(trust.crls, path.certificates.front());
  if (named.empty()) return unchecked(Check::revocation, CheckReason::crl_not_of_issuer);
  for (auto& crl : named)
    if (is_signed_by(crl, issuer)) chosen.push_back(std::move(crl.list));
  if (chosen.empty()) return failed(Check::revocation, CheckReason::bad_signature);
  return {Check::revocation, CheckResult::ok, CheckReason::none};
}

}  // namespace

std::vector<CheckRow> verify(const model::Certificate& certificate, const Trust& trust,
                             base::Time at) {
  const QuietErrors quiet;
  const auto leaf = decode_certificate(certificate.der);
  std::vector<X509Ptr> trusted;
  for (const auto& der : trust.certificates) trusted.push_back(decode_certificate(der));
  const auto path = find_path(leaf.get(), trusted, at);
  std::vector<CrlPtr> crls;
  auto revocation = choose_crls(path, trust, crls);
  const auto found = walk(path, crls, at);
  if (!crls.empty()) revocation = revocation_row(found);
  const auto chain = trust.certificates.empty() ? unchecked(Check::chain, CheckReason::no_trust)
                                                : chain_row(found);
  return {chain, dates_row(certificate, at), purpose_row(certificate.role), revocation};
}

}  // namespace ukey::x509
