#include "ops/card.hpp"

#include <algorithm>
#include <map>

#include "ops/certificates.hpp"
#include "ops/seals.hpp"
#include "ops/visit.hpp"
#include "p11/object.hpp"
#include "policy/identity.hpp"
#include "policy/lock.hpp"
#include "policy/window.hpp"

namespace ukey::ops {

namespace {

bool for_encryption(const model::CertificateRow& row) {
  return !row.error && model::decrypts(row.certificate.role);
}

/// Nothing at all on the token, as far as this session sees; keys are looked for only when all else
/// is absent.
bool is_empty(const Visit& visit, const model::Card& card,
              const std::vector<model::SealObject>& seals) {
  return card.certificates.empty() && seals.empty() && p11::list_objects(visit.session()).empty();
}

void judge(const Bench& bench, const Present& token, model::Card& card,
           const policy::LockFacts& seen) {
  const auto* row = policy::deciding_row(card.certificates);
  if (row != nullptr) card.ca = policy::ca_of(*bench.profiles, *bench.platform, row->certificate);
  policy::LockFacts facts = seen;
  facts.holder = card.holder.kind;
  facts.profile = token.profile;
  facts.has_encryption_certificate = std::ranges::any_of(card.certificates, for_encryption);
  card.lock = policy::judge_lock(facts, *bench.platform);
  const bool hidden = card.lock.reason == model::LockReason::login_needed;
  card.renewal =
      policy::judge_renewal(card.certificates, card.ca, revoked(bench, card.certificates), hidden,
                            bench.as_of, *bench.platform);
}

/// Who asked for the contents and did not get them is told what the token answered, not
/// "undetermined".
void refuse_half_read(const model::LockVerdict& lock, const std::vector<model::SealObject>& seals) {
  if (lock.reason != model::LockReason::seals_not_visible) return;
  for (const auto& seal : seals)
    if (seal.error) throw base::Error{*seal.error};
}

void read_inside(const Bench& bench, const Present& token, Depth depth, model::Card& card) {
  const Visit visit{bench, token};
  card.certificates = read_rows(bench, visit);
  card.holder = policy::holder_of(card.certificates);
  policy::LockFacts facts;
  // Where there is no certificate, the seals tell whether more may show after a login.
  const bool with_seals =
      depth != Depth::certificates || policy::deciding_row(card.certificates) == nullptr;
  if (with_seals) facts.seals = read_seal_objects(visit, token.profile);
  facts.basis = depth == Depth::contents ? model::LockBasis::content : model::LockBasis::label;
  if (depth == Depth::contents) (void)read_contents(visit, facts.seals);
  facts.logged_in = visit.logged_in();
  facts.is_empty = is_empty(visit, card, facts.seals);
  if (visit.logged_in())  // a login clears or changes the flags
    card.pin = policy::pin_state(token.module->token_info(token.slot), token.profile);
  judge(bench, token, card, facts);
  if (depth == Depth::certificates) card.lock = {};
  if (depth == Depth::contents) refuse_half_read(card.lock, facts.seals);
}

/// Modules that were lost in this read: their other tokens are not asked any more.
using GivenUp = std::map<const p11::Door*, base::Error>;

model::Card read_unless(const GivenUp& given_up, const SharedBench& bench, const Present& token,
                        Depth depth) {
  const auto known = given_up.find(token.door.get());
  if (known == given_up.end() || token.error) return read_card(bench, token, depth);
  Present lost = token;
  lost.error = known->second;
  return read_card(bench, lost, depth);
}

model::Card failed(model::Card card, const base::Error& error) {
  const bool unknown = error.code() == base::Code::token_unusable;
  card.state = unknown ? model::TokenState::unrecognised : model::TokenState::failed;
  card.error = error;
  return card;
}

}  // namespace

model::Card read_card(const SharedBench& bench, const Present& token, Depth depth) {
  model::Card card;
  card.token = token.ref;
  if (token.error) return failed(std::move(card), *token.error);
  card.pin = policy::pin_state(token.info, token.profile);
  if (!token.info.flags.initialised) {
    card.state = model::TokenState::uninitialised;
    return card;
  }
  if (depth == Depth::identity) return card;
  try {
    return supervised_on<model::Card>(bench, token, [bench, token, depth, card]() mutable {
      read_inside(*bench, token, depth, card);
      return card;
    });
  } catch (const base::Error& error) {
    if (bench->pin) throw;  // it was for this one token: that it failed is the answer, not a row
    return failed(std::move(card), error);
  }
}

model::Survey read_cards(const SharedBench& bench, Depth depth, bool with_uninitialised) {
  auto presence = find_tokens(bench);
  if (bench->pin || bench->selector) require_one(presence.tokens, static_cast<bool>(bench->pin));
  model::Survey out;
  out.modules = std::move(presence.modules);
  GivenUp given_up;
  for (const auto& token : presence.tokens) {
    if (!token.error && !token.info.flags.initialised && !with_uninitialised) continue;
    out.cards.push_back(read_unless(given_up, bench, token, depth));
    const auto& error = out.cards.back().error;
    if (!error || !p11::is_lost(*error)) continue;
    given_up.emplace(token.door.get(), *error);
    for (auto& module : out.modules)
      if (module.file == token.ref.modules.front()) {
        module.state = model::ModuleState::failed;
        module.error = error;
      }
  }
  return out;
}

model::Survey read_survey(const SharedBench& bench, Depth depth, bool with_uninitialised) {
  auto out = read_cards(bench, depth, with_uninitialised);
  if (out.cards.empty()) throw no_token(*bench);
  return out;
}

model::Card read_only_card(const SharedBench& bench, Depth depth) {
  auto card = read_card(bench, only_token(bench), depth);
  if (card.error) throw base::Error{*card.error};
  return card;
}

}  // namespace ukey::ops
