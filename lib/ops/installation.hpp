// Puts the renewed certificates of a journal on its token and never leaves it worse: write, read
// back, compare, try the keys, and only then let former ones go; or take it all back. After each
// removal it looks whether the driver took something else along; then nothing more is removed.
#pragma once

#include <functional>
#include <optional>
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
  /// the certificate's serial) when what is read back differs or a key fails its test, a loss
  /// (p11::is_loss), at the stage lost, when a removal took along what nobody can put back, and
  /// what the calls throw. A former certificate that the token does not let go is no failure.
  void finish();

  /// What was to go and could not.
  [[nodiscard]] const std::vector<model::Leftover>& leftovers() const { return leftovers_; }

  /// Which generation the token holds, by what was last read of it; unknown after a call that
  /// writes and did not succeed.
  [[nodiscard]] model::Generation generation() const;

  /// True when this certificate was on the token when it was last read, and was not removed since.
  [[nodiscard]] bool holds(const base::Bytes& certificate) const;

  /// Takes back everything that this journal's renewal wrote, puts back what it took off, and
  /// removes the key pairs that it made, unless a certificate on the token is of one. What the
  /// token does not bear out to be this renewal's own stays: a certificate that follows none, or
  /// does not end later. The stage is undone then. Throws token_refused, cause `no_former`
  /// (subject: the certificate's serial), before anything is changed, when a former one is neither
  /// on the token nor kept, a loss as `finish` does, and what the calls throw. It may be repeated;
  /// until it has come to its end, `finish` may be called instead. A key pair that the token does
  /// not let go is no failure.
  void undo();

 private:
  struct OnToken {
    unsigned long handle;
    base::Bytes value, id;
  };
  void look();
  [[nodiscard]] std::vector<base::Bytes> held() const;
  [[nodiscard]] const OnToken* find(const base::Bytes& value) const;
  void advance(ledger::Stage stage);
  void write(std::size_t index);
  void make_room(std::size_t index);
  void require_there(const ledger::Item& item) const;
  void try_key(const ledger::Item& item) const;
  std::optional<base::Error> remove(const std::function<std::optional<base::Error>()>& removal);
  std::optional<base::Error> remove_certificate(unsigned long handle, base::ByteView expendable);
  void keep_former();
  void retire();
  void try_again(const ledger::Item& item);
  [[noreturn]] void end_lost(const base::Error& loss);
  [[nodiscard]] const OnToken* superseded_by(const ledger::Item& item) const;
  [[nodiscard]] bool may_go(const ledger::Item& item) const;
  void restore();
  void remove_fresh(bool decrypts);
  void remove_pair(const ledger::Item& item);

  const Visit& visit_;
  ledger::Journal& journal_;
  std::function<base::Time()> now_;
  std::function<void(model::RenewalStep)> done_;
  std::vector<OnToken> seen_;  // by the last `look`
  bool in_doubt_ = false;      // a call that writes came to nothing known since
  std::vector<model::Leftover> leftovers_;
};

}  // namespace ukey::ops
