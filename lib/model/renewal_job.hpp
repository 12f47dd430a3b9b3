// One renewal of a token, step by step: what was asked, what came, how far it got, and which
// generation of certificates the token holds now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "model/ca_service.hpp"
#include "model/certificate.hpp"
#include "model/object.hpp"
#include "model/renewal.hpp"
#include "model/token.hpp"

namespace ukey::model {

/// Where requests go: what a resumed renewal needs to ask again. Never a secret.
struct RenewalWay {
  CaService service;
  std::string secret_file;  ///< cmp: the path only; "": the old certificate speaks for itself
  std::string reference;    ///< cmp: the secret's name at the CA
};

/// What was said of open bids. `open` ends the renewal that asked.
enum class BidAnswer { none_open, withdrawn, open };

struct BidStatement {
  BidAnswer answer = BidAnswer::none_open;
  bool typed = false;  ///< at the terminal; else by an option
  base::Time at{};
  std::vector<std::string> files;   ///< looked into, as they were named
  std::vector<std::string> unread;  ///< of these, what says nothing: no envelope that can be read
};

/// In order. A renewal has those that its command and options call for.
enum class RenewalStep {
  verdict,
  bids,
  login,
  key_pair,
  request,
  submit,
  judge,
  write,
  read_back,
  key_test,
  retire
};

struct RenewalStepRow {
  RenewalStep step = RenewalStep::verdict;
  bool done = false;
};

enum class RenewalResult {
  renewed,
  requested,
  not_due,
  nothing_to_resume,
  undone,
  failed,
  not_tried
};

/// Which certificates the token holds: those from before, whole; the renewed ones, whole; or
/// neither can be said, and a resume is due.
enum class Generation { former, renewed, unknown };

/// What a certificate must be to follow the one on the token.
enum class Fitness { key, role, holder, ca, chain, begins, later, term };

struct FitnessRow {
  Fitness check = Fitness::key;
  CheckResult result = CheckResult::not_checked;
};

/// A certificate that follows another, or is asked to.
struct SuccessionRow {
  Role role = Role::other;
  std::string key_id;                 ///< of the new one, hexadecimal
  bool new_key = false;               ///< the key pair was made for it
  bool was_there = false;             ///< the new one lay on the token before
  std::optional<Certificate> former;  ///< absent: the token has none of that role
  std::optional<Certificate> fresh;   ///< absent: it has not come yet
  std::vector<FitnessRow> fitness;
  bool former_removed = false;
};

/// A request as it was made.
struct RequestRow {
  Role role = Role::sign;
  std::string key_id;
  base::Bytes der;  ///< PKCS#10
};

/// What a renewal, or taking one back, was to remove from the token, which refused.
struct Leftover {
  ObjectClass object_class = ObjectClass::certificate;  ///< or private_key: a pair made in vain
  base::Error error;                                    ///< about its serial, or its key ID
};

struct RenewalJob {
  TokenRef token;
  Holder holder;
  CaRef ca;
  RenewalVerdict renewal;  ///< before anything was done
  std::optional<RenewalWay> way;
  RenewalResult result = RenewalResult::failed;
  std::optional<Generation> generation;  ///< absent: not looked at
  std::vector<RenewalStepRow> steps;
  std::optional<BidStatement> bids;
  std::vector<RequestRow> requests;
  std::vector<SuccessionRow> certificates;
  std::vector<Leftover> leftovers;
  bool resume_due = false;  ///< the journal is open
  std::optional<base::Error> error;
};

}  // namespace ukey::model
