// A practice CA with one customer whose keys are software, and OpenSSL as the client in front of
// it.
#pragma once

#include <openssl/cmp.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "practice/authority.hpp"
#include "practice/factory.hpp"
#include "practice/responder.hpp"
#include "x509/certificate.hpp"
#include "x509/openssl.hpp"

namespace ukey::practice::test {

using x509::Key;
using x509::KeyKind;

/// Two key pairs that the register knows as those of one token.
struct Customer {
  std::string token;
  Key sign, encrypt;
  model::Certificate old_sign, old_encrypt;
};

/// What a client asks for, and with which certificate it signs.
struct Ask {
  int command = 7;  // PKIBody: kur; 2 cr, 4 p10cr, 0 ir
  const Key* key = nullptr;
  const model::Certificate* signer = nullptr;
  const Key* signer_key = nullptr;
  const model::Certificate* old = nullptr;  // null: the signer
  int days = 0;
  std::string subject;  // "" as in the old certificate
  bool accepts = true;  // what is said when it comes
};

/// What it got.
struct Got {
  std::optional<model::Certificate> certificate;
  std::vector<model::Certificate> others;  // of the response, without CA certificates
  int status = -1;
  int failures = 0;
  std::string reason;
};

/// A chain that is made once, for all cases.
inline const std::filesystem::path& chain() {
  static const TempFolder folder;
  static const auto authority = Authority::establish(folder.path(), kNow);
  return folder.path();
}

/// The CA in a folder of its own; its clock stands at kNow.
class PracticeCa {
 public:
  explicit PracticeCa(KeyKind kind = KeyKind::ec_p256)
      : authority_(open_copy(folder_.path())), registry_(registry_of(folder_.path())), kind_(kind) {
    registry_.establish();
  }

  [[nodiscard]] const Registry& registry() const { return registry_; }
  [[nodiscard]] const Authority& authority() const { return authority_; }
  [[nodiscard]] Conduct conduct() const {
    Conduct conduct;
    conduct.folder = folder_.path();
    conduct.now = [] { return kNow; };
    return conduct;
  }

  /// Enters a customer whose certificates end `days` after kNow.
  [[nodiscard]] Customer customer(const std::string& token, Brand brand = Brand::bjca,
                                  int days = 20) const {
    Customer out{token, Key::generate(kind_), Key::generate(kind_), {}, {}};
    out.old_sign = certificate(out.sign, brand, days, x509::KeyUsage::digital_signature);
    out.old_encrypt = certificate(out.encrypt, brand, days, x509::KeyUsage::key_encipherment);
    Issue issue;
    issue.token = token;
    issue.brand = brand;
    issue.state = IssueState::confirmed;
    issue.certificates = {out.old_sign, out.old_encrypt};
    registry_.add(issue);
    return out;
  }

  [[nodiscard]] model::Certificate certificate(const Key& key, Brand brand, int days,
                                               x509::KeyUsage usage) const {
    x509::IssueRequest request;
    request.subject = {{"C", "CN"}, {"CN", "青海练习软件有限公司"}};
    request.subject_key = key.public_der();
    request.key_usage = {usage};
    request.extensions = {x509::text_extension("1.2.156.10260.4.1.4", "91630000PRACT099X1")};
    const auto dates = term(kNow, days);
    request.not_before = dates.not_before;
    request.not_after = dates.not_after;
    return x509::parse_certificate(authority_.issue(brand, request));
  }

 private:
  static Authority open_copy(const std::filesystem::path& folder) {
    std::filesystem::copy(chain(), folder);
    return Authority::open(folder);
  }

