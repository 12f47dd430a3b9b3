// Puts the renewed certificates of a journal on its token and never leaves it worse: write, read
// back, compare, try the keys, and only then let former ones go; or take it all back.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ledger/journal.hpp"
#include "model/renewal_job.hpp"
#include "ops/visit.hpp"

namespace ukey::ops {

class Installation {
 public:
  /// `visit` is logged in and may write; `done` hears each step as it is done. Nothing is called
  /// yet. `now` tells the time for the journal.
  Installation(const Visit& visit, ledger::Journal& journal, std::function<base::Time()> now,
               std::function<void(model::RenewalStep)> done);

  /// From stage answered to renewed. A certificate that is there already is not written twice. What
  /// is thrown before the stage committed leaves the journal open for `undo`; after it, for another
  /// `finish`. Throws token_full when there is no room that may be made, token_refused (subject:
  /// the certificate's serial) when what is read back differs or a key fails its test, and what the
  /// calls throw.
  void finish();

  /// Which generation the token holds, by what was last read of it.
  [[nodiscard]] model::Generation generation() const;

  /// Takes back everything that this journal's renewal wrote, puts back what it took off, and
  /// removes the key pairs that it made, unless a certificate on the token is of one. What the
  /// token does not bear out to be this renewal's own stays: a certificate that follows none, or
  /// does not end later. The stage is undone then. Throws what the calls throw; it may be repeated.
  void undo();

 private:
  struct OnToken {
    unsigned long handle;
    base::Bytes value, id;
  };
  void look();
  [[nodiscard]] const OnToken* find(const base::Bytes& value) const;
  void advance(ledger::Stage stage);
  void write(std::size_t index);
  void make_room(std::size_t index);
  void require_there(const ledger::Item& item) const;
  void try_key(const ledger::Item& item) const;
  void remove_former();
  [[nodiscard]] const OnToken* superseded_by(const ledger::Item& item) const;
  [[nodiscard]] bool may_go(const ledger::Item& item) const;
  void restore(const ledger::Item& item);
  void remove_pair(const ledger::Item& item) const;

  const Visit& visit_;
  ledger::Journal& journal_;
  std::function<base::Time()> now_;
  std::function<void(model::RenewalStep)> done_;
  std::vector<OnToken> seen_;  // by the last `look`
};

/// Throws ledger (subject: the journal's path) when what the record says does not agree with the
/// certificates in it: of what use they are, which ends later, what was taken off.
void require_sound(const ledger::Journal& journal);

/// Which generation a token with these certificates (DER) holds.
[[nodiscard]] model::Generation generation_of(const ledger::Record& record,
                                              const std::vector<base::Bytes>& held);

}  // namespace ukey::ops
