#include "practice/transaction.hpp"

#include <openssl/cmp.h>

#include <algorithm>

#include "base/error.hpp"
#include "x509/openssl.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using base::ByteView;
using base::Code;
using base::Error;
using x509::FreedBy;

using MessagePtr = std::unique_ptr<OSSL_CMP_MSG, FreedBy<OSSL_CMP_MSG_free>>;
using ServerPtr = std::unique_ptr<OSSL_CMP_SRV_CTX, FreedBy<OSSL_CMP_SRV_CTX_free>>;

constexpr std::int64_t kPollSeconds = 1;

void must(bool done) {
  if (!done) throw Error(Code::bug, "OSSL_CMP");
}

MessagePtr decode(ByteView message) {
  const x509::BioPtr source{BIO_new_mem_buf(message.data(), static_cast<int>(message.size()))};
  must(source != nullptr);
  return MessagePtr{d2i_OSSL_CMP_MSG_bio(source.get(), nullptr)};
}

Bytes encode(const OSSL_CMP_MSG* message) {
  const x509::BioPtr out{BIO_new(BIO_s_mem())};
  must(out && i2d_OSSL_CMP_MSG_bio(out.get(), message) == 1);
  unsigned char* octets = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &octets);
  return {octets, octets + size};
}

template <typename T, typename Encode>
Bytes der_of(const T* object, const Encode& encoding) {
  unsigned char* out = nullptr;
  const int size = object != nullptr ? encoding(object, &out) : 0;
  const x509::MemoryPtr<unsigned char> owned{out};
  return size > 0 ? Bytes(out, out + size) : Bytes{};
}

OSSL_CMP_PKISI* status(int number, int failure_bits = 0, const std::string& reason = {}) {
  return OSSL_CMP_STATUSINFO_new(number, failure_bits, reason.empty() ? nullptr : reason.c_str());
}

OSSL_CMP_PKISI* refused(const Refusal& refusal) {
  return status(OSSL_CMP_PKISTATUS_rejection, 1 << refusal.failure, refusal.reason);
}

std::string serial_of(const ASN1_INTEGER* serial) {
  const x509::BnPtr number{serial != nullptr ? ASN1_INTEGER_to_BN(serial, nullptr) : nullptr};
  if (!number || BN_is_negative(number.get())) return "";
  Bytes octets(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), octets.data());
  return base::hex(octets);
}

/// What a request asks for; absent for one that no renewal is asked with.
std::optional<Wish> wish_of(const OSSL_CMP_MSG* message, const OSSL_CRMF_MSG* crm,
                            const X509_REQ* p10) {
  if (p10 != nullptr) {
    Wish wish;
    wish.key = der_of(X509_REQ_get_X509_PUBKEY(const_cast<X509_REQ*>(p10)), i2d_X509_PUBKEY);
    wish.subject = der_of(X509_REQ_get_subject_name(p10), i2d_X509_NAME);
    return wish;
  }
  const int body = OSSL_CMP_MSG_get_bodytype(message);
  if (crm == nullptr || (body != kCr && body != kKur)) return std::nullopt;
  auto wish = read_template(der_of(OSSL_CRMF_MSG_get0_tmpl(crm), i2d_OSSL_CRMF_CERTTEMPLATE));
  if (!wish || body != kKur) return wish;
  wish->names_old = true;
  if (const auto* const old = OSSL_CRMF_MSG_get0_regCtrl_oldCertID(crm))
    wish->old = CertificateId{der_of(OSSL_CRMF_CERTID_get0_issuer(old), i2d_X509_NAME),
                              serial_of(OSSL_CRMF_CERTID_get0_serialNumber(old))};
  return wish;
}

void push(STACK_OF(X509) * stack, ByteView der) {
  auto certificate = x509::decode_certificate(der);
  must(sk_X509_push(stack, certificate.get()) > 0);
  certificate.release();
}

Bytes name_of(ByteView certificate, X509_NAME* (*which)(const X509*)) {
  return der_of(which(x509::decode_certificate(certificate).get()), i2d_X509_NAME);
}

}  // namespace

