#include "ca/cmp.hpp"

#include <openssl/cmp.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "ca/collection.hpp"
#include "ca/post.hpp"
#include "ca/status.hpp"
#include "x509/name.hpp"
#include "x509/openssl.hpp"
#include "x509/request.hpp"

namespace ukey::ca {

namespace {

struct AllFreed {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
using ContextPtr = std::unique_ptr<OSSL_CMP_CTX, x509::FreedBy<OSSL_CMP_CTX_free>>;
using MessagePtr = std::unique_ptr<OSSL_CMP_MSG, x509::FreedBy<OSSL_CMP_MSG_free>>;
using OwnedStackPtr = std::unique_ptr<STACK_OF(X509), AllFreed>;

constexpr const char* kMediaType = "application/pkixcmp";
constexpr const char* kUsualPath = "/pkix/";

void must(bool done) {
  if (!done) throw base::Error{base::Code::bug, "CMP"};
}

bool is_sm2(const EVP_PKEY* key) { return key != nullptr && EVP_PKEY_is_a(key, "SM2") == 1; }

base::Bytes contents(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return {data, data + size};
}

/// What the callbacks, which OpenSSL calls with nothing else, work with.
struct Talk {
  const Post& post;
  const Request& request;
  int answers = 0;                        ///< how many the server has sent
  std::exception_ptr failure = {};        ///< why a message could not be exchanged
  std::optional<base::Bytes> unfit = {};  ///< a certificate for another key
};

base::Bytes encoded(const OSSL_CMP_MSG* message) {
  const x509::BioPtr out{BIO_new(BIO_s_mem())};
  must(out && i2d_OSSL_CMP_MSG_bio(out.get(), message) == 1);
  return contents(out.get());
}

OSSL_CMP_MSG* exchange(OSSL_CMP_CTX* context, const OSSL_CMP_MSG* message) {
  auto& talk = *static_cast<Talk*>(OSSL_CMP_CTX_get_transfer_cb_arg(context));
  try {
    const auto answer = talk.post.ask(encoded(message), kMediaType);
    const x509::BioPtr in{BIO_new_mem_buf(answer.data(), static_cast<int>(answer.size()))};
    MessagePtr read{in ? d2i_OSSL_CMP_MSG_bio(in.get(), nullptr) : nullptr};
    if (!read || BIO_pending(in.get()) != 0) throw not_understood();
    ++talk.answers;
    return read.release();
  } catch (...) {  // it must not pass through C; thrown again when OpenSSL has given up
    talk.failure = std::current_exception();
    return nullptr;
  }
}

Answer gathered(const OSSL_CMP_CTX* context, const X509* certificate) {
  Collection collection;
  collection.add(x509::encode(certificate));
  for (const OwnedStackPtr& more : {OwnedStackPtr{OSSL_CMP_CTX_get1_extraCertsIn(context)},
                                    OwnedStackPtr{OSSL_CMP_CTX_get1_caPubs(context)}})
    for (int i = 0; i < sk_X509_num(more.get()); ++i)
      collection.add(x509::encode(sk_X509_value(more.get(), i)));
  return std::move(collection).answer();
}

/// Says to the CA whether the certificate is taken: 0, or bits of PKIFailureInfo.
int confirm(OSSL_CMP_CTX* context, X509* certificate, int failure, const char**) {
  auto& talk = *static_cast<Talk*>(OSSL_CMP_CTX_get_certConf_cb_arg(context));
  try {
    auto der = x509::encode(certificate);
    if (failure == 0 && x509::answers_request(der, talk.request.pkcs10)) {
      if (talk.request.judge) talk.request.judge(gathered(context, certificate));
      return 0;
    }
    talk.unfit = std::move(der);
  } catch (...) {  // it must not pass through C
    talk.failure = std::current_exception();
  }
  return failure != 0 ? failure : OSSL_CMP_CTX_FAILINFO_incorrectData;
}

/// Without one of ours, OpenSSL would write to stderr.
int say_nothing(const char*, const char*, int, OSSL_CMP_severity, const char*) { return 1; }

void check(const CmpServer& server, const Request& request) {
  using model::CmpCommand;
  const bool by_secret = server.secret.has_value();
  if (!by_secret && server.trust.empty())
    throw base::Error{base::Code::usage, server.url}.because(base::Cause::no_trust);
  const bool signs_template = server.command != CmpCommand::p10cr;
  // OpenSSL 3.0 signs CMP messages of SM2 keys without the id that others expect in them.
  if ((!by_secret && is_sm2(request.old_key)) || (signs_template && is_sm2(request.new_key)))
    throw base::Error{base::Code::not_supported, "sm2"};
  must((by_secret || request.old_key != nullptr) &&
       (!signs_template || request.new_key != nullptr));
}

x509::RequestPtr decoded_request(base::ByteView der) {
  const unsigned char* at = der.data();
  x509::RequestPtr request{d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size()))};
  must(request != nullptr);
  return request;
}

void set_protection(OSSL_CMP_CTX* context, const CmpServer& server, const Request& request) {
  if (server.secret) {
    const auto secret = server.secret->reveal();
    const auto reference = base::as_bytes(server.reference);
    must(OSSL_CMP_CTX_set1_secretValue(context, secret.data(), static_cast<int>(secret.size())) ==
             1 &&
         OSSL_CMP_CTX_set1_referenceValue(context, reference.data(),
                                          static_cast<int>(reference.size())) == 1);
    return;
  }
  const auto& signer =
      request.signer_certificate.empty() ? request.old_certificate : request.signer_certificate;
  must(OSSL_CMP_CTX_set1_cert(context, x509::decode_certificate(signer).get()) == 1 &&
       OSSL_CMP_CTX_set1_pkey(context, request.old_key) == 1);
}

void set_trust(OSSL_CMP_CTX* context, const CmpServer& server) {
  auto store = store_of(server.trust);
  if (server.as_of)
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store.get()),
                               std::chrono::system_clock::to_time_t(*server.as_of));
  const OwnedStackPtr known{X509_STORE_get1_all_certs(store.get())};
  must(known != nullptr);
  // OpenSSL 3.0 takes an empty list for none, and then cannot add what answers bring.
  if (sk_X509_num(known.get()) > 0) must(OSSL_CMP_CTX_set1_untrusted(context, known.get()) == 1);
  must(OSSL_CMP_CTX_set0_trustedStore(context, store.release()) == 1);
  if (server.recipient.empty()) return;
  const auto name = x509::name_from(server.recipient);
  must(OSSL_CMP_CTX_set1_recipient(context, name.get()) == 1 &&
       OSSL_CMP_CTX_set1_expected_sender(context, name.get()) == 1);
}

