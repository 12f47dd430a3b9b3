// What the ledger is told of one piece of work on a token, from the look at it to the result. It
// refuses to judge, and to know where the ledger is.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/attempt.hpp"
#include "model/card.hpp"
#include "model/renewal_job.hpp"

namespace ukey::ops {

class Recording {
 public:
  using Put = std::function<void(const model::Attempt&)>;

  /// `head` has the id, the kind, who works where, and the revision of what is recorded already;
  /// `put` keeps an attempt, in place of the one with that id.
  Recording(model::Attempt head, Put put, std::function<base::Time()> clock);

  /// What the work was ordered with: the receipt of its fee, and the time it was judged as of when
  /// that was another than now.
  void add_terms(const std::string& fee_receipt, std::optional<base::Time> judged);

  /// What was recorded of the attempt before, by another process; the work on it goes on, so what
  /// was wrong is not any more.
  void go_on(const model::Attempt& known);
  /// What was answered about bids.
  void attested(const model::BidStatement& bids);

  /// Nothing is recorded yet.
  void seen(const model::Card& card);
  void seen(const model::TokenRef& token);

  /// Right before the token is worked on.
  void began();
  /// Kept for the next record.
  void step(std::string_view symbol);

  void ended(const model::RenewalJob& job);
  /// Work of another kind; `error` may be null.
  void ended(model::AttemptResult result, const base::Error* error);
  /// Work that an earlier run did and could not record.
  void renewed(std::vector<model::AttemptCertificate> certificates);
  /// Work that was refused or ended early; recorded when the token is known.
  void failed(const base::Error& error);
  /// Work that was not due, for the reason with this symbol.
  void skipped(std::string_view reason);

  [[nodiscard]] const model::Attempt& attempt() const { return attempt_; }

 private:
  void record(model::AttemptResult result);

  model::Attempt attempt_;
  Put put_;
  std::function<base::Time()> clock_;
};

/// The certificates of a job in few words.
[[nodiscard]] std::vector<model::AttemptCertificate> marks_of(
    const std::vector<model::SuccessionRow>& rows);

}  // namespace ukey::ops
