// One renewal in progress: its token, claimed; what was read; how far it got. For the files of this
// room that renew.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <vector>

#include "ledger/journal.hpp"
#include "model/card.hpp"
#include "ops/claim.hpp"
#include "ops/presence.hpp"
#include "ops/renewal.hpp"
#include "ops/visit.hpp"

namespace ukey::ops {

struct RenewalCase {
  SharedBench bench;
  RenewalOrder order;
  Present token;  ///< claimed
  model::Card card;
  model::RenewalJob job;
  std::optional<ledger::Journal> journal;

  [[nodiscard]] base::Time now() const { return bench->clock(); }
  [[nodiscard]] std::string subject() const { return subject_of(token.info); }
  /// Marks a step and tells of it.
  void done(model::RenewalStep step);
  /// What the journal begins with.
  [[nodiscard]] ledger::Record record() const;
  /// The profile of the card's CA; nullptr when there is none.
  [[nodiscard]] const model::CaProfile* ca() const;
};

/// Shared with the thread that works: what it has done stands when its module never answers again.
using SharedCase = std::shared_ptr<RenewalCase>;

/// Finds and claims the one token, reads its card without login and looks for its open journal.
[[nodiscard]] SharedCase open_case(const SharedBench& bench, const RenewalOrder& order,
                                   std::initializer_list<model::RenewalStep> steps);

/// Throws busy when an interrupted renewal of the token waits for a resume.
void require_no_journal(const RenewalCase& renewal);

/// Throws the refusal unless the window is open.
void require_open(const RenewalCase& renewal);

/// Runs `work` on the token, logged in for writing. When it throws, what it did is taken back as
/// far as that can be; the job tells the error and where the token stands. Errors from before the
/// login are thrown.
[[nodiscard]] model::RenewalJob worked(const SharedCase& renewal,
                                       std::function<void(const Visit& visit)> work);

}  // namespace ukey::ops
