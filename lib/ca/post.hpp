// One message to a server and its answer, over HTTP or HTTPS (RFC 6712), each in a connection of
// its own. It refuses proxies, redirections, and servers that the given trust does not vouch for.
// For .cpp files of this room.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "x509/openssl.hpp"

namespace ukey::ca {

/// Where a server listens.
struct Address {
  bool tls = false;
  std::string host, port;
  std::string path;  ///< with its query, beginning with "/"
};

/// The parts of an http or https URL; `path` when it has none. Throws usage (subject: the URL) for
/// anything else, also for one with a user or a fragment.
[[nodiscard]] Address address_of(const std::string& url, const std::string& path);

/// Trusted certificates as OpenSSL wants them. Self-signed ones are anchors; when there is none,
/// any of them is. Throws bad_input when one cannot be read.
[[nodiscard]] x509::StorePtr store_of(const std::vector<base::Bytes>& trust);

class Post {
 public:
  using Clock = std::chrono::steady_clock;

  /// `url` is what errors name. `connect_limit` holds for each connection with its TLS handshake,
  /// `deadline` for everything.
  Post(std::string url, Address address, x509::StorePtr tls_trust,
       std::chrono::seconds connect_limit, Clock::time_point deadline);

  /// The body of the answer to a POST of `body`, both of the media type `type`; the answer must
  /// begin like DER and have at most 4 MiB. Throws ca_unreachable: the URL and, in brackets, what
  /// is known of the reason.
  [[nodiscard]] base::Bytes ask(base::ByteView body, const char* type) const;

 private:
  [[nodiscard]] x509::BioPtr connected() const;
  [[nodiscard]] x509::BioPtr secured(x509::BioPtr line, Clock::time_point until) const;
  [[nodiscard]] int seconds_left() const;
  [[nodiscard]] base::Error failure(std::string_view reason) const;
  [[noreturn]] void fail(std::string_view reason = {}) const { throw failure(reason); }

  std::string url_;
  Address address_;
  x509::StorePtr tls_trust_;
  std::chrono::seconds connect_limit_;
  Clock::time_point deadline_;
};

}  // namespace ukey::ca
