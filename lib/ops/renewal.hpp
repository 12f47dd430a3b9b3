// Renews the certificates of one token: judged, asked about open bids, requested, submitted, judged
// again, installed. Whatever happens on the way, the token keeps a usable generation.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ca/request.hpp"
#include "model/card.hpp"
#include "model/renewal_job.hpp"
#include "ops/bench.hpp"
#include "x509/chain.hpp"

namespace ukey::ops {

/// What is wanted, and who answers for it. It is copied to the thread that works on the token, so
/// its functions own all they use.
struct RenewalOrder {
  std::optional<unsigned> years;
  bool new_keys = false;       ///< --rekey
  bool remove_former = false;  ///< --retire-old
  bool if_due = false;
  bool dry_run = false;  ///< everything but writing to the token and asking the CA
  bool undo = false;     ///< a resume takes back instead of asking the CA again
  std::string fee_receipt;
  std::string attempt;                  ///< id that the journal keeps; may be ""
  std::optional<base::Time> real_time;  ///< when the bench judges by another time

  /// Hears what was read of the token before anything is judged; what it throws ends the work. May
  /// be empty.
  std::function<void(const model::Card& card)> seen;
  /// How requests of this CA's certificates go. Throws usage when nobody said.
  std::function<model::RenewalWay(const model::Card& card, const model::CaProfile* ca)> way;
  /// Sends one request that way. Throws ca_refused, ca_unreachable, certificate_unfit.
  std::function<ca::Answer(const model::RenewalWay& way, const ca::Request& request)> submit;
  /// What new certificates must chain to, for a token of that profile.
  std::function<x509::Trust(const std::optional<std::string>& token_profile)> trust;
  /// The answer about open bids. Throws bid_unanswered, bid_open.
  std::function<model::BidStatement(const model::Card& card)> bids;
  /// Names the token and asks whether to go on; throws when the answer is no.
  std::function<void(const model::Card& card)> confirm;
  /// Hands the requests of `request_renewal` over; when it throws they never were.
  std::function<void(const std::vector<model::RequestRow>& requests)> deliver;
  std::function<void(model::RenewalStep step)> progress;  ///< may be empty
};

/// Makes the requests and hands them over. With new keys their pairs stay on the token.
[[nodiscard]] model::RenewalJob request_renewal(const SharedBench& bench,
                                                const RenewalOrder& order);

/// Puts issued certificates (DER) on the token. All must fit, else none is written.
[[nodiscard]] model::RenewalJob install_certificates(const SharedBench& bench,
                                                     const RenewalOrder& order,
                                                     std::vector<base::Bytes> issued);

/// Check, bids, request, submit and install in one. With `if_due` a token that is too early is a
/// job with result not_due.
[[nodiscard]] model::RenewalJob run_renewal(const SharedBench& bench, const RenewalOrder& order);

/// Finishes or takes back what the token's open journal tells of.
[[nodiscard]] model::RenewalJob resume_renewal(const SharedBench& bench, const RenewalOrder& order);

// All of them throw as `only_token` does, busy when another run or an open journal is in the way,
// window_closed, ca_not_renewable and certificate_unfit by the verdict, what the functions of the
// order throw, and what concerns the PIN: nothing was done then. What fails later is in the job:
// result failed, the error, which generation the token holds, and whether a resume is due.

}  // namespace ukey::ops
