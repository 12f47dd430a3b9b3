// The ledger: what was done to which token, by whom, with which result, in an SQLite file or in a
// PostgreSQL database that several windows share. It keeps no PIN and no personal number, and takes
// no older record in place of a newer one.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "ledger/entry.hpp"
#include "model/attempt.hpp"
#include "model/batch.hpp"

namespace ukey::ledger {

class Database;

/// Which attempts are wanted; what is absent does not matter.
struct AttemptQuery {
  std::optional<model::TokenIdentity> token;
  std::optional<std::string> batch;  ///< its id
  std::optional<model::AttemptKind> kind;
  std::optional<model::AttemptResult> result;
  std::optional<base::Time> since;  ///< changed then or later
  std::size_t limit = 1000;         ///< the newest ones
};

/// A ledger that is open. Everything here throws Error ledger; its subject is the place without
/// user and query, its cause `unreachable`, `newer_ledger` or `no_ledger` where it is one of these.
/// A connection that broke is made anew, once a call. Statements wait for other programs that
/// write, in a file up to half a minute; a server that does not answer for ten seconds is
/// `unreachable`. For one thread at a time.
class Store {
 public:
  /// Opens the ledger at `place` (see place.hpp), and makes what is missing of it: the folder
  /// (mode 0700), the file (0600), the tables.
  [[nodiscard]] static Store open(const std::string& place);

  /// The same for who only asks: absent when there is no ledger at `place`. Makes nothing.
  [[nodiscard]] static std::optional<Store> open_existing(const std::string& place);

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  /// Throws when nothing can be written: tries it, and leaves nothing of it. A file with damaged
  /// pages counts as such.
  void require_writable();

  /// Keeps the entry, or all of them or none. When it returns they survive a power cut. An entry
  /// that is there with the same or a higher revision stays as it is.
  void put(const Entry& entry);
  void put(std::span<const Entry> entries);

  [[nodiscard]] std::optional<model::Attempt> attempt(const std::string& id);
  /// Those begun last come first.
  [[nodiscard]] std::vector<model::Attempt> attempts(const AttemptQuery& query);

  /// The batch of this id, or the only one whose id begins so (6 digits at least).
  [[nodiscard]] std::optional<model::Batch> batch(const std::string& id);
  /// Those begun last come first.
  [[nodiscard]] std::vector<model::Batch> batches();
  /// By their numbers.
  [[nodiscard]] std::vector<model::BatchItem> items(const std::string& batch);

  /// Whether a token with this serial was ever written of; compared octet for octet.
  [[nodiscard]] bool knows_token(const std::string& serial);

  /// Tokens whose latest attempt with a verdict on the lock says `master`, of this unit, or of all
  /// whose USCC is known when it is "". A token that was superseded is none of them, also when it
  /// was seen again since; only a withdrawal brings it back.
  [[nodiscard]] std::vector<model::KnownMaster> masters(const std::string& uscc);
  /// What holds for each serial that was ever superseded: the last that was said of it.
  [[nodiscard]] std::vector<model::Supersession> supersessions();

 private:
  Store(std::string place, std::unique_ptr<Database> database);

  template <class Work>
  auto asked(const Work& work);

  std::string place_;
  std::unique_ptr<Database> database_;  // none after a failure
};

}  // namespace ukey::ledger
