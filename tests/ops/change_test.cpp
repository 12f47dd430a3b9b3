// The PINs of a token seen, verified and changed: what each costs, and what is refused.
#include "new_pin.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;
using model::PinLevel;
using model::PinResult;
using model::PinStep;

TEST_CASE("the state of the PINs is read live, without a session or a login") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Calls calls(*bench);
  bench->pin = never();
  CHECK(read_pin_state(bench).pin.user == PinLevel::ok);
  store.set_user_failures(6);
  const auto now = read_pin_state(bench);
  CHECK(now.pin.user == PinLevel::locked);
  CHECK(now.pin.retry_limit == 6);
  CHECK(now.token.serial == store.serials[0]);
  CHECK(calls.count("C_OpenSession") == 0);
  CHECK(calls.count("C_Login") == 0);
}

TEST_CASE("the user's whole ladder: each wrong PIN costs one login, and the last one is kept") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Calls calls(*bench);
  bench->pin = source_of("00000000");
  for (long tries = 1; tries <= 5; ++tries) {
    const auto job = verify_pin(bench);
    CHECK(job.result == PinResult::failed);
    CHECK(job.error->code() == Code::pin_wrong);
    CHECK(job.pin->user == (tries < 5 ? PinLevel::count_low : PinLevel::final_try));
    CHECK(calls.count("C_Login") == tries);
  }
  bench->pin = never();
  CHECK(error_of([&] { (void)verify_pin(bench); }).code() == Code::pin_not_sent);
  CHECK(calls.count("C_Login") == 5);
  bench->pin = source_of("00000000");
  bench->use_final_try = true;
  CHECK(verify_pin(bench).pin->user == PinLevel::locked);
  bench->pin = never();
  CHECK(error_of([&] { (void)verify_pin(bench); }).code() == Code::pin_locked);
  CHECK(calls.count("C_Login") == 6);
}

TEST_CASE("a change costs one try, and the new PIN is the one that is right afterwards") {
  const OwnStore store({"one"});
  store.set_user_failures(2);
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Asked asked(*bench);
  const Fresh fresh;
  const auto job = change_pin(bench, fresh.how);
  CHECK(job.result == PinResult::ok);
  CHECK(done(job) == std::vector{PinStep::change});
  CHECK(job.pin->user == PinLevel::ok);
  CHECK(fresh.heard->empty());
  CHECK(calls.count("C_SetPIN") == 1);
  CHECK(calls.count("C_Login") == 0);
  CHECK(asked.serials().size() == 1);
  const auto wrong = change_pin(bench, fresh.how);
  CHECK(wrong.error->code() == Code::pin_wrong);
  CHECK(wrong.pin->user == PinLevel::count_low);
  CHECK(store.state().user_failures == 1);
}

TEST_CASE("work is announced once, right before the first PIN, and may be stopped there") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Asked asked(*bench);
  std::vector<std::string> heard;
  bench->sending = [&heard](const model::TokenRef& token) { heard.push_back(token.serial); };
  CHECK(verify_pin(bench).result == PinResult::ok);
  CHECK(verify_pin(bench, true).result == PinResult::not_tried);
  CHECK(heard == store.serials);
  CHECK(change_pin(bench, Fresh{}.how).result == PinResult::ok);
  CHECK(unlock_pin(bench, source_of(std::string{practice::kSoPin}), Fresh{}.how).result ==
        PinResult::ok);
  CHECK(heard.size() == 3);
  bench->sending = [](const model::TokenRef&) { throw base::Error(base::Code::file_io, "log"); };
  const Calls calls(*bench);
  bench->pin = source_of(kFresh);
  CHECK(error_of([&] { (void)verify_pin(bench); }).code() == Code::file_io);
  CHECK(error_of([&] { (void)change_pin(bench, Fresh{"97531864"}.how); }).code() == Code::file_io);
  CHECK(calls.count("C_OpenSession") == 0);
}

TEST_CASE("a session that cannot be opened is no work done in part, but an error") {
  const OwnStore store({"one"});
  const Demand demand("C_OpenSession=0x30");
  const auto bench = bench_over();
  const Asked asked(*bench);
  const auto of_session = [&](const std::function<void()>& work) {
    const auto error = error_of(work);
    REQUIRE(error.answer());
    return error.answer()->call == "C_OpenSession" && !error.cause();
  };
  CHECK(of_session([&] { (void)verify_pin(bench); }));
  CHECK(of_session([&] { (void)change_pin(bench, Fresh{}.how); }));
  CHECK(of_session(
      [&] { (void)unlock_pin(bench, source_of(std::string{practice::kSoPin}), Fresh{}.how); }));
}

TEST_CASE("a change is refused before anything is sent: locked, final try, lengths, doubts") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Asked asked(*bench);
  const auto code = [&](const NewPin& fresh) {
    return error_of([&] { (void)change_pin(bench, fresh); }).code();
  };
  CHECK(code(Fresh{"123"}.how) == Code::pin_invalid);
  CHECK(code(Fresh{"000000"}.refused()) == Code::usage);
  const Fresh same{std::string{practice::kUserPin}};
  CHECK(code(same.refused()) == Code::usage);
  store.set_user_failures(5);
  bench->pin = never();
  CHECK(code(Fresh{}.how) == Code::pin_not_sent);
  store.set_user_failures(6);
  CHECK(code(Fresh{}.how) == Code::pin_locked);
  CHECK(calls.count("C_OpenSession") == 0);
  CHECK(store.state().user_failures == 6);
}

TEST_CASE("with several tokens no PIN is asked for and none is worked on") {
  const OwnStore store({"one", "two"});
  const auto bench = bench_over();
  const Calls calls(*bench);
  bench->pin = never();
  NewPin fresh{never(), {}, false};
  for (const auto& work : std::vector<std::function<void()>>{
           [&] { (void)read_pin_state(bench); }, [&] { (void)verify_pin(bench); },
           [&] { (void)change_pin(bench, fresh); },
           [&] { (void)unlock_pin(bench, never(), fresh); }})
    CHECK(error_of(work).code() == Code::ambiguous_token);
  CHECK(calls.count("C_OpenSession") == 0);
}