struct Transaction::Server {
  ServerPtr context{OSSL_CMP_SRV_CTX_new(nullptr, nullptr)};
};

/// Nothing may be thrown through OpenSSL: what fails is kept for `answer`.
struct Transaction::Calls {
  static Transaction& of(OSSL_CMP_SRV_CTX* context) {
    return *static_cast<Transaction*>(OSSL_CMP_SRV_CTX_get0_custom_ctx(context));
  }

  template <typename Result, typename Action>
  static Result guarded(OSSL_CMP_SRV_CTX* context, const Action& action) {
    try {
      return action(of(context));
    } catch (...) {  // thrown again where no C code is in between
      of(context).failure_ = std::current_exception();
      return Result{};
    }
  }

  static OSSL_CMP_PKISI* certify(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG* message, int,
                                 const OSSL_CRMF_MSG* crm, const X509_REQ* p10, X509** certificate,
                                 STACK_OF(X509) * *chain, STACK_OF(X509) **) {
    return guarded<OSSL_CMP_PKISI*>(context, [&](Transaction& self) {
      self.waiting_ = self.waits();
      if (self.waiting_) return status(OSSL_CMP_PKISTATUS_waiting);
      return decide(self, wish_of(message, crm, p10), certificate, chain);
    });
  }

  static OSSL_CMP_PKISI* decide(Transaction& self, const std::optional<Wish>& wish,
                                X509** certificate, STACK_OF(X509) * *chain) {
    const auto& conduct = self.conduct_;
    if (!conduct.rejection.empty())
      return refused({OSSL_CMP_PKIFAILUREINFO_badRequest, conduct.rejection});
    if (!wish)
      return refused(
          {OSSL_CMP_PKIFAILUREINFO_badRequest, "这里只办理续期 / only renewals are handled here"});
    const Desk desk{self.registry_, self.authority_, conduct.now(), conduct.years,
                    conduct.wrong_key};
    const auto outcome = renew(desk, self.signer_, *wish);
    if (const auto* const refusal = std::get_if<Refusal>(&outcome)) return refused(*refusal);
    const auto& issue = std::get<Issue>(outcome);
    x509::StackPtr others{sk_X509_new_null()};
    must(others != nullptr);
    for (std::size_t i = 1; i < issue.certificates.size(); ++i)
      push(others.get(), issue.certificates[i].der);
    push(others.get(), self.authority_.certificate(issue.brand));
    *certificate = x509::decode_certificate(issue.certificates.front().der).release();
    *chain = others.release();
    self.issue_ = issue;
    return status(OSSL_CMP_PKISTATUS_accepted);
  }

  static int confirm(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int,
                     const ASN1_OCTET_STRING* hash, const OSSL_CMP_PKISI* said) {
    return guarded<int>(context, [&](Transaction& self) {
      if (!self.issue_ || hash == nullptr) return 0;
      const auto x = x509::decode_certificate(self.issue_->certificates.front().der);
      const x509::OctetsPtr known{X509_digest_sig(x.get(), nullptr, nullptr)};
      if (!known || ASN1_OCTET_STRING_cmp(known.get(), hash) != 0) {
        ERR_raise(ERR_LIB_CMP, CMP_R_CERTHASH_UNMATCHED);
        return 0;
      }
      settle(self, said == nullptr || read_status(der_of(said, i2d_OSSL_CMP_PKISI)) <
                                          OSSL_CMP_PKISTATUS_rejection);
      return 1;
    });
  }

  /// Whoever has confirmed once cannot hand it back.
  static void settle(Transaction& self, bool accepted) {
    self.confirmed_ = true;
    auto& issue = *self.issue_;
    if (issue.number == 0 || issue.state != IssueState::issued) return;
    const auto held = self.registry_.hold();
    self.registry_.set_state(issue, accepted ? IssueState::confirmed : IssueState::withdrawn);
  }

