// Every PKCS#11 call of a survey failing in turn, and hanging in turn.
#include <fmt/format.h>

#include "contents.hpp"
#include "fixture.hpp"
#include "ops/certificates.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using namespace std::chrono_literals;
using model::LockKind;
using model::TokenState;

namespace {

/// What came of one survey: its errors wherever they are kept, and the card if there is one.
struct Outcome {
  std::vector<base::Error> errors;
  std::optional<model::Card> card;
};

Outcome outcome_of(const SharedBench& bench) {
  Outcome out;
  try {
    const auto survey = read_survey(bench, Depth::contents, false);
    REQUIRE(survey.cards.size() == 1);
    out.card = survey.cards.front();
    if (out.card->error) out.errors.push_back(*out.card->error);
    for (const auto& row : out.card->certificates)
      if (row.error) out.errors.push_back(*row.error);
  } catch (const base::Error& error) {  // anything else is no answer and fails the test
    out.errors.push_back(error);
  }
  return out;
}

/// The PKCS#11 calls of a survey in which nothing fails, as the practice module counts them.
std::vector<std::string> calls_of_a_survey() {
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Asked asked(*bench);
  const auto outcome = outcome_of(bench);
  CHECK(outcome.card->lock.kind == LockKind::master);
  std::vector<std::string> names = calls.names();
  std::erase(names, "dlopen");
  std::erase(names, "C_GetFunctionList");
  return names;
}

/// Calls whose failure nobody can miss, because all that follows rests on them.
bool decisive(const std::string& call) {
  for (const char* name : {"C_Initialize", "C_GetSlotList", "C_GetTokenInfo", "C_OpenSession",
                           "C_Login", "C_FindObjectsInit", "C_FindObjects"})
    if (call == name) return true;
  return false;
}

/// One call failing may hide what it would have shown; it never makes another kind of lock of it.
void check_no_false_verdict(const Outcome& outcome) {
  if (!outcome.card || outcome.card->state != TokenState::ready) return;
  const auto kind = outcome.card->lock.kind;
  CHECK((kind == LockKind::master || kind == LockKind::undetermined));
}

}  // namespace

TEST_CASE(
    "each call of a survey may fail: the code is told whole, and no kind of lock is made up") {
  const OwnStore store({"one"}, [](Writer& writer) { make_master(writer); });
  const auto calls = calls_of_a_survey();
  REQUIRE(calls.size() > 20);
  for (const unsigned long code : {CKR_DEVICE_REMOVED, CKR_GENERAL_ERROR, kVendorCode}) {
    for (const char* moment : {"", "!"}) {
      for (std::size_t n = 1; n <= calls.size(); ++n) {
        const auto text = fmt::format("*{}:{}={:#x}", moment, n, code);
        CAPTURE(text);
        CAPTURE(calls[n - 1]);
        const Demand demand(text);
        const auto bench = bench_over();
        const Asked asked(*bench);
        const auto outcome = outcome_of(bench);
        if (decisive(calls[n - 1])) CHECK_FALSE(outcome.errors.empty());
        const bool ends_search = calls[n - 1] == "C_FindObjectsFinal";
        for (const auto& error : outcome.errors) {
          REQUIRE(error.answer());
          if (ends_search) continue;  // the next search may be refused for it, with its own code
          CHECK(error.answer()->rv == code);
          CHECK(error.answer()->call == calls[n - 1]);
        }
        check_no_false_verdict(outcome);
        CHECK(asked.serials().size() <= 1);
      }
    }
  }
  CHECK(store.state().user_failures == 0);
}

TEST_CASE("each call of a survey may hang: it is given up in its time") {
  const OwnStore store({"one"}, [](Writer& writer) { make_master(writer); });
  auto calls = calls_of_a_survey();
  std::ranges::sort(calls);
  calls.erase(std::ranges::unique(calls).begin(), calls.end());
  constexpr auto kLimit = 400ms;
  for (const auto& call : calls) {
    CAPTURE(call);
    const Demand demand(call + ":1=hang");
    const auto bench = bench_over();
    bench->limits = p11::Limits::all(kLimit);
    bench->state_folder += "/" + call;  // a thread that hangs keeps its claim
    const Asked asked(*bench);
    const auto outcome = outcome_of(bench);
    for (const auto& error : outcome.errors) CHECK(error.code() == base::Code::module_timeout);
    if (call != "C_Finalize") CHECK_FALSE(outcome.errors.empty());
    check_no_false_verdict(outcome);
  }
}
