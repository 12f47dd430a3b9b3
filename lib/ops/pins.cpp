#include "ops/pins.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "ops/claim.hpp"
#include "ops/presence.hpp"
#include "p11/login.hpp"
#include "p11/pin.hpp"
#include "p11/session.hpp"
#include "policy/identity.hpp"
#include "policy/pin.hpp"

namespace ukey::ops {

namespace {

using model::PinJob;
using model::PinStep;
using p11::User;

/// Shared with the thread that works: what it has done stands when its module never answers again.
using SharedJob = std::shared_ptr<PinJob>;

/// A PIN where the token takes one over PKCS#11; none where it is typed on the token itself.
using Pin = std::shared_ptr<const base::Secret>;

const base::Secret* sent(const Pin& pin) { return pin.get(); }

/// Asks `source` and judges the answer; nothing has been sent yet.
Pin asked(const PinSource& source, const model::TokenInfo& token, User user) {
  if (token.flags.protected_path) return nullptr;
  if (!source) throw p11::of_user(base::Error{base::Code::pin_missing, subject_of(token)}, user);
  auto pin = std::make_shared<const base::Secret>(source(token));
  p11::require_fit(token, user, pin.get());
  return pin;
}

/// A length that the token does not take is told as that of the new PIN.
Pin asked_as_new(const PinSource& source, const model::TokenInfo& token) {
  try {
    return asked(source, token, User::user);
  } catch (const base::Error& error) {
    if (error.code() != base::Code::pin_invalid || error.cause()) throw;
    throw error.because(base::Cause::new_pin_form);
  }
}

Pin asked_new(const NewPin& fresh, const model::TokenInfo& token, const Pin& old) {
  const auto pin = asked_as_new(fresh.source, token);
  if (!pin) return pin;
  const auto doubts = policy::doubts_about(*pin, old.get());
  if (!doubts.empty()) fresh.confirm(token, doubts);
  return pin;
}

SharedJob begun(const Present& token, std::initializer_list<PinStep> steps) {
  auto job = std::make_shared<PinJob>();
  job->token = token.ref;
  for (const auto step : steps) job->steps.push_back({step, false});
  return job;
}

void done(PinJob& job, PinStep step) {
  for (auto& row : job.steps)
    if (row.step == step) row.done = true;
}

/// The step under way, which is the first that is not done, may have been done all the same.
void left_open(PinJob& job) {
  const auto open = std::ranges::find(job.steps, false, &model::PinStepRow::done);
  if (open != job.steps.end()) open->unknown = true;
}

bool any_done(const PinJob& job) {
  return std::ranges::any_of(job.steps, &model::PinStepRow::done);
}

/// The PINs as they stand after the work; absent when the token does not tell any more.
std::optional<model::PinState> state_now(const SharedBench& bench, const Present& token) {
  try {
    return supervised_on<model::PinState>(bench, token, [token] {
      return policy::pin_state(token.module->token_info(token.slot), token.profile);
    });
  } catch (const base::Error&) {
    return std::nullopt;  // it is gone, or broken: the job's own error tells why
  }
}

/// A PIN that was accepted is set, though some tokens never say so by their flag.
void believe(PinJob& job) {
  const bool accepted = job.result == model::PinResult::ok && job.pin;
  if (accepted && job.pin->user == model::PinLevel::not_set) job.pin->user = model::PinLevel::ok;
}

/// Runs `steps`, which marks what is done. An error from before anything was sent is thrown.
PinJob worked(const SharedBench& bench, const Present& token, const SharedJob& job,
              std::function<void()> steps) {
  if (bench->sending) bench->sending(token.ref);
  try {
    supervised_on<void>(bench, token, std::move(steps));
  } catch (const base::Error& error) {
    if (p11::before_any_pin(error) && !any_done(*job)) throw;
    job->result = model::PinResult::failed;
    job->error = error;
    if (error.cause() == base::Cause::unsure) left_open(*job);
  }
  const bool hangs = job->error && job->error->code() == base::Code::module_timeout;
  if (!hangs) job->pin = state_now(bench, token);
  believe(*job);
  return *job;
}

PinJob not_tried(const Present& token, const SharedJob& job) {
  job->result = model::PinResult::not_tried;
  job->pin = policy::pin_state(token.info, token.profile);
  return *job;
}

/// Says that this PIN is to be typed on the token now, where it is.
void announce(const SharedBench& bench, const Present& token, PinEntry entry) {
  if (token.info.flags.protected_path && bench->typed_there) bench->typed_there(token.info, entry);
}

/// The whole way of an unlock on the token; the PINs are in hand.
struct Unlock {
  SharedBench bench;
  Present token;
  SharedJob job;
  Pin so, fresh;

