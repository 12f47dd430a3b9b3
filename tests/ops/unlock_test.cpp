// A locked PIN made usable again: how far each try came, and how many PINs it cost.
#include "new_pin.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;
using model::PinDoubt;
using model::PinLevel;
using model::PinResult;
using model::PinStep;

namespace {

const std::string kSo{practice::kSoPin};
const std::vector kAllSteps{PinStep::so_login, PinStep::init_pin, PinStep::so_logout,
                            PinStep::login};

void set_so_failures(const OwnStore& store, unsigned long failures) {
  practice::HeldState held(practice::state_path(store.path(), store.serials.at(0)));
  held.state.so_failures = failures;
  held.save();
}

PinLevel user_level() { return read_pin_state(bench_over()).pin.user; }
PinLevel so_level() { return read_pin_state(bench_over()).pin.so; }

}  // namespace

TEST_CASE("an unlock is said only after the new PIN has logged in") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Fresh fresh;
  const auto job = unlock_pin(bench, source_of(kSo), fresh.how);
  CHECK(job.result == PinResult::ok);
  CHECK(done(job) == kAllSteps);
  CHECK(job.pin->user == PinLevel::ok);
  CHECK(fresh.heard->empty());
  CHECK(calls.count("C_Login") == 2);
  CHECK(calls.count("C_InitPIN") == 1);
  CHECK(calls.count("C_InitToken") == 0);
  bench->pin = source_of(kFresh);
  CHECK(verify_pin(bench).result == PinResult::ok);
}

TEST_CASE("the SO's whole ladder: one login for each wrong PIN, none on the last, then scrap") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Fresh fresh;
  for (long tries = 1; tries <= 5; ++tries) {
    const auto job = unlock_pin(bench, source_of("00000000"), fresh.how);
    CHECK(job.error->code() == Code::pin_wrong);
    CHECK(job.error->concerns_so());
    CHECK(done(job).empty());
    CHECK(job.pin->so == (tries < 5 ? PinLevel::count_low : PinLevel::final_try));
    CHECK(job.pin->user == PinLevel::locked);
    CHECK(calls.count("C_Login") == tries);
  }
  const auto guarded = error_of([&] { (void)unlock_pin(bench, never(), fresh.how); });
  CHECK(guarded.code() == Code::pin_not_sent);
  CHECK(guarded.concerns_so());
  bench->use_final_try = true;
  CHECK(unlock_pin(bench, source_of("00000000"), fresh.how).pin->so == PinLevel::locked);
  CHECK(error_of([&] { (void)unlock_pin(bench, never(), fresh.how); }).code() == Code::pin_locked);
  CHECK(calls.count("C_Login") == 6);
  CHECK(calls.count("C_InitPIN") == 0);
  CHECK(calls.count("C_InitToken") == 0);
}

TEST_CASE("the right SO PIN on the wanted final try unlocks") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  set_so_failures(store, 5);
  CHECK(so_level() == PinLevel::final_try);
  const auto bench = bench_over();
  bench->use_final_try = true;
  CHECK(unlock_pin(bench, source_of(kSo), Fresh{}.how).result == PinResult::ok);
  CHECK(so_level() == PinLevel::ok);
}

TEST_CASE("a new PIN of a wrong length is refused before the SO PIN is even asked for") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  const auto bench = bench_over();
  const Calls calls(*bench);
  for (const auto& pin : {std::string{}, std::string{"123"}, std::string(256, '7')}) {
    const auto error = error_of([&] { (void)unlock_pin(bench, never(), Fresh{pin}.how); });
    CHECK(error.code() == Code::pin_invalid);
    CHECK_FALSE(error.concerns_so());
  }
  CHECK(calls.count("C_OpenSession") == 0);
  CHECK(store.state().so_failures == 0);
}

