// Slots, tokens and modules that fail, hang or lie: one bad token hides no other.
#include "contents.hpp"
#include "fixture.hpp"
#include "ops/certificates.hpp"
#include "ops/presence.hpp"
#include "ops/seals.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using namespace std::chrono_literals;
using base::Code;
using model::LockKind;
using model::TokenState;

namespace {

long count(const model::Survey& survey, TokenState state) {
  return std::ranges::count(survey.cards, state, &model::Card::state);
}

const model::Card& first(const model::Survey& survey, TokenState state) {
  return *std::ranges::find(survey.cards, state, &model::Card::state);
}

model::Survey survey_of(const SharedBench& bench) {
  return read_survey(bench, Depth::labels, false);
}

}  // namespace

TEST_CASE("a slot that fails is a failed card, and the others go on") {
  const NineTokens tokens;
  const Demand demand("C_GetTokenInfo:3=0x30");
  const auto survey = survey_of(bench_over());
  CHECK(survey.cards.size() == 9);
  CHECK(count(survey, TokenState::ready) == 8);
  const auto& card = first(survey, TokenState::failed);
  CHECK(card.error->code() == Code::token_refused);
  CHECK(card.error->answer()->rv == CKR_DEVICE_ERROR);
  CHECK(card.error->answer()->call == "C_GetTokenInfo");
  CHECK(card.token.modules == std::vector<std::string>{kModule});
}

TEST_CASE("a token that its module does not recognise is called so") {
  const NineTokens tokens;
  for (const char* text : {"C_GetTokenInfo:5=0xe1", "C_OpenSession:5=0xe1"}) {
    CAPTURE(text);
    const Demand demand(text);
    const auto survey = survey_of(bench_over());
    CHECK(count(survey, TokenState::ready) == 8);
    CHECK(count(survey, TokenState::unrecognised) == 1);
    CHECK(first(survey, TokenState::unrecognised).error->code() == Code::token_unusable);
  }
}

TEST_CASE("a token that goes while it is read is a failed card with its name") {
  const NineTokens tokens;
  const Demand demand("C_FindObjects:2=0x32");
  const auto survey = survey_of(bench_over());
  CHECK(count(survey, TokenState::ready) == 8);
  const auto& card = first(survey, TokenState::failed);
  CHECK(card.error->code() == Code::token_removed);
  CHECK_FALSE(card.token.label.empty());
  CHECK(card.lock.kind == LockKind::undetermined);
}

TEST_CASE("when every slot fails the cards say so, and a command on one token throws it") {
  const OwnStore store({"one"});
  const Demand demand("C_GetTokenInfo=0x30");
  const auto survey = survey_of(bench_over());
  REQUIRE(survey.cards.size() == 1);
  CHECK(survey.cards[0].state == TokenState::failed);
  const auto error = error_of([] { (void)only_token(bench_over()); });
  CHECK(error.answer()->rv == CKR_DEVICE_ERROR);
  CHECK(error_of([] { (void)only_token(bench_of("one")); }).code() == Code::no_token);
}

TEST_CASE("what reading the one token threw is thrown whole") {
  const OwnStore store({"one"}, [](Writer& writer) { make_master(writer); });
  const Demand demand("C_OpenSession=0x800000a0");
  for (const auto& work : std::vector<std::function<void()>>{
           [] { (void)read_only_card(bench_over(), Depth::labels); },
           [] { (void)read_token_certificates(bench_over(), true); }}) {
    const auto error = error_of(work);
    CHECK(error.code() == Code::token_refused);
    CHECK(error.answer()->rv == kVendorCode);
    CHECK(error.answer()->ckr.empty());
  }
}

TEST_CASE("what a token's profile knows of a vendor's code comes with the error") {
  const OwnStore store({"one"});
  const Demand demand("C_OpenSession=0x800000a0");
  const auto bench = bench_over();
  auto profiles = std::make_shared<model::Profiles>(*bench->profiles);
  auto& profile = *std::ranges::find(profiles->tokens, "practice", &model::TokenProfile::id);
  profile.errors[kVendorCode] = {"读卡器忙", "the reader is busy"};
  bench->platform = &profiles->platforms.front();
  bench->profiles = std::move(profiles);
  const auto error = error_of([&] { (void)read_only_card(bench, Depth::labels); });
  REQUIRE(error.answer()->vendor_note);
  CHECK(error.answer()->vendor_note->en == "the reader is busy");
  const auto card = read_survey(bench, Depth::labels, false).cards.at(0);
  CHECK(card.error->answer()->vendor_note->zh == "读卡器忙");
}