  void operator()() {
    const auto session = p11::Session::open(*token.module, token.slot, true);
    {
      announce(bench, token, PinEntry::so);
      p11::Login officer{session, User::so, sent(so), bench->use_final_try, &token.info};
      so.reset();  // it has done its work, and is wiped before anything else is sent
      done(*job, PinStep::so_login);
      announce(bench, token, PinEntry::fresh);
      p11::init_pin(session, officer, sent(fresh));
      done(*job, PinStep::init_pin);
      officer.log_out();
      done(*job, PinStep::so_logout);
    }
    announce(bench, token, PinEntry::user);
    const p11::Login user{session, User::user, sent(fresh), bench->use_final_try, &token.info};
    done(*job, PinStep::login);
  }
};

/// The one token, claimed until the last copy goes, with what it says of itself since then, and the
/// gravest that any module said of its PINs: one that hangs with a PIN keeps the claim to its end.
Present claimed_token(const SharedBench& bench) {
  Present token = only_token(bench, true);
  if (bench->reached) bench->reached(token.ref);
  token.claim = claimed(*bench, token);
  const auto now = supervised_on<model::TokenInfo>(
      bench, token, [token] { return token.module->token_info(token.slot); });
  p11::require_same(&token.info, now);
  token.info.flags = policy::graver(now.flags, token.info.flags);
  return token;
}

}  // namespace

TokenPins read_pin_state(const SharedBench& bench) {
  const Present token = only_token(bench);
  return {token.ref, policy::pin_state(token.info, token.profile)};
}

PinJob verify_pin(const SharedBench& bench, bool dry_run) {
  const Present token = claimed_token(bench);
  p11::require_tries(token.info, User::user, bench->use_final_try);
  const Pin pin = asked(bench->pin, token.info, User::user);
  const auto job = begun(token, {PinStep::login});
  if (dry_run) return not_tried(token, job);
  return worked(bench, token, job, [bench, token, pin, job] {
    const auto session = p11::Session::open(*token.module, token.slot, false);
    announce(bench, token, PinEntry::user);
    const p11::Login login{session, User::user, sent(pin), bench->use_final_try, &token.info};
    done(*job, PinStep::login);
  });
}

PinJob change_pin(const SharedBench& bench, const NewPin& fresh) {
  const Present token = claimed_token(bench);
  p11::require_tries(token.info, User::user, bench->use_final_try);
  const Pin old = asked(bench->pin, token.info, User::user);
  const Pin next = asked_new(fresh, token.info, old);
  const auto job = begun(token, {PinStep::change});
  if (fresh.dry_run) return not_tried(token, job);
  return worked(bench, token, job, [bench, token, old, next, job] {
    const auto session = p11::Session::open(*token.module, token.slot, true);
    announce(bench, token, PinEntry::user);
    announce(bench, token, PinEntry::fresh);
    p11::set_pin(session, sent(old), sent(next), bench->use_final_try, &token.info);
    done(*job, PinStep::change);
  });
}

PinJob unlock_pin(const SharedBench& bench, const PinSource& so, const NewPin& fresh) {
  const Present token = claimed_token(bench);
  p11::require_tries(token.info, User::so, bench->use_final_try);
  if (!token.info.flags.user_locked) fresh.confirm(token.info, {model::PinDoubt::not_locked});
  const Pin next = asked_new(fresh, token.info, nullptr);
  Pin officer = asked(so, token.info, User::so);
  const auto job =
      begun(token, {PinStep::so_login, PinStep::init_pin, PinStep::so_logout, PinStep::login});
  if (fresh.dry_run) return not_tried(token, job);
  return worked(bench, token, job, Unlock{bench, token, job, std::move(officer), next});
}

}  // namespace ukey::ops
