// What the practice CA reads of a PKIMessage (RFC 4210) that OpenSSL has no public function for. It
// decodes only; nothing here verifies anything.
#pragma once

#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "practice/renewal.hpp"

namespace ukey::practice {

/// Numbers of alternatives in PKIBody (5.1.2).
enum CmpBody : unsigned { kCr = 2, kKur = 7, kCertConf = 24, kPollReq = 25 };

/// Views into the message; those that it does not have are empty.
struct MessageHead {
  unsigned body = 0;                         ///< number of the alternative in PKIBody
  base::ByteView sender;                     ///< DER of the Name
  base::ByteView recipient;                  ///< likewise
  base::ByteView sender_key;                 ///< senderKID
  base::ByteView transaction;                ///< transactionID
  std::vector<base::ByteView> certificates;  ///< DER each: extraCerts, at most 20
};

/// The head of a message that is one DER element and no octet more; absent for anything else.
[[nodiscard]] std::optional<MessageHead> read_head(base::ByteView message);

/// Key, subject and validity of a CertTemplate (RFC 4211, 5); absent when it is malformed or has
/// no key.
[[nodiscard]] std::optional<Wish> read_template(base::ByteView der);

/// The number in a PKIStatusInfo's DER (5.2.3); absent when it is malformed.
[[nodiscard]] std::optional<long> read_status(base::ByteView der);

}  // namespace ukey::practice
