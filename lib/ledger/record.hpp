// What one renewal is about to do to a token, so that another run can finish or undo it. It holds
// certificates and requests, which are public; never a PIN, never a private key.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "model/certificate.hpp"
#include "model/renewal_job.hpp"
#include "model/token.hpp"

namespace ukey::ledger {

/// How far a renewal is. What each stage promises holds before the work of the next one begins.
enum class Stage {
  begun,        ///< nothing is on the token but, with new keys, perhaps their pairs
  submitted,    ///< the requests are recorded and may have reached the CA
  answered,     ///< the new certificates are recorded; perhaps some are on the token
  committed,    ///< all are on the token, read back and tested; the former ones may go
  handed_over,  ///< the end: the requests are with the user, new key pairs stay on the token
  renewed,      ///< the end: the token holds the renewed ones
  undone,       ///< the end: the token holds the former ones
  lost          ///< the end: a removal took along what nobody can put back; no more is removed
};

/// A certificate object, octet for octet, so that it can be written again.
struct SavedObject {
  base::Bytes value, subject, issuer, serial, id, label;
};

/// One certificate in the making.
struct Item {
  model::Role role = model::Role::sign;
  base::Bytes key_id;                  ///< CKA_ID of the key it is for
  bool new_key = false;                ///< the pair with `key_id` was made by this renewal
  base::Bytes former;                  ///< DER of the one it follows; may be empty
  base::Bytes request;                 ///< DER of the PKCS#10; empty when none was made for it
  base::Bytes fresh;                   ///< DER of the new one; empty until it came
  bool was_there = false;              ///< `fresh` lay on the token before
  std::optional<SavedObject> swapped;  ///< the former one, taken off a token that was full
};

struct Record {
  std::string manufacturer, model, serial, label;  ///< of the token
  std::string ca;                                  ///< id of its profile
  base::Time begun{}, changed{};
  std::optional<base::Time> real_time;  ///< when `begun` was judged by another time than now
  Stage stage = Stage::begun;
  model::RenewalWay way;
  std::optional<unsigned> years;
  bool remove_former = false;
  std::optional<model::BidStatement> bids;
  std::string fee_receipt;
  std::string attempt;              ///< id of the attempt that it belongs to, or ""
  std::vector<base::Bytes> answer;  ///< DER of all that the CA sent, kept whatever is made of it
  std::vector<Item> items;
};

/// True when nothing is left to do.
[[nodiscard]] constexpr bool is_over(Stage stage) {
  return stage == Stage::handed_over || stage == Stage::renewed || stage == Stage::undone ||
         stage == Stage::lost;
}

/// The record as JSON text, and back. `read_record` throws Error ledger without subject for a text
/// that is none.
[[nodiscard]] std::string record_text(const Record& record);
[[nodiscard]] Record read_record(std::string_view text);

}  // namespace ukey::ledger
