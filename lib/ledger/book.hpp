// Where a run writes into the ledger: entries go to the store, or, while that is away, into a spool
// of files from which they follow later. It refuses to lose an entry silently, and to keep persons'
// numbers.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/error.hpp"
#include "ledger/entry.hpp"
#include "ledger/spool.hpp"
#include "ledger/store.hpp"

namespace ukey::ledger {

class Book {
 public:
  /// Called once when the store is away: why, and from then on entries wait in the spool.
  using Told = std::function<void(const base::Error&)>;

  /// `spool` is the folder for the spools of all places; each place has one of its own in it, so
  /// that nothing gets into another ledger. Opens the store and flushes; a store that is away is
  /// told, not thrown. `patience`: how long a store that was away is left alone.
  Book(std::string place, const std::string& spool, Told told,
       std::chrono::milliseconds patience = std::chrono::seconds{10});

  /// Keeps the entry in the store, else in the spool; when it returns the entry survives a power
  /// cut. Throws Error ledger when neither takes it.
  void record(const Entry& entry);
  void record(std::span<const Entry> entries);

  /// Moves what waits into the store, if that is there. True when nothing waits any more.
  bool flush();

  /// How many records wait in the spool: queries of the store do not see them.
  [[nodiscard]] std::size_t pending() const { return spool_.size(); }

  /// The store for queries; null while it is away.
  [[nodiscard]] Store* store() { return store_ ? &*store_ : nullptr; }

 private:
  bool reach();
  void empty_spool();
  void away(const base::Error& why);

  std::string place_;
  Spool spool_;
  Told told_;
  std::chrono::milliseconds patience_;
  std::optional<Store> store_;
  std::optional<std::chrono::steady_clock::time_point> failed_;
  bool said_ = false;
};

}  // namespace ukey::ledger
