// What is sent to a CA and what comes back, whatever the way between. It refuses to judge a
// certificate: policy does.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "model/certificate.hpp"
#include "model/token.hpp"

struct evp_pkey_st;

namespace ukey::ca {

/// What a CA's own program may want to know besides the request. A person's number is not passed
/// on, even if `holder` has it.
struct Facts {
  model::TokenRef token;
  model::Holder holder;
  std::string ca_id;                      ///< of the CA's profile
  model::Role role = model::Role::other;  ///< of the certificate that is renewed
  unsigned years = 0;                     ///< term asked for; 0: the CA's own
};

/// DER of everything that came, without repetitions, at least one. By CMP the first is the
/// certificate asked for, and has the key of the request; those after it (a dual-certificate CA's
/// encryption certificate, CA certificates) are as the CA or anybody on the way added them.
struct Answer {
  std::vector<base::Bytes> certificates;
};

/// One request for one certificate. The keys may lie on a token, and stay the caller's.
struct Request {
  base::Bytes pkcs10;              ///< DER
  base::Bytes old_certificate;     ///< DER of the one that is renewed
  base::Bytes signer_certificate;  ///< DER of another one that `old_key` is of; empty: the old one
  evp_pkey_st* old_key = nullptr;  ///< speaks for the holder: protects CMP messages
  evp_pkey_st* new_key = nullptr;  ///< of `pkcs10`; the same one, or a new pair
  Facts facts;
  /// CMP: hears what came, with the key of the request, before it is confirmed; what it throws is
  /// thrown on, and the CA is told that the certificate is not taken. May be empty.
  std::function<void(const Answer& answer)> judge;
};

}  // namespace ukey::ca
