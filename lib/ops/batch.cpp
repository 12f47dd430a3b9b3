#include "ops/batch.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "ops/item.hpp"

namespace ukey::ops {

namespace {

using model::BatchItem;
using model::ItemEnd;
using model::ItemState;

constexpr std::chrono::milliseconds kStopGlance{100};  // how often to see whether to stop

bool unfinished(ItemState state) {
  return state == ItemState::waiting || state == ItemState::running;
}

std::string claimed_name(const BatchItem& item) {
  return model::lasting_name(item.token, item.label);
}

/// The items in the hands of several threads.
class Queue {
 public:
  Queue(model::Batch& batch, std::vector<BatchItem>& items, const BatchHooks& hooks)
      : batch_(batch), items_(items), hooks_(hooks), left_(items.size()), fresh_(items.size()) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      left_[i] = unfinished(items[i].state);
      if (!left_[i]) continue;
      items[i].reason.clear();
    }
  }

  /// What a thread of the batch does until nothing is left for it.
  void work() {
    std::unique_lock lock{mutex_};
    while (const auto index = next(lock)) {
      try {
        begin(*index);
        lock.unlock();
        const auto end = launched(*index);
        lock.lock();
        finish(*index, end);
      } catch (...) {  // the record cannot be kept: nothing more is begun
        if (!lock.owns_lock()) lock.lock();
        if (!failure_) failure_ = std::current_exception();
      }
      changed_.notify_all();
    }
    changed_.notify_all();
  }

  /// After all threads have ended. True when every item has come to its end.
  bool settle() {
    if (failure_) std::rethrow_exception(failure_);
    return std::ranges::none_of(items_, [](const auto& item) { return unfinished(item.state); });
  }

 private:
  /// The next item that may be begun now; waits while one may come. Absent: no more.
  std::optional<std::size_t> next(std::unique_lock<std::mutex>& lock) {
    for (;;) {
      if (failure_ || (hooks_.stopping && hooks_.stopping())) return std::nullopt;
      bool later = false;
      for (std::size_t i = 0; i < items_.size(); ++i) {
        if (!left_[i]) continue;
        if (may_begin(items_[i])) {
          left_[i] = false;
          return i;
        }
        later = true;
      }
      if (!later) return std::nullopt;
      changed_.wait_for(lock, kStopGlance);
    }
  }

  [[nodiscard]] bool may_begin(const BatchItem& item) const {
    const auto& source = item.pin_source;
    const bool sent = source.empty() || proven_.contains(source) || withdrawn(source) ||
                      !on_trial_.contains(source);
    return sent && !at_work_.contains(claimed_name(item));
  }

  [[nodiscard]] bool withdrawn(const std::string& source) const {
    return !source.empty() && std::ranges::find(batch_.withdrawn, source) != batch_.withdrawn.end();
  }

  void put(BatchItem& item, ItemState state) {
    item.state = state;
    item.changed = hooks_.clock();
    ++item.revision;
    hooks_.record(item);
  }

  void begin(std::size_t index) {
    auto& item = items_[index];
    at_work_.insert(claimed_name(item));
    const bool unproven = !proven_.contains(item.pin_source) && !withdrawn(item.pin_source);
    if (!item.pin_source.empty() && unproven) on_trial_.insert(item.pin_source);
    fresh_[index] = item.attempt.empty();
    if (fresh_[index]) item.attempt = hooks_.new_id();
    put(item, ItemState::running);
    if (hooks_.began) hooks_.began(item);
  }

  /// Without the lock, but for what it hears.
  ItemEnd launched(std::size_t index) {
    const BatchItem item = items_[index];  // nobody else changes this one meanwhile
    try {
      return hooks_.launch(item, withdrawn_now(item),
                           [this, &item](model::RenewalStep step) { progress(item, step); });
    } catch (const base::Error& error) {
      return failed_end(error);
    }
  }

  bool withdrawn_now(const BatchItem& item) {
    const std::lock_guard guard{mutex_};
    return withdrawn(item.pin_source);
  }

  void progress(const BatchItem& item, model::RenewalStep step) {
    const std::lock_guard guard{mutex_};
    if (step == model::RenewalStep::login && !item.pin_source.empty()) {
      proven_.insert(item.pin_source);
      on_trial_.erase(item.pin_source);
      changed_.notify_all();
    }
    if (!hooks_.progressed) return;
    try {
      hooks_.progressed(item, step);
    } catch (...) {  // the work on the token goes on
      if (!failure_) failure_ = std::current_exception();
    }
  }

  void finish(std::size_t index, const ItemEnd& end) {
    auto& item = items_[index];
    at_work_.erase(claimed_name(item));
    on_trial_.erase(item.pin_source);
    if (end.pin_unproven && !item.pin_source.empty() && !withdrawn(item.pin_source)) {
      batch_.withdrawn.push_back(item.pin_source);
      ++batch_.revision;
      hooks_.record(batch_);
    }
    item.reason = end.reason;
    item.cause = end.error ? end.error->cause() : std::nullopt;
    if (!end.holder.empty()) item.holder = end.holder;
    if (end.state == ItemState::waiting && fresh_[index]) item.attempt.clear();  // none was made
    put(item, end.state);
    if (hooks_.ended) hooks_.ended(item, end);
  }

  model::Batch& batch_;
  std::vector<BatchItem>& items_;
  const BatchHooks& hooks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> left_;   // not yet taken by a thread
  std::vector<bool> fresh_;  // their attempts were begun here
  std::set<std::string> proven_, on_trial_;
  std::set<std::string> at_work_;  // lasting names: tokens that share one have one claim
  std::exception_ptr failure_;
};

}  // namespace

model::BatchSummary summary_of(const std::vector<BatchItem>& items) {
  model::BatchSummary out;
  for (const auto& item : items) {
    switch (item.state) {
      case ItemState::waiting:
      case ItemState::running:
        ++out.left;
        continue;
      case ItemState::renewed:
        ++out.renewed;
        continue;
      case ItemState::skipped:
        ++out.skipped;
        break;
      case ItemState::failed:
        ++out.failed;
        break;
    }
    ++out.reasons[{item.reason, item.cause}];
  }
  return out;
}

model::BatchSummary carry_out(model::Batch& batch, std::vector<BatchItem>& items, unsigned jobs,
                              const BatchHooks& hooks) {
  Queue queue{batch, items, hooks};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, jobs); ++i)
    threads.emplace_back([&queue] { queue.work(); });
  for (auto& thread : threads) thread.join();
  if (queue.settle()) {
    batch.ended = hooks.clock();
    ++batch.revision;
    hooks.record(batch);
  }
  return summary_of(items);
}

}  // namespace ukey::ops
