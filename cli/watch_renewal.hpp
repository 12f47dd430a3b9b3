// The queue at the window: what a watch does with each token that comes. It asks about open bids
// and for the PIN, has a process of its own renew the token, and says when it may be taken out.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "cli/batch_child.hpp"
#include "cli/batch_pins.hpp"
#include "ledger/book.hpp"
#include "ops/watch.hpp"

namespace ukey::cli {

class Context;

class WatchRenewal {
 public:
  /// Reads the options and a PIN that many share, and opens the ledger. Throws usage, ledger, and
  /// what the PIN's source throws.
  explicit WatchRenewal(Context& context);

  /// True when the ledger says that the token was renewed today, by the days of the platform, and
  /// it is that very one: what it got then is on it.
  [[nodiscard]] bool handled(const model::Card& card);

  /// Renews it if it is due, came just now (or --allow-inserted) and was not handled today; else
  /// says why not, where its card does not. Throws interrupted when ctrl-C answers a question.
  void arrived(const ops::Arrival& arrival);

 private:
  [[nodiscard]] model::ItemEnd work(const model::BatchItem& item, const ops::Arrival& arrival);
  [[nodiscard]] model::ItemEnd ended(const ItemLaunch& launch, const model::BidStatement& bids,
                                     const std::function<void(model::RenewalStep)>& progress);
  [[nodiscard]] PinWay pin_of(const ops::Present& token);
  void tell(const model::BatchItem& item, model::RenewalStep step) const;
  void tell_handled(const model::Card& card) const;
  void show(const model::BatchItem& item, const model::ItemEnd& end);

  Context& context_;
  std::shared_ptr<ledger::Book> book_;
  BatchPins pins_;
  std::set<std::string> withdrawn_;  // PIN sources that failed a login
  unsigned count_ = 0;
};

}  // namespace ukey::cli
