// Asks a CA by the Certificate Management Protocol (RFC 4210, over HTTP by RFC 6712). It reads no
// environment (proxies are never used), no clock but for its time limits, and trusts only what it
// was given.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "ca/request.hpp"
#include "model/ca_service.hpp"

namespace ukey::ca {

struct CmpServer {
  std::string url;  ///< http:// or https://, host, perhaps port; path /pkix/ when there is none
  model::CmpCommand command = model::CmpCommand::kur;
  /// DER of those whom the server's signatures must come from: self-signed ones are anchors; when
  /// there is none, any of them is.
  std::vector<base::Bytes> trust;
  std::vector<base::Bytes> tls_trust;  ///< the same for https; empty: those of `trust`
  std::optional<base::Secret> secret;  ///< protects the messages instead of the old key
  std::string reference;               ///< the secret's name at the CA
  /// RFC 2253 name that the request is addressed to and that must have signed the answer; "": to
  /// the old certificate's issuer, and any signer that `trust` vouches for.
  std::string recipient;
  /// When the server's signing certificates must hold; absent: now. TLS goes by the real time.
  std::optional<base::Time> as_of;
  bool implicit_confirm = false;  ///< asks the CA to do without the confirmation
  std::chrono::seconds connect_limit{10};
  std::chrono::seconds limit{120};  ///< for everything, polling included
};

/// Sends the request, polls while the CA asks to wait, and confirms the certificate when its key is
/// that of the request and the request's judge has nothing against it. `facts.years` is asked for
/// with kur and cr; a PKCS#10 cannot say it.
///
/// Throws ca_unreachable (subject: the URL, and what is known of the reason) when there is no
/// connection, no CMP server or no answer in time; ca_refused with the CA's own words, or one of
/// the subjects above; certificate_unfit (subject: the certificate's SHA-256) for another key,
/// which the CA is told; usage for a URL of another kind and for neither trust nor secret;
/// bad_input for a recipient that is no name; not_supported for SM2 keys, except p10cr under a
/// secret; bug when one of the keys did not do its part: a caller whose keys lie on a token asks
/// the token first what it answered.
[[nodiscard]] Answer ask_cmp(const CmpServer& server, const Request& request);

/// Throws usage for a URL that `ask_cmp` would refuse.
void require_server_url(const std::string& url);

}  // namespace ukey::ca
