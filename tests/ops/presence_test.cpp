// Which tokens are there: several modules, modules that do not work, selectors.
#include "ops/presence.hpp"

#include <fstream>

#include "contents.hpp"
#include "fixture.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;
using model::ModuleState;
using model::TokenState;

namespace {

/// A file that is no module.
class NoModule {
 public:
  NoModule() { std::ofstream{file()} << "#!/bin/sh\n"; }
  [[nodiscard]] std::string file() const { return folder_.path() / "libnothing.so"; }

 private:
  TempFolder folder_;
};

CK_C_GetSlotList slots_once = nullptr;

/// Each slot twice, as a module shows them that stands before others.
CK_RV slots_twice(CK_BBOOL with_token, CK_SLOT_ID* list, unsigned long* count) {
  const auto rv = slots_once(with_token, list, count);
  if (rv != CKR_OK || list == nullptr) return rv;
  std::copy_n(list, *count, list + *count);
  *count *= 2;
  return rv;
}

}  // namespace

TEST_CASE("a token behind two modules appears once, with both named, the used one first") {
  const NineTokens tokens;
  const CopiedModule copy;
  const auto survey = read_survey(bench_over({copy.file(), kModule}), Depth::labels, false);
  CHECK(survey.cards.size() == 9);
  REQUIRE(survey.modules.size() == 2);
  CHECK(survey.modules[0].file == copy.file());
  CHECK(survey.modules[1].file == kModule);
  for (const auto& card : survey.cards) {
    CHECK(card.state == TokenState::ready);
    CHECK(card.token.modules == std::vector<std::string>{copy.file(), kModule});
  }
}

TEST_CASE("of a token behind two modules the graver account of its PINs is kept") {
  const OwnStore store({"one"});
  const CopiedModule copy;
  static Tap<& CK_FUNCTION_LIST::C_GetTokenInfo>* tap = nullptr;
  Tap<&CK_FUNCTION_LIST::C_GetTokenInfo> mine([](CK_SLOT_ID slot, CK_TOKEN_INFO* info) -> CK_RV {
    const auto rv = tap->original(slot, info);
    info->flags |= CKF_USER_PIN_FINAL_TRY;
    return rv;
  });
  tap = &mine;
  for (const auto& files : {std::vector<std::string>{kModule, copy.file()},
                            std::vector<std::string>{copy.file(), kModule}}) {
    const auto bench = bench_over(files);
    const Calls calls(*bench);
    const auto token = only_token(bench);
    CHECK(token.ref.modules == files);
    CHECK(token.info.flags.user_final_try);
    CHECK_FALSE(token.info.flags.user_locked);
    CHECK(calls.count("C_GetTokenInfo") == 2);
  }
}

TEST_CASE("a token in two slots of one module, or of a module named twice, appears once") {
  const OwnStore store({"one", "two"});
  CHECK(read_survey(bench_over({kModule, kModule}), Depth::labels, false).cards.size() == 2);
  const Tap<&CK_FUNCTION_LIST::C_GetSlotList> tap(&slots_twice);
  slots_once = tap.original;
  const auto survey = read_survey(bench_over(), Depth::labels, false);
  CHECK(survey.cards.size() == 2);
  for (const auto& card : survey.cards) {
    CHECK(card.state == TokenState::ready);
    CHECK(card.token.modules == std::vector<std::string>{kModule});
  }
}

TEST_CASE("a selector that fits a token behind two modules still means one token") {
  const NineTokens tokens;
  const CopiedModule copy;
  const auto bench = bench_over({kModule, copy.file()});
  bench->selector = p11::Selector::parse(label_of("expert"));
  const auto token = only_token(bench);
  CHECK(token.ref.modules == std::vector<std::string>{kModule, copy.file()});
  CHECK(read_only_card(bench, Depth::labels).lock.kind == model::LockKind::master);
}

