#include "ca/post.hpp"

#include <errno.h>
#include <openssl/http.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "ca/collection.hpp"

namespace ukey::ca {

namespace {

constexpr std::size_t kMostAnswer = std::size_t{4} << 20;

using TlsContextPtr = std::unique_ptr<SSL_CTX, x509::FreedBy<SSL_CTX_free>>;
using TlsPtr = std::unique_ptr<SSL, x509::FreedBy<SSL_free>>;
using AddressPtr = std::unique_ptr<ASN1_OCTET_STRING, x509::FreedBy<ASN1_OCTET_STRING_free>>;

void must_tls(bool done) {
  if (!done) throw base::Error{base::Code::bug, "TLS"};
}

std::string owned_text(char* text) {
  const x509::MemoryPtr<char> owned{text};
  return text == nullptr ? std::string{} : std::string{text};
}

bool is_number(const std::string& host) {
  return AddressPtr{a2i_IPADDRESS(host.c_str())} != nullptr;
}

/// Waits until the line is ready for what it wants to do next; false at `until`.
bool ready(BIO* bio, Post::Clock::time_point until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Post::Clock::now());
  int line = -1;
  if (left.count() <= 0 || BIO_get_fd(bio, &line) < 0) return false;
  const short wanted = BIO_should_read(bio) != 0 ? POLLIN : POLLOUT;
  pollfd waiting{line, wanted, 0};
  const int found = poll(&waiting, 1, static_cast<int>(std::min<long>(left.count(), 3'600'000)));
  return found > 0 || (found < 0 && errno == EINTR);
}

/// Repeats a step that does not block until it is done or fails; false at `until`.
template <typename Step>
bool finish(BIO* bio, Post::Clock::time_point until, Step step) {
  while (step(bio) <= 0)
    if (BIO_should_retry(bio) == 0 || !ready(bio, until)) return false;
  return true;
}

/// What went wrong first of all: OpenSSL's or the system's reason and what was added to it.
std::string first_reason() {
  const char* data = nullptr;
  int flags = 0;
  const auto code = ERR_peek_error_all(nullptr, nullptr, nullptr, &data, &flags);
  if (code == 0) return {};
  if (ERR_SYSTEM_ERROR(code)) return std::generic_category().message(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  std::string out = reason == nullptr ? "" : reason;
  const std::string_view more = (flags & ERR_TXT_STRING) != 0 && data != nullptr ? data : "";
  if (!more.empty() && !more.starts_with("server=")) out += ": " + std::string{more};
  return out;
}

/// Where nothing went wrong, the time did.
std::string reason_or_time() {
  const auto reason = first_reason();
  return reason.empty() ? std::generic_category().message(ETIMEDOUT) : reason;
}

}  // namespace

Address address_of(const std::string& url, const std::string& path) {
  const x509::QuietErrors quiet;
  int tls = 0;
  char *user = nullptr, *host = nullptr, *port = nullptr;
  char *given = nullptr, *query = nullptr, *fragment = nullptr;
  const bool read = OSSL_HTTP_parse_url(url.c_str(), &tls, &user, &host, &port, nullptr, &given,
                                        &query, &fragment) == 1;
  Address out{tls != 0, owned_text(host), owned_text(port), owned_text(given)};
  const auto asked = owned_text(query);
  const auto unwanted = owned_text(user) + owned_text(fragment);
  const bool odd = std::any_of(url.begin(), url.end(), [](char c) { return c <= ' ' || c > '~'; });
  if (!read || !unwanted.empty() || odd || out.host.empty() || url.find("://") == std::string::npos)
    throw base::Error{base::Code::usage, url}.because(base::Cause::bad_value);
  if (out.path.empty() || out.path == "/") out.path = path;
  if (!asked.empty()) out.path += "?" + asked;
  return out;
}

x509::StorePtr store_of(const std::vector<base::Bytes>& trust) {
  x509::StorePtr store{X509_STORE_new()};
  must_tls(store != nullptr);
  bool anchored = false;
  for (const auto& der : trust) {
    const auto certificate = x509::decode_certificate(der);
    anchored = anchored || X509_self_signed(certificate.get(), 0) == 1;
    must_tls(X509_STORE_add_cert(store.get(), certificate.get()) == 1);
  }
  if (!anchored) must_tls(X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN) == 1);
  return store;
}

