// Who is asked for a PIN, to which token it goes, and how often.
#include "contents.hpp"
#include "fixture.hpp"
#include "ops/certificates.hpp"
#include "ops/inventory.hpp"
#include "ops/seals.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;

namespace {

/// Every way of reading that may log in.
const std::vector<std::pair<const char*, std::function<void(const SharedBench&)>>> kReadings{
    {"survey", [](const SharedBench& b) { (void)read_survey(b, Depth::labels, true); }},
    {"card", [](const SharedBench& b) { (void)read_only_card(b, Depth::contents); }},
    {"certificates", [](const SharedBench& b) { (void)read_token_certificates(b, true); }},
    {"seals", [](const SharedBench& b) { (void)read_token_seals(b, true); }},
    {"objects", [](const SharedBench& b) { (void)read_objects(b); }}};

base::Error refused(const SharedBench& bench) {
  return error_of([&] { (void)read_survey(bench, Depth::labels, false); });
}

}  // namespace

TEST_CASE("the right PIN is asked for once and sent once, however the token is read") {
  const OwnStore store({"one"}, [](Writer& writer) { make_master(writer); });
  for (const auto& [name, reading] : kReadings) {
    CAPTURE(name);
    const auto bench = bench_over();
    const Calls calls(*bench);
    const Asked asked(*bench);
    reading(bench);
    CHECK(asked.serials() == store.serials);
    CHECK(calls.count("C_Login") == 1);
    CHECK(calls.count("C_Logout") == 1);
  }
  CHECK(store.state().user_failures == 0);
}

TEST_CASE("with several tokens nobody is asked for a PIN and no token is logged in") {
  const OwnStore store({"one", "two"});
  for (const auto& [name, reading] : kReadings) {
    CAPTURE(name);
    const auto bench = bench_over();
    const Calls calls(*bench);
    const Asked asked(*bench);
    CHECK(error_of([&] { reading(bench); }).code() == Code::ambiguous_token);
    CHECK(asked.serials().empty());
    CHECK(calls.count("C_Login") == 0);
    CHECK(calls.count("C_OpenSession") == 0);
  }
}

TEST_CASE("a selector among several tokens sends the PIN to that token alone") {
  const OwnStore store({"one", "two", "three"});
  const auto bench = bench_of("two");
  const Calls calls(*bench);
  const Asked asked(*bench, "00000000");
  CHECK(refused(bench).code() == Code::pin_wrong);
  CHECK(asked.serials() == std::vector{store.serials[1]});
  CHECK(calls.count("C_Login") == 1);
  CHECK(store.state(0).user_failures == 0);
  CHECK(store.state(1).user_failures == 1);
  CHECK(store.state(2).user_failures == 0);
}

TEST_CASE("uninitialised tokens beside the one token do not get the PIN") {
  const OwnStore store({"one"});
  const auto bench = bench_over({softhsm()});
  const Asked asked(*bench);
  const auto survey = read_survey(bench, Depth::labels, true);
  CHECK(survey.cards.size() == 2);
  CHECK(asked.serials() == store.serials);
}

TEST_CASE("a wrong PIN costs one try and is the whole answer, never a row") {
  for (const auto& [name, reading] : kReadings) {
    CAPTURE(name);
    const OwnStore store({"one"});
    const auto bench = bench_over();
    const Calls calls(*bench);
    const Asked asked(*bench, "00000000");
    const auto error = error_of([&] { reading(bench); });
    CHECK(error.code() == Code::pin_wrong);
    CHECK(error.subject() == "one");
    REQUIRE(error.answer());
    CHECK(error.answer()->call == "C_Login");
    CHECK(error.answer()->rv == CKR_PIN_INCORRECT);
    CHECK(calls.count("C_Login") == 1);
    CHECK(asked.serials().size() == 1);
    CHECK(store.state().user_failures == 1);
  }
}

TEST_CASE("on the final try no PIN is sent, unless that is wanted") {
  const OwnStore store({"one"});
  store.set_user_failures(5);
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Asked asked(*bench);
  CHECK(refused(bench).code() == Code::pin_not_sent);
  CHECK(calls.count("C_Login") == 0);
  CHECK(store.state().user_failures == 5);
  bench->use_final_try = true;
  CHECK(read_survey(bench, Depth::labels, false).cards.at(0).pin.user == model::PinLevel::ok);
  CHECK(calls.count("C_Login") == 1);
  CHECK(store.state().user_failures == 0);
}

TEST_CASE("a wrong PIN on the wanted final try locks, and a locked token gets no PIN") {
  const OwnStore store({"one"});
  store.set_user_failures(5);
  const auto bench = bench_over();
  bench->use_final_try = true;
  const Calls calls(*bench);
  const Asked asked(*bench, "00000000");
  CHECK(refused(bench).code() == Code::pin_wrong);
  CHECK(store.state().user_failures == 6);
  CHECK(refused(bench).code() == Code::pin_locked);
  CHECK(calls.count("C_Login") == 1);
}

TEST_CASE("PINs that the token could not take are not sent") {
  const OwnStore store({"one"});
  for (const auto& pin : {std::string{}, std::string{"123"}, std::string(256, '1')}) {
    CAPTURE(pin.size());
    const auto bench = bench_over();
    const Calls calls(*bench);
    const Asked asked(*bench, pin);
    CHECK(refused(bench).code() == Code::pin_invalid);
    CHECK(calls.count("C_Login") == 0);
  }
  CHECK(store.state().user_failures == 0);
}

TEST_CASE("what the PIN source throws ends the run and is no fault of the token") {
  const OwnStore store({"one"});
  for (const auto code : {Code::pin_missing, Code::file_io, Code::bad_input, Code::interrupted}) {
    CAPTURE(base::name(code));
    const auto bench = bench_over();
    const Calls calls(*bench);
    bench->pin = [code](const model::TokenInfo&) -> base::Secret {
      throw base::Error(code, "pin.txt");
    };
    const auto error = refused(bench);
    CHECK(error.code() == code);
    CHECK(error.subject() == "pin.txt");
    CHECK(calls.count("C_Login") == 0);
  }
}

TEST_CASE("the time at a prompt does not count against the limit of a call") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  bench->limits = p11::Limits::all(std::chrono::milliseconds(1500));
  bench->pin = [](const model::TokenInfo&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2000));
    return secret(practice::kUserPin);
  };
  CHECK(read_survey(bench, Depth::labels, false).cards.at(0).state == model::TokenState::ready);
}

TEST_CASE("after a login the card tells the PIN state of now, not of before") {
  const OwnStore store({"one"});
  store.set_user_failures(2);
  const auto bench = bench_over();
  CHECK(read_only_card(bench, Depth::labels).pin.user == model::PinLevel::count_low);
  const Asked asked(*bench);
  CHECK(read_only_card(bench, Depth::labels).pin.user == model::PinLevel::ok);
}

TEST_CASE("mechanisms and identity need no PIN even where one could be had") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Asked asked(*bench);
  CHECK_FALSE(read_mechanisms(bench).mechanisms.empty());
  CHECK(read_survey(bench, Depth::identity, false).cards.size() == 1);
  CHECK(asked.serials().empty());
  CHECK(calls.count("C_Login") == 0);
}
