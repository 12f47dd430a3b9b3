#include "policy/plan.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "tests/policy/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::policy_test;
using model::PinLevel;
using model::PlanVerdict;
using model::Verdict;
using policy::plan_verdict;
using policy::PlanFacts;

/// A token that is due, with everything that a renewal needs.
struct Due {
  model::Card card;
  model::ManifestRow row;
  PlanFacts facts;

  Due() {
    card.ca = bjca();
    card.renewal.verdict = Verdict::open;
    facts.card = &card;
    facts.fits = 1;
    facts.has_pin = true;
  }
  Due(const Due&) = delete;             // the facts refer to the card
  Due& operator=(const Due&) = delete;  // same

  [[nodiscard]] PlanVerdict verdict() const { return plan_verdict(facts); }
};

PlanVerdict verdict_of(Verdict verdict, bool renewable = true) {
  Due due;
  due.card.renewal.verdict = verdict;
  due.card.ca.renewable = renewable;
  return due.verdict();
}

PlanVerdict with_pin(PinLevel level) {
  Due due;
  due.card.pin.user = level;
  return due.verdict();
}

}  // namespace

TEST_CASE("a token that is due, with a PIN source, is renewed, with or without a row") {
  Due due;
  CHECK(due.verdict() == PlanVerdict::renew);
  due.facts.row_needed = true;
  due.facts.row = &due.row;
  CHECK(due.verdict() == PlanVerdict::renew);
}

TEST_CASE("each verdict on certificates has its verdict in a plan") {
  CHECK(verdict_of(Verdict::no_certificate) == PlanVerdict::no_certificate);
  CHECK(verdict_of(Verdict::not_yet_valid) == PlanVerdict::not_yet_valid);
  CHECK(verdict_of(Verdict::revoked) == PlanVerdict::revoked);
  CHECK(verdict_of(Verdict::ca_not_renewable, false) == PlanVerdict::wrong_ca);
  CHECK(verdict_of(Verdict::expired) == PlanVerdict::expired);
  CHECK(verdict_of(Verdict::too_early) == PlanVerdict::not_due);
}

TEST_CASE("a CA that does not renew comes before what else the certificates say") {
  for (const auto verdict : {Verdict::not_yet_valid, Verdict::revoked, Verdict::expired})
    CHECK(verdict_of(verdict, false) == PlanVerdict::wrong_ca);
  CHECK(verdict_of(Verdict::no_certificate, false) == PlanVerdict::no_certificate);
}

TEST_CASE("a PIN that is locked or not set bars a token that is due, a doubtful one does not") {
  CHECK(with_pin(PinLevel::locked) == PlanVerdict::locked);
  CHECK(with_pin(PinLevel::not_set) == PlanVerdict::no_pin);
  for (const auto level : {PinLevel::ok, PinLevel::to_be_changed, PinLevel::count_low})
    CHECK(with_pin(level) == PlanVerdict::renew);
}

TEST_CASE("the last PIN try of a token that is due is spent only where that was allowed") {
  CHECK(with_pin(PinLevel::final_try) == PlanVerdict::final_try);
  Due due;
  due.card.pin.user = PinLevel::final_try;
  due.facts.use_final_try = true;
  CHECK(due.verdict() == PlanVerdict::renew);
  due.facts.has_pin = false;
  CHECK(due.verdict() == PlanVerdict::no_pin);
  due.facts.use_final_try = false;
  CHECK(due.verdict() == PlanVerdict::final_try);
  due.card.renewal.verdict = Verdict::too_early;
  CHECK(due.verdict() == PlanVerdict::not_due);
}

TEST_CASE("without a PIN source a token that is due is not renewed, and a locked one is locked") {
  Due due;
  due.facts.has_pin = false;
  CHECK(due.verdict() == PlanVerdict::no_pin);
  due.card.pin.user = PinLevel::locked;
  CHECK(due.verdict() == PlanVerdict::locked);
  due.card.renewal.verdict = Verdict::too_early;
  CHECK(due.verdict() == PlanVerdict::not_due);
}

TEST_CASE("with a manifest a token without a row is unknown, whatever it is") {
  Due due;
  due.facts.row_needed = true;
  CHECK(due.verdict() == PlanVerdict::unknown_token);
}

TEST_CASE("a token that cannot be read or is not initialised is unknown") {
  for (const auto state : {model::TokenState::uninitialised, model::TokenState::unrecognised,
                           model::TokenState::failed}) {
    Due due;
    due.card.state = state;
    CHECK(due.verdict() == PlanVerdict::unknown_token);
    due.facts.row = &due.row;
    CHECK(due.verdict() == PlanVerdict::unknown_token);
  }
}

TEST_CASE("the first that applies is said, from the row on") {
  Due due;
  due.facts.row_needed = true;
  due.facts.row = &due.row;
  due.card.pin.user = PinLevel::locked;
  due.card.renewal.verdict = Verdict::expired;
  const auto steps = {
      std::pair{PlanVerdict::expired, std::function<void()>{[] {}}},
      std::pair{PlanVerdict::interrupted,
                std::function<void()>{[&] { due.facts.interrupted = true; }}},
      std::pair{PlanVerdict::repeated, std::function<void()>{[&] { due.facts.repeated = true; }}},
      std::pair{PlanVerdict::ambiguous, std::function<void()>{[&] { due.facts.fits = 2; }}},
      std::pair{PlanVerdict::unknown_token,
                std::function<void()>{[&] { due.card.state = model::TokenState::failed; }}},
      std::pair{PlanVerdict::not_present, std::function<void()>{[&] { due.facts.fits = 0; }}},
      std::pair{PlanVerdict::bad_row, std::function<void()>{[&] {
                  due.row.error = base::Error{base::Code::bad_input, "m.csv:2"};
                }}}};
  for (const auto& [verdict, worse] : steps) {
    worse();
    CHECK(due.verdict() == verdict);
  }
}

TEST_CASE("a row that fits several tokens, or the token of another row, needs no card") {
  const model::ManifestRow row;
  PlanFacts facts;
  facts.row = &row;
  facts.row_needed = true;
  CHECK(plan_verdict(facts) == PlanVerdict::not_present);
  facts.fits = 2;
  CHECK(plan_verdict(facts) == PlanVerdict::ambiguous);
  facts.fits = 1;
  facts.repeated = true;
  CHECK(plan_verdict(facts) == PlanVerdict::repeated);
}