TEST_CASE("uninitialised tokens are hidden unless asked for, and never the one token") {
  const OwnStore store({"only"});
  const auto bench = bench_over({softhsm()});
  const auto survey = read_survey(bench, Depth::labels, false);
  REQUIRE(survey.cards.size() == 1);
  CHECK(survey.cards[0].token.label == "only");
  const auto all = read_survey(bench, Depth::labels, true);
  REQUIRE(all.cards.size() == 2);
  CHECK(std::ranges::count(all.cards, TokenState::uninitialised, &model::Card::state) == 1);
  CHECK(only_token(bench).info.label == "only");
}

TEST_CASE("where only uninitialised tokens are, there is no token") {
  const OwnStore store({});
  const auto bench = bench_over({softhsm()});
  CHECK(error_of([&] { (void)read_survey(bench, Depth::labels, false); }).code() == Code::no_token);
  CHECK(error_of([&] { (void)only_token(bench); }).code() == Code::no_token);
  CHECK(read_survey(bench, Depth::labels, true).cards.size() == 1);
}

TEST_CASE("a module that does not load is a row beside the one that works") {
  const NineTokens tokens;
  const NoModule broken;
  const auto bench = bench_over({broken.file(), "/nonexistent/libtoken.so", kModule});
  const auto survey = read_survey(bench, Depth::labels, false);
  CHECK(survey.cards.size() == 9);
  REQUIRE(survey.modules.size() == 3);
  CHECK(survey.modules[0].state == ModuleState::failed);
  CHECK(survey.modules[0].error->code() == Code::no_module);
  CHECK(survey.modules[0].error->answer()->call == "dlopen");
  CHECK(survey.modules[1].state == ModuleState::failed);
  CHECK(survey.modules[1].error->subject() == "/nonexistent/libtoken.so");
  CHECK(survey.modules[2].state == ModuleState::ready);
  CHECK_FALSE(survey.modules[2].error);
}

TEST_CASE("when no module works, the first one's error is thrown") {
  const NoModule broken;
  const auto bench = bench_over({"/nonexistent/libtoken.so", broken.file()});
  const auto error = error_of([&] { (void)read_survey(bench, Depth::labels, false); });
  CHECK(error.code() == Code::no_module);
  CHECK(error.subject() == "/nonexistent/libtoken.so");
}

TEST_CASE("without any module there is no module") {
  const auto bench = bench_over({});
  for (const auto& work : std::vector<std::function<void()>>{
           [&] { (void)read_survey(bench, Depth::labels, true); }, [&] { (void)only_token(bench); },
           [&] { (void)find_tokens(bench); }}) {
    CHECK(error_of(work).code() == Code::no_module);
  }
}

TEST_CASE("an empty drawer has a working module and no token") {
  const TempFolder folder;
  const BorrowedVariable nowhere("UKEY_PRACTICE", (folder.path() / "none").string());
  const auto presence = find_tokens(bench_over());
  CHECK(presence.tokens.empty());
  CHECK(presence.modules.at(0).state == ModuleState::ready);
  CHECK(error_of([] { (void)only_token(bench_over()); }).code() == Code::no_token);
}

TEST_CASE("several tokens are no one token, and the error names each with its serial") {
  const OwnStore store({"first", "second"});
  const auto error = error_of([] { (void)only_token(bench_over()); });
  CHECK(error.code() == Code::ambiguous_token);
  for (const auto& serial : store.serials) {
    CAPTURE(serial);
    CHECK(error.subject().find("(" + serial + ")") != std::string::npos);
  }
  CHECK(only_token(bench_of(store.serials[1])).info.label == "second");
  CHECK(only_token(bench_of("pkcs11:token=first")).info.serial == store.serials[0]);
}

TEST_CASE(
    "a selector that fits two tokens is ambiguous for every command, one that fits none too") {
  const OwnStore store({"twin", "twin", "other"});
  const auto twins = bench_of("twin");
  const auto survey_of = [](const SharedBench& bench) {
    return [bench] { (void)read_survey(bench, Depth::labels, false); };
  };
  CHECK(error_of(survey_of(twins)).code() == Code::ambiguous_token);
  CHECK(error_of([&] { (void)only_token(twins); }).code() == Code::ambiguous_token);
  const auto nobody = error_of(survey_of(bench_of("nobody")));
  CHECK(nobody.code() == Code::no_token);
  CHECK(nobody.subject() == "nobody");
  CHECK(read_survey(bench_of("other"), Depth::labels, false).cards.size() == 1);
  CHECK(read_survey(bench_over(), Depth::labels, false).cards.size() == 3);
}

