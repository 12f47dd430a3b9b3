// A batch from its first look at the tokens to its summary: begun anew, or taken up again.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cli/batch_child.hpp"
#include "cli/batch_pins.hpp"
#include "cli/batch_screen.hpp"
#include "ledger/book.hpp"
#include "model/batch.hpp"
#include "ops/batch_items.hpp"
#include "ops/claim.hpp"
#include "ops/recording.hpp"

namespace ukey::cli {

class Context;

class BatchRun {
 public:
  /// Reads the options, the manifest and the shared PIN. Nothing is done yet. Throws usage,
  /// file_io, bad_input, and what the PIN's source throws.
  BatchRun(Context& context, std::shared_ptr<ledger::Book> book);

  /// Looks which tokens are there and works on them. Returns the exit status.
  int begin();
  /// Goes on with a batch of the ledger.
  int resume(model::Batch batch);

 private:
  void set_up(ops::DraftItem& draft);
  [[nodiscard]] ItemLaunch launch_of(const model::BatchItem& item, const ops::DraftItem& draft);
  /// Whether it is answered for this token that no bid is open; the answer in a manifest holds for
  /// the day on which the batch was begun.
  [[nodiscard]] bool says_no_bids(const model::ManifestRow* row) const;
  /// Whether it is answered that one is, and not withdrawn.
  [[nodiscard]] bool says_open_bids(const model::ManifestRow* row) const;
  [[nodiscard]] const model::ManifestRow* row_of(const model::BatchItem& item) const;
  [[nodiscard]] std::string lacks(const ops::DraftItem& draft, std::size_t fits);
  void learn(std::vector<model::BatchItem>& items);
  [[nodiscard]] bool reopen(ops::DraftItem& draft);
  void take_up(const model::BatchItem& item);
  [[nodiscard]] std::shared_ptr<ops::Recording> recording_of(const model::BatchItem& item);
  [[nodiscard]] model::ItemEnd unready(const model::BatchItem& item, const base::Error& error);
  [[nodiscard]] model::ItemEnd settled(const model::BatchItem& item, const ItemDied& death);
  [[nodiscard]] model::ItemEnd work(const model::BatchItem& item, bool withdrawn,
                                    const std::function<void(model::RenewalStep)>& progress);
  void tell_ended(const std::vector<ops::DraftItem>& drafts);
  int carry_out();
  [[nodiscard]] unsigned jobs() const;

  Context& context_;
  std::optional<model::Manifest> manifest_;
  BatchPins pins_;
  std::shared_ptr<ledger::Book> book_;
  std::mutex book_guard_;            // threads of the batch write into it
  std::optional<ops::Claim> claim_;  // on the batch
  BatchScreen screen_;
  std::chrono::seconds limit_;
  model::Batch batch_;
  std::vector<model::BatchItem> items_;
  Scan scan_;

  /// What an item needs to be begun, or why it cannot be.
  struct Ready {
    std::optional<ItemLaunch> launch;
    std::optional<base::Error> error;
    std::string missing;  ///< symbol: what a resume may bring
  };
  [[nodiscard]] const Ready& ready_of(const model::BatchItem& item) const;
  std::vector<Ready> ready_;  // as `items_`
  bool rehearsal_;
  bool same_day_ = true;  // as the batch was begun
};

}  // namespace ukey::cli
