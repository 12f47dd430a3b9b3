#include "ledger/book.hpp"

#include <utility>
#include <vector>

#include "ledger/impersonal.hpp"

namespace ukey::ledger {

using std::chrono::steady_clock;

Book::Book(std::string place, const std::string& spool, Told told,
           std::chrono::milliseconds patience)
    : place_(std::move(place)), spool_(spool, place_), told_(std::move(told)), patience_(patience) {
  reach();
}

bool Book::reach() {
  if (store_) return true;
  if (failed_ && steady_clock::now() - *failed_ < patience_) return false;
  try {
    store_ = Store::open(place_);
  } catch (const base::Error& error) {
    away(error);
    return false;
  }
  empty_spool();
  return store_.has_value();
}

void Book::empty_spool() {
  const auto waiting = spool_.waiting();
  std::vector<Entry> entries;
  for (const auto& one : waiting) entries.push_back(one.entry);
  if (entries.empty()) return;
  try {
    store_->put(entries);
  } catch (const base::Error& error) {
    return away(error);
  }
  for (const auto& one : waiting) Spool::remove(one);
}

void Book::away(const base::Error& why) {
  store_.reset();
  failed_ = steady_clock::now();
  if (told_ && !std::exchange(said_, true)) told_(why);
}

void Book::record(const Entry& entry) { record(std::span{&entry, 1}); }

void Book::record(std::span<const Entry> entries) {
  std::vector<Entry> kept;
  for (const auto& entry : entries) kept.push_back(impersonal(entry));
  if (reach()) {
    try {
      return store_->put(kept);
    } catch (const base::Error& error) {
      away(error);
    }
  }
  for (const auto& entry : kept) spool_.keep(entry);
}

bool Book::flush() {
  if (store_)
    empty_spool();
  else
    reach();
  return pending() == 0;
}

}  // namespace ukey::ledger