TEST_CASE("a seal that cannot be read is listed with its error, and the others go on") {
  const OwnStore store({"one"}, [](Writer& writer) { make_master(writer); });
  for (const char* text : {"C_GetAttributeValue:2=0x5", "C_GetAttributeValue:5=0x5"}) {
    CAPTURE(text);
    const Demand demand(text);
    const auto rows = read_token_seals(bench_over(), true).rows;
    REQUIRE(rows.size() == 3);
    const auto failed = [](const model::SealRow& row) { return row.object.error.has_value(); };
    CHECK(std::ranges::count_if(rows, failed) == 1);
    CHECK(std::ranges::find_if(rows, failed)->object.error->answer()->rv == CKR_GENERAL_ERROR);
  }
  const Demand demand("C_GetAttributeValue:5=0x32");
  CHECK(error_of([] { (void)read_token_seals(bench_over(), true); }).code() == Code::token_removed);
}

TEST_CASE("a vendor's refusal of the PIN is not taken for a wrong PIN") {
  const OwnStore store({"one"});
  const Demand demand("C_Login=0x800000a0");
  const auto bench = bench_over();
  const Asked asked(*bench);
  const auto error = error_of([&] { (void)read_only_card(bench, Depth::labels); });
  CHECK(error.code() == Code::token_refused);
  CHECK(error.answer()->rv == kVendorCode);
  CHECK(asked.serials().size() == 1);
}

TEST_CASE("a module that refuses to begin is a failed row beside one that works") {
  const OwnStore store({"one"});
  const Demand demand("C_Initialize=0x5");
  const auto survey = survey_of(bench_over({kModule, softhsm()}));
  CHECK(survey.modules.at(0).error->code() == Code::module_broken);
  CHECK(survey.modules.at(1).state == model::ModuleState::ready);
  CHECK(survey.cards.size() == 1);
}

TEST_CASE("after a call that hangs, no other token of that module is waited for") {
  const NineTokens tokens;
  const auto bench = bench_over();
  bench->limits = p11::Limits::all(2000ms);  // this machine may stand still for a second
  for (const char* text : {"C_OpenSession:4=hang", "C_GetAttributeValue:1=hang"}) {
    CAPTURE(text);
    const Demand demand(text);
    const Calls calls(*bench);
    const auto survey = survey_of(bench);
    CHECK(survey.cards.size() == 9);
    // which were read before it hung depends on the order in which SoftHSM lists them
    const auto ready = count(survey, TokenState::ready);
    CHECK(ready <= 3);
    CHECK(ready == calls.count("C_CloseSession"));
    CHECK(calls.count("C_OpenSession") <= ready + 1);
    CHECK(count(survey, TokenState::failed) == 9 - ready);
    for (const auto& card : survey.cards) {
      if (card.state == TokenState::ready) continue;
      CHECK(card.error->code() == Code::module_timeout);
      CHECK(card.error->subject() == kModule);
      CHECK_FALSE(card.token.serial.empty());
    }
  }
}

TEST_CASE("a module that hangs while its tokens are listed fails alone") {
  const OwnStore store({"one", "two"});
  const auto bench = bench_over({kModule, softhsm()});
  bench->limits = p11::Limits::all(1500ms);
  for (const char* text : {"C_Initialize=hang", "C_GetTokenInfo:2=hang"}) {
    CAPTURE(text);
    const Demand demand(text);
    const auto survey = survey_of(bench);
    CHECK(survey.modules.at(0).error->code() == Code::module_timeout);
    CHECK(survey.modules.at(1).state == model::ModuleState::ready);
    CHECK(count(survey, TokenState::ready) == 2);
  }
}

TEST_CASE("a hanging module holds up no other module's tokens") {
  const OwnStore store({"one", "two"});
  const auto bench = bench_over({kModule, softhsm()});
  bench->limits = p11::Limits::all(1500ms);
  const Demand demand("C_OpenSession:1=hang");
  const auto survey = survey_of(bench);
  CHECK(survey.cards.size() == 4);
  CHECK(count(survey, TokenState::ready) == 2);
  CHECK(count(survey, TokenState::failed) == 2);
}