void set_wish(OSSL_CMP_CTX* context, const CmpServer& server, const Request& request, X509* old) {
  if (server.command == model::CmpCommand::p10cr) {
    const auto p10 = decoded_request(request.pkcs10);
    must(OSSL_CMP_CTX_set1_p10CSR(context, p10.get()) == 1);
    return;
  }
  must(OSSL_CMP_CTX_set1_subjectName(context, X509_get_subject_name(old)) == 1);
  if (server.command == model::CmpCommand::kur) must(OSSL_CMP_CTX_set1_oldCert(context, old) == 1);
  must(EVP_PKEY_up_ref(request.new_key) == 1);
  x509::KeyPtr key{request.new_key};
  must(OSSL_CMP_CTX_set0_newPkey(context, 1, key.get()) == 1);
  (void)key.release();
  const unsigned years = std::min(request.facts.years, 100U);
  const auto days = static_cast<int>(years * 365 + years / 4);
  if (days > 0) must(OSSL_CMP_CTX_set_option(context, OSSL_CMP_OPT_VALIDITY_DAYS, days) == 1);
}

ContextPtr prepared(const CmpServer& server, const Request& request, Talk& talk) {
  ContextPtr context{OSSL_CMP_CTX_new(nullptr, nullptr)};
  auto* raw = context.get();
  must(raw != nullptr && OSSL_CMP_CTX_set_log_cb(raw, say_nothing) == 1);
  const auto old = x509::decode_certificate(request.old_certificate);
  set_protection(raw, server, request);
  set_trust(raw, server);
  set_wish(raw, server, request, old.get());
  const auto limit = static_cast<int>(std::clamp<long>(server.limit.count(), 1, 86400));
  must(OSSL_CMP_CTX_set_option(raw, OSSL_CMP_OPT_TOTAL_TIMEOUT, limit) == 1);
  must(OSSL_CMP_CTX_set_option(raw, OSSL_CMP_OPT_IMPLICIT_CONFIRM,
                               server.implicit_confirm ? 1 : 0) == 1);
  // A CA that cannot tell who asks refuses without protection; its reason is shown, never acted on.
  must(OSSL_CMP_CTX_set_option(raw, OSSL_CMP_OPT_UNPROTECTED_ERRORS, 1) == 1);
  must(OSSL_CMP_CTX_set_transfer_cb(raw, exchange) == 1 &&
       OSSL_CMP_CTX_set_transfer_cb_arg(raw, &talk) == 1);
  must(OSSL_CMP_CTX_set_certConf_cb(raw, confirm) == 1 &&
       OSSL_CMP_CTX_set_certConf_cb_arg(raw, &talk) == 1);
  return context;
}

int message_type(model::CmpCommand command) {
  switch (command) {
    case model::CmpCommand::kur:
      return OSSL_CMP_KUR;
    case model::CmpCommand::cr:
      return OSSL_CMP_CR;
    case model::CmpCommand::p10cr:
      return OSSL_CMP_P10CR;
  }
  throw base::Error{base::Code::bug};
}

}  // namespace

Answer ask_cmp(const CmpServer& server, const Request& request) {
  const x509::QuietErrors quiet;
  check(server, request);
  const auto address = address_of(server.url, kUsualPath);
  const auto& tls_trust = server.tls_trust.empty() ? server.trust : server.tls_trust;
  const Post post{server.url, address, store_of(tls_trust), server.connect_limit,
                  Post::Clock::now() + server.limit};
  Talk talk{post, request};
  const auto context = prepared(server, request, talk);
  const X509* certificate =
      OSSL_CMP_exec_certreq(context.get(), message_type(server.command), nullptr);
  if (talk.unfit)
    throw base::Error{base::Code::certificate_unfit, x509::sha256(*talk.unfit)}.because(
        base::Cause::foreign_key);
  if (talk.failure) std::rethrow_exception(talk.failure);
  if (certificate == nullptr) throw status_error(context.get(), server.url, talk.answers);
  return gathered(context.get(), certificate);
}

void require_server_url(const std::string& url) { (void)address_of(url, "/"); }

}  // namespace ukey::ca
