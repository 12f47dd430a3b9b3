// A batch: the renewal of many tokens, planned, carried out and remembered item by item.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "model/attempt.hpp"
#include "model/card.hpp"
#include "model/renewal_job.hpp"

namespace ukey::model {

/// What a plan says of one item, the first that applies (top to bottom).
enum class PlanVerdict {
  bad_row,        ///< the manifest's row cannot be read
  not_present,    ///< no such token is plugged in
  unknown_token,  ///< it fits no row, is not initialised, or nobody can read it
  ambiguous,      ///< the row fits several tokens
  repeated,       ///< another row is of this token already
  interrupted,    ///< an interrupted renewal waits for a resume
  no_certificate,
  wrong_ca,  ///< a CA that does not renew here
  revoked,
  not_yet_valid,
  expired,
  not_due,
  locked,     ///< the user PIN
  final_try,  ///< of the user PIN, and it was not allowed to spend that
  no_pin,     ///< due, but no PIN source was given, or the token has no PIN
  renew
};

/// A row of a manifest. `line` counts from 1 in the file, the header included.
struct ManifestRow {
  unsigned line = 0;
  std::string serial, label;  ///< one of them at least; both: both must fit
  std::optional<unsigned> years;
  std::string pin_file, pin_env;  ///< one of them at most; "" for none
  std::optional<bool> no_open_bids;
  std::string note;
  std::optional<base::Error> error;  ///< bad_input: the row cannot be used
};

struct Manifest {
  std::string file;
  std::vector<ManifestRow> rows;
};

/// An item of a plan: a token, a row, or both.
struct PlanItem {
  std::optional<unsigned> line;  ///< of its row; absent without a manifest, or without a row
  std::string selector;          ///< serial or label of the row, else the selector of the token
  bool by_serial = false;        ///< `selector` is a serial
  std::string note;
  std::optional<Card> card;  ///< absent when no token is there
  PlanVerdict verdict = PlanVerdict::not_present;
  std::optional<base::Error> error;  ///< bad_row, unknown_token: why
};

struct Plan {
  std::vector<PlanItem> items;
  std::vector<SeveralMasters> masters;
  std::vector<ModuleRow> modules;
};

/// A slot as it was looked at before a batch begins. Of one that cannot be read only the modules of
/// `token`, `slot` and `error` hold.
struct SeenSlot {
  TokenRef token;
  unsigned long slot = 0;
  bool initialised = false;
  bool concurrent = false;  ///< its profile says that several processes may work at once
  std::optional<base::Error> error;
};

/// `waiting`: not begun. `running`: begun, and no end was recorded (yet).
enum class ItemState { waiting, running, renewed, skipped, failed };

/// An item of a batch as it is remembered.
struct BatchItem {
  std::string batch;    ///< id
  unsigned number = 0;  ///< from 1, in the batch's order
  unsigned revision = 0;
  std::optional<unsigned> line;
  std::string selector, note;
  TokenIdentity token;        ///< serial "" while no token was found
  std::string label, holder;  ///< the row's label, when no token was found by it
  ItemState state = ItemState::waiting;
  std::string reason;      ///< symbol of a PlanVerdict, or the code of an error; "" for none
  std::string attempt;     ///< id of its last attempt, or ""
  std::string pin_source;  ///< which source its PIN comes from, as `withdrawn` has it; never a PIN
  base::Time changed{};
  std::optional<base::Cause> cause;  ///< of the error in `reason`; only its attempt is kept with it
};

/// How the work on an item ended.
struct ItemEnd {
  ItemState state = ItemState::failed;  ///< `waiting`: it could not be begun, a resume may
  std::string reason;                   ///< as in BatchItem; "" where `verdict` says it
  std::optional<PlanVerdict> verdict;   ///< skipped: why
  std::optional<base::Error> error;     ///< failed: why
  std::string holder;                   ///< as far as it was read, or ""
  bool pin_unproven = false;            ///< a PIN was sent, and the token did not say it is right
  std::vector<AttemptCertificate> certificates;
  std::vector<Leftover> leftovers;
};

/// Why an item was skipped or failed: `symbol` as BatchItem's reason, and the cause of an error.
struct ItemReason {
  std::string symbol;
  std::optional<base::Cause> cause;
  auto operator<=>(const ItemReason&) const = default;
};

/// How the items of a batch stand.
struct BatchSummary {
  std::size_t renewed = 0, skipped = 0, failed = 0;
  std::size_t left = 0;                       ///< not at their end: waiting or running
  std::map<ItemReason, std::size_t> reasons;  ///< of those skipped and failed
};

/// A batch as it is remembered, without its items.
struct Batch {
  std::string id;  ///< 32 hexadecimal digits, drawn at random
  unsigned revision = 0;
  std::string host, user;
  base::Time begun{};
  std::optional<base::Time> ended;   ///< absent: it has not come to its end
  std::vector<std::string> options;  ///< the words it was begun with; never a secret
  std::vector<std::string>
      withdrawn;  ///< PIN sources of which a login failed: never used again in it
};

/// That a main lock was lost or replaced and counts no more.
struct Supersession {
  std::string serial;
  std::string host, user;  ///< who said so
  base::Time at{};
  bool withdrawn = false;  ///< it counts again: what was said before was wrong
};

}  // namespace ukey::model