TEST_CASE("tokens whose serial tells none of them apart are each found by the label") {
  const OwnStore store({"one", "two"});
  for (const std::string serial : {"", "0000000000000000", "1234"}) {
    CAPTURE(serial);
    const Renamed renamed(serial);
    const auto survey = read_survey(bench_over(), Depth::labels, false);
    REQUIRE(survey.cards.size() == 2);
    for (const auto& card : survey.cards) {
      CHECK(card.token.selector == card.token.label);
      CHECK(only_token(bench_of(card.token.selector)).info.label == card.token.label);
      CHECK(only_token(bench_of(card.token.uri)).info.label == card.token.label);
    }
    auto bench = bench_of("pkcs11:serial=" + serial);
    const Asked asked(*bench);
    CHECK(error_of([&] { (void)only_token(bench); }).code() == Code::ambiguous_token);
    CHECK(asked.serials().empty());
  }
}

TEST_CASE("tokens with the same names in two slots of one module are each found by the slot") {
  const OwnStore store({"one", "two"});
  const Renamed renamed("1234", "CAC II");
  const auto tokens = find_tokens(bench_over()).tokens;
  REQUIRE(tokens.size() == 2);
  const auto error = error_of([] { (void)only_token(bench_of("CAC II")); });
  CHECK(error.code() == Code::ambiguous_token);
  for (const auto& token : tokens) {
    CHECK(token.ref.selector == "pkcs11:slot-id=" + std::to_string(token.slot));
    CHECK(error.subject().find("CAC II (1234) " + token.ref.selector) != std::string::npos);
    CHECK(only_token(bench_of(token.ref.selector)).slot == token.slot);
    CHECK(only_token(bench_of(token.ref.uri)).slot == token.slot);
  }
}

TEST_CASE("a serial that is a token's alone selects it, and one that is only zeros does not") {
  const OwnStore store({"one"});
  CHECK(only_token(bench_over()).ref.selector == store.serials[0]);
  CHECK_FALSE(only_token(bench_over()).info.serial_shared);
  const Renamed renamed("0000000000000000");
  CHECK(only_token(bench_over()).ref.selector == "one");
}

TEST_CASE("an unplugged token is not there") {
  const OwnStore store({"in", "out"});
  store.plug(false, 1);
  CHECK(only_token(bench_over()).info.label == "in");
  CHECK(error_of([] { (void)only_token(bench_of("out")); }).code() == Code::no_token);
}

TEST_CASE("a token of no known middleware is read, but never called a sub-lock") {
  const OwnStore store({"stranger"}, [](Writer& writer) {
    put_certificate(writer, "encrypt", "2", unit_certificate(1, false));
  });
  const auto bench = bench_over();
  auto profiles = std::make_shared<model::Profiles>(*bench->profiles);
  profiles->tokens.clear();
  bench->profiles = profiles;
  bench->platform = &profiles->platforms.front();
  const auto card = read_only_card(bench, Depth::labels);
  CHECK_FALSE(card.token.profile);
  CHECK(card.lock.kind == model::LockKind::undetermined);
  CHECK(card.lock.reason == model::LockReason::no_profile);
  CHECK_FALSE(card.pin.retry_limit);
}

TEST_CASE(
    "modules that are kept are finalised when they are let go, and before they are loaded anew") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  bench->loaded = std::make_shared<LoadedModules>();
  const Calls calls(*bench);
  CHECK(only_token(bench).info.label == "one");
  CHECK(calls.count("C_Finalize") == 0);
  CHECK(only_token(bench).info.label == "one");
  CHECK(calls.count("C_Initialize") == 2);
  CHECK(calls.count("C_Finalize") == 1);
  bench->loaded->clear();
  CHECK(calls.count("C_Finalize") == 2);
}