TEST_CASE("a token that is not locked is unlocked only when that is wanted") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Fresh fresh;
  CHECK(error_of([&] { (void)unlock_pin(bench, never(), fresh.refused()); }).code() == Code::usage);
  CHECK(calls.count("C_OpenSession") == 0);
  CHECK(unlock_pin(bench, source_of(kSo), fresh.how).result == PinResult::ok);
  CHECK(*fresh.heard == std::vector{PinDoubt::not_locked});
}

TEST_CASE("a failure in the middle of an unlock tells what is done and how the token stands") {
  struct Case {
    const char* demand;
    std::vector<PinStep> done;
    Code code;
    PinLevel user;
  };
  using enum PinStep;
  for (const auto& one :
       {Case{"C_Login:1=0x32", {}, Code::token_removed, PinLevel::locked},
        Case{"C_InitPIN=0x32", {so_login}, Code::token_removed, PinLevel::locked},
        Case{"C_InitPIN!=0x30", {so_login}, Code::token_refused, PinLevel::ok},
        Case{"C_Logout:1=0x30", {so_login, init_pin}, Code::token_refused, PinLevel::ok},
        Case{"C_Login:2=0xa0", {so_login, init_pin, so_logout}, Code::pin_wrong, PinLevel::ok}}) {
    CAPTURE(one.demand);
    const OwnStore store({"one"});
    store.set_user_failures(6);
    const Demand demand(one.demand);
    const auto bench = bench_over();
    const Calls calls(*bench);
    const auto job = unlock_pin(bench, source_of(kSo), Fresh{}.how);
    CHECK(job.result == PinResult::failed);
    CHECK(done(job) == one.done);
    CHECK(job.steps.size() == 4);
    CHECK(job.error->code() == one.code);
    CHECK(job.error->subject().starts_with("one"));
    REQUIRE(job.pin);
    CHECK(job.pin->user == one.user);
    CHECK(calls.count("C_Login") <= 2);
    CHECK(calls.count("C_InitToken") == 0);
  }
}

TEST_CASE("a token that is gone after the SO login is told as gone, its state as unknown") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  static Tap<& CK_FUNCTION_LIST::C_InitPIN>* tap = nullptr;
  static std::filesystem::path state;
  state = practice::state_path(store.path(), store.serials[0]);
  Tap<&CK_FUNCTION_LIST::C_InitPIN> mine(
      [](CK_SESSION_HANDLE session, unsigned char* pin, unsigned long size) -> CK_RV {
        {
          practice::HeldState held(state);
          held.state.plugged = false;
          held.save();
        }
        return tap->original(session, pin, size);
      });
  tap = &mine;
  const auto bench = bench_over();
  const Calls calls(*bench);
  const auto job = unlock_pin(bench, source_of(kSo), Fresh{}.how);
  CHECK(job.error->code() == Code::token_removed);
  CHECK(done(job) == std::vector{PinStep::so_login});
  CHECK_FALSE(job.pin);
  CHECK(calls.count("C_Login") == 1);
  CHECK(store.state().user_failures == 6);
}

TEST_CASE("a module that hangs in the middle is given up, and what was done is still told") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  const Demand demand("C_InitPIN=hang");
  const auto bench = bench_over();
  bench->limits = p11::Limits::all(std::chrono::milliseconds(1500));
  const auto job = unlock_pin(bench, source_of(kSo), Fresh{}.how);
  CHECK(job.error->code() == Code::module_timeout);
  CHECK(done(job) == std::vector{PinStep::so_login});
  CHECK_FALSE(job.pin);
}

TEST_CASE("a dry run judges everything and sends nothing") {
  const OwnStore store({"one"});
  store.set_user_failures(6);
  const auto bench = bench_over();
  const Calls calls(*bench);
  Fresh fresh;
  fresh.how.dry_run = true;
  const auto job = unlock_pin(bench, source_of(kSo), fresh.how);
  CHECK(job.result == PinResult::not_tried);
  CHECK(done(job).empty());
  CHECK(job.steps.size() == 4);
  CHECK(calls.count("C_OpenSession") == 0);
  CHECK(user_level() == PinLevel::locked);
}