Post::Post(std::string url, Address address, x509::StorePtr tls_trust,
           std::chrono::seconds connect_limit, Clock::time_point deadline)
    : url_(std::move(url)),
      address_(std::move(address)),
      tls_trust_(std::move(tls_trust)),
      connect_limit_(connect_limit),
      deadline_(deadline) {}

base::Bytes Post::ask(base::ByteView body, const char* type) const {
  const x509::QuietErrors quiet;
  const auto line = connected();
  const x509::BioPtr request{BIO_new_mem_buf(body.data(), static_cast<int>(body.size()))};
  must_tls(request != nullptr);
  // Both ends given: OpenSSL neither connects itself nor looks for a proxy in the environment.
  const x509::BioPtr answer{OSSL_HTTP_transfer(
      nullptr, address_.host.c_str(), address_.port.c_str(), address_.path.c_str(), 0, nullptr,
      nullptr, line.get(), line.get(), nullptr, nullptr, 0, nullptr, type, request.get(), type, 1,
      kMostAnswer, seconds_left(), 0)};
  if (!answer) fail(first_reason());
  base::Bytes out;
  std::array<std::uint8_t, 16384> buffer;
  for (int size = 0;
       (size = BIO_read(answer.get(), buffer.data(), static_cast<int>(buffer.size()))) > 0;) {
    out.insert(out.end(), buffer.begin(), buffer.begin() + size);
    if (out.size() > kMostAnswer) fail();
  }
  return out;
}

x509::BioPtr Post::connected() const {
  const auto until = std::min(deadline_, Clock::now() + connect_limit_);
  x509::BioPtr line{BIO_new(BIO_s_connect())};
  must_tls(line && BIO_set_conn_hostname(line.get(), address_.host.c_str()) == 1 &&
           BIO_set_conn_port(line.get(), address_.port.c_str()) == 1);
  BIO_set_nbio(line.get(), 1);
  if (!finish(line.get(), until, [](BIO* bio) { return BIO_do_connect(bio); }))
    fail(reason_or_time());
  return address_.tls ? secured(std::move(line), until) : std::move(line);
}

x509::BioPtr Post::secured(x509::BioPtr line, Clock::time_point until) const {
  const TlsContextPtr context{SSL_CTX_new(TLS_client_method())};
  must_tls(context && SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1);
  SSL_CTX_set1_cert_store(context.get(), tls_trust_.get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  TlsPtr tls{SSL_new(context.get())};
  must_tls(tls != nullptr);
  const char* host = address_.host.c_str();
  if (is_number(address_.host))
    must_tls(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), host) == 1);
  else
    must_tls(SSL_set1_host(tls.get(), host) == 1 && SSL_set_tlsext_host_name(tls.get(), host) == 1);
  SSL_set_connect_state(tls.get());
  x509::BioPtr filter{BIO_new(BIO_f_ssl())};
  must_tls(filter != nullptr);
  SSL* const state = tls.release();  // the filter's from here
  BIO_set_ssl(filter.get(), state, BIO_CLOSE);
  BIO_push(filter.get(), line.release());
  if (!finish(filter.get(), until, [](BIO* bio) { return BIO_do_handshake(bio); })) {
    const long verdict = SSL_get_verify_result(state);
    if (verdict == X509_V_OK) fail(reason_or_time());
    throw failure(X509_verify_cert_error_string(verdict)).because(base::Cause::untrusted_server);
  }
  return filter;
}

int Post::seconds_left() const {
  const auto left = std::chrono::ceil<std::chrono::seconds>(deadline_ - Clock::now()).count();
  if (left <= 0) fail(std::generic_category().message(ETIMEDOUT));
  return static_cast<int>(std::min<long>(left, 86400));
}

base::Error Post::failure(std::string_view reason) const {
  const auto words = cleaned(base::as_bytes(reason));
  return base::Error{base::Code::ca_unreachable, words.empty() ? url_ : url_ + " (" + words + ")"};
}

}  // namespace ukey::ca