  static int poll(OSSL_CMP_SRV_CTX* context, const OSSL_CMP_MSG*, int, OSSL_CMP_MSG** request,
                  std::int64_t* seconds) {
    *request = nullptr;
    return guarded<int>(context, [&](Transaction& self) {
      if (!self.waiting_) {
        ERR_raise(ERR_LIB_CMP, CMP_R_UNEXPECTED_PKIBODY);
        return 0;
      }
      *seconds = kPollSeconds;
      if (self.waits()) return 1;
      *request = decode(self.request_).release();
      return *request != nullptr ? 1 : 0;
    });
  }

  static void end(OSSL_CMP_SRV_CTX*, const OSSL_CMP_MSG*, const OSSL_CMP_PKISI*,
                  const ASN1_INTEGER*, const OSSL_CMP_PKIFREETEXT*) {}

  static int silence(const char*, const char*, int, OSSL_CMP_severity, const char*) { return 1; }
};

Transaction::Transaction(const Conduct& conduct, const Registry& registry, const MessageHead& first)
    : conduct_(conduct),
      registry_(registry),
      authority_(Authority::open(conduct.folder)),
      waits_(conduct.polls),
      server_(std::make_unique<Server>()) {
  const x509::QuietErrors quiet;
  choose_brand(first);
  choose_signer(first);
  auto* const context = server_->context.get();
  must(context != nullptr);
  must(OSSL_CMP_SRV_CTX_init(context, this, Calls::certify, nullptr, nullptr, Calls::end,
                             Calls::confirm, Calls::poll) == 1);
  auto* const common = OSSL_CMP_SRV_CTX_get0_cmp_ctx(context);
  const auto own = x509::decode_certificate(authority_.certificate(brand_));
  must(OSSL_CMP_CTX_set_log_cb(common, Calls::silence) == 1);
  must(OSSL_CMP_CTX_set1_cert(common, own.get()) == 1);
  must(OSSL_CMP_CTX_set1_pkey(common, authority_.key(brand_).get()) == 1);
  if (signer_.empty()) return;
  must(OSSL_CMP_CTX_set1_srvCert(common, x509::decode_certificate(signer_).get()) == 1);
}

Transaction::~Transaction() = default;

/// The CA that the message is for, where the signer does not say it.
void Transaction::choose_brand(const MessageHead& first) {
  for (const auto brand : {Brand::bjca, Brand::hbca, Brand::jsca}) {
    const auto name = name_of(authority_.certificate(brand), X509_get_subject_name);
    if (std::ranges::equal(name, first.recipient)) brand_ = brand;
  }
}

/// The certificate that the message says it is signed with: one that it carries, else the newest
/// with this name and key identifier.
void Transaction::choose_signer(const MessageHead& first) {
  const auto issues = registry_.issues();
  const auto fits = [&](const model::Certificate& certificate) {
    return (first.sender_key.empty() ||
            base::hex(first.sender_key) == certificate.subject_key_id) &&
           std::ranges::equal(name_of(certificate.der, X509_get_subject_name), first.sender);
  };
  const auto choose = [&](const Issue& issue, const model::Certificate& certificate) {
    signer_ = certificate.der;
    brand_ = issue.brand;
  };
  for (const auto& carried : first.certificates) {
    const auto found = find_certificate(issues, carried);
    if (found && fits(*found.certificate)) return choose(*found.issue, *found.certificate);
  }
  if (first.sender_key.empty()) return;
  for (const auto& issue : issues) {
    for (const auto& certificate : issue.certificates) {
      if (fits(certificate)) choose(issue, certificate);
    }
  }
}

bool Transaction::waits() {
  if (waits_ == 0) return false;
  --waits_;
  return true;
}

Bytes Transaction::answer(ByteView message) {
  ERR_clear_error();  // OpenSSL tells the client the oldest error there is
  const auto request = decode(message);
  if (!request) throw Error(Code::bad_input, "PKIMessage");
  if (request_.empty()) request_.assign(message.begin(), message.end());
  const MessagePtr response{OSSL_CMP_SRV_process_request(server_->context.get(), request.get())};
  ERR_clear_error();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  must(response != nullptr);
  return encode(response.get());
}

bool Transaction::is_open() const { return !confirmed_ && (waiting_ || issue_); }

}  // namespace ukey::practice
