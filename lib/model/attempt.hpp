// One piece of work on one token as the ledger keeps it: who did what to which token, when, with
// which result. Never a PIN, never a personal number.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/certificate.hpp"
#include "model/lock.hpp"
#include "model/renewal.hpp"
#include "model/renewal_job.hpp"
#include "model/token.hpp"

namespace ukey::model {

enum class AttemptKind { renewal, pin_unlock };

/// `running`: begun, and no end was recorded (yet).
enum class AttemptResult { running, renewed, requested, undone, unlocked, skipped, failed };

/// A step that was done: the symbol of a RenewalStep or PinStep.
struct AttemptStep {
  std::string step;
  base::Time at{};
};

/// A certificate in few words. `sha256` empty: there is none.
struct CertificateMark {
  std::string serial;  ///< hexadecimal
  base::Time not_after{};
  std::string sha256;
};

/// A certificate and the one that follows it.
struct AttemptCertificate {
  Role role = Role::sign;
  CertificateMark former, fresh;
};

struct Attempt {
  std::string id;  ///< 32 hexadecimal digits, drawn at random: one attempt is one row everywhere
  unsigned revision = 0;  ///< of two records with one id the larger holds
  AttemptKind kind = AttemptKind::renewal;
  std::string batch;       ///< id of the batch it belongs to, or ""
  std::string host, user;  ///< where it ran, and as whom
  TokenIdentity token;
  std::string label;
  std::string holder;  ///< organisation, else name, else ""
  std::string uscc;    ///< or ""
  HolderKind holder_kind = HolderKind::unknown;
  std::string ca;  ///< id, "unknown" when it is not known
  LockKind lock = LockKind::undetermined;
  std::optional<Verdict> verdict;
  std::optional<BidStatement> bids;  ///< attested by `user`
  std::string fee_receipt;
  base::Time begun{}, changed{};     ///< by the clock
  std::optional<base::Time> judged;  ///< when it was judged as of another time
  AttemptResult result = AttemptResult::running;
  std::string reason;  ///< symbol: why it was skipped; else ""
  std::vector<AttemptStep> steps;
  std::vector<AttemptCertificate> certificates;
  std::optional<base::Error> error;  ///< without its profile's note
};

/// A token that is known as its unit's main lock.
struct KnownMaster {
  TokenIdentity token;
  std::string label, holder, uscc;
  base::Time seen{};     ///< when that was last recorded; of a token that is plugged in: now
  bool present = false;  ///< it is plugged in
};

/// Something to look into, never a bar.
enum class Finding { several_masters };

/// Two main locks of one unit, or more: something to look into, never a bar.
struct SeveralMasters {
  std::string uscc, holder;
  std::vector<KnownMaster> tokens;  ///< at least two
};

}  // namespace ukey::model