  TempFolder folder_;
  Authority authority_;
  Registry registry_;
  KeyKind kind_;
};

namespace detail {

using ContextPtr = std::unique_ptr<OSSL_CMP_CTX, x509::FreedBy<OSSL_CMP_CTX_free>>;

inline OSSL_CMP_MSG* carry(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* message) {
  auto& responder = *static_cast<Responder*>(OSSL_CMP_CTX_get_transfer_cb_arg(context));
  const x509::BioPtr out{BIO_new(BIO_s_mem())};
  i2d_OSSL_CMP_MSG_bio(out.get(), message);
  unsigned char* octets = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(out.get(), &octets));
  const auto answer = responder.answer({octets, size});
  const x509::BioPtr in{BIO_new_mem_buf(answer.data(), static_cast<int>(answer.size()))};
  return d2i_OSSL_CMP_MSG_bio(in.get(), nullptr);
}

inline int reject(OSSL_CMP_CTX*, X509*, int, const char**) {
  return 1 << OSSL_CMP_PKIFAILUREINFO_badCertTemplate;
}

inline void set_request(OSSL_CMP_CTX* context, const Ask& ask, const X509* old) {
  EVP_PKEY_up_ref(ask.key->get());
  OSSL_CMP_CTX_set0_newPkey(context, 1, ask.key->get());
  if (ask.days != 0) OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_VALIDITY_DAYS, ask.days);
  x509::NamePtr subject{X509_NAME_dup(X509_get_subject_name(old))};
  if (!ask.subject.empty())
    X509_NAME_add_entry_by_txt(subject.get(), "OU", MBSTRING_UTF8,
                               base::as_bytes(ask.subject).data(), -1, -1, 0);
  OSSL_CMP_CTX_set1_subjectName(context, subject.get());
  if (ask.command != 4) return;
  const std::unique_ptr<X509_REQ, x509::FreedBy<X509_REQ_free>> request{X509_REQ_new()};
  X509_REQ_set_subject_name(request.get(), subject.get());
  X509_REQ_set_pubkey(request.get(), ask.key->get());
  X509_REQ_sign(request.get(), ask.key->get(), EVP_sha256());
  OSSL_CMP_CTX_set1_p10CSR(context, request.get());
}

inline ContextPtr context_of(const PracticeCa& ca, Responder& responder, const Ask& ask) {
  ContextPtr context{OSSL_CMP_CTX_new(nullptr, nullptr)};
  auto* const c = context.get();
  const auto signer = x509::decode_certificate(ask.signer->der);
  const auto old = x509::decode_certificate((ask.old != nullptr ? ask.old : ask.signer)->der);
  OSSL_CMP_CTX_set_option(c, OSSL_CMP_OPT_LOG_VERBOSITY, 0);
  OSSL_CMP_CTX_set1_cert(c, signer.get());
  OSSL_CMP_CTX_set1_pkey(c, ask.signer_key->get());
  OSSL_CMP_CTX_set1_oldCert(c, old.get());
  set_request(c, ask, old.get());
  for (const auto brand : {Brand::bjca, Brand::hbca, Brand::jsca}) {  // whoever signs it
    const auto x = x509::decode_certificate(ca.authority().certificate(brand));
    if (X509_check_issued(x.get(), signer.get()) == X509_V_OK)
      OSSL_CMP_CTX_set1_srvCert(c, x.get());
  }
  if (!ask.accepts) OSSL_CMP_CTX_set_certConf_cb(c, reject);
  OSSL_CMP_CTX_set_transfer_cb(c, carry);
  OSSL_CMP_CTX_set_transfer_cb_arg(c, &responder);
  return context;
}

inline Got result_of(OSSL_CMP_CTX* context, const X509* enrolled) {
  Got got;
  got.status = OSSL_CMP_CTX_get_status(context);
  got.failures = OSSL_CMP_CTX_get_failInfoCode(context);
  if (const auto* const text = OSSL_CMP_CTX_get0_statusString(context); text != nullptr) {
    for (int i = 0; i < sk_ASN1_UTF8STRING_num(text); ++i)
      got.reason += x509::text_of(sk_ASN1_UTF8STRING_value(text, i));
  }
  if (enrolled != nullptr) got.certificate = x509::parse_certificate(x509::encode(enrolled));
  auto* const extra = OSSL_CMP_CTX_get1_extraCertsIn(context);
  for (int i = 0; i < sk_X509_num(extra); ++i) {
    auto certificate = x509::parse_certificate(x509::encode(sk_X509_value(extra, i)));
    if (certificate.role != model::Role::ca) got.others.push_back(std::move(certificate));
  }
  sk_X509_pop_free(extra, X509_free);
  return got;
}

}  // namespace detail

/// Has OSSL_CMP_exec_certreq ask the CA.
inline Got ask_for(const PracticeCa& ca, Responder& responder, const Ask& ask) {
  const auto context = detail::context_of(ca, responder, ask);
  const auto* const enrolled = OSSL_CMP_exec_certreq(context.get(), ask.command, nullptr);
  ERR_clear_error();
  return detail::result_of(context.get(), enrolled);
}

/// The usual request: with the signing key, for `key`.
inline Ask renewal_of(const Customer& customer, const Key& key) {
  Ask ask;
  ask.key = &key;
  ask.signer = &customer.old_sign;
  ask.signer_key = &customer.sign;
  return ask;
}

}  // namespace ukey::practice::test
