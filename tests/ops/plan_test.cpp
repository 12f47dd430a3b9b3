// The plan of a batch over real tokens.
#include "ops/plan.hpp"

#include <fstream>

#include "contents.hpp"
#include "fixture.hpp"
#include "ledger/journal.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using model::PlanVerdict;

namespace {

model::ManifestRow row(unsigned line, std::string serial, std::string label = {}) {
  model::ManifestRow out;
  out.line = line;
  out.serial = std::move(serial);
  out.label = std::move(label);
  return out;
}

std::string serial_of(std::string_view name) {
  const auto survey = read_survey(bench_over(), Depth::identity, false);
  return card_of(survey, label_of(name)).token.serial;
}

/// The only item of the token with this label.
const model::PlanItem& planned(const model::Plan& plan, std::string_view label) {
  const model::PlanItem* found = nullptr;
  for (const auto& item : plan.items)
    if (item.card && item.card->token.label == label) {
      CHECK(found == nullptr);
      found = &item;
    }
  REQUIRE(found != nullptr);
  return *found;
}

PlanVerdict verdict_of(const model::Plan& plan, std::string_view name) {
  return planned(plan, label_of(name)).verdict;
}

model::Plan plan_of(std::vector<model::ManifestRow> rows, bool has_pin = true) {
  return make_plan(bench_over(), model::Manifest{"m.csv", std::move(rows)}, {has_pin, {}});
}

}  // namespace

TEST_CASE("without a manifest every initialised token is an item, with its verdict") {
  const NineTokens tokens;
  const auto plan = make_plan(bench_over({kModule, softhsm()}), {}, {true, {}});
  CHECK(plan.items.size() == 9);
  CHECK(plan.modules.size() == 2);
  CHECK(plan.masters.empty());
  for (const char* name : {"master-due", "sub-due", "master-no-legal-seal", "expert"})
    CHECK(verdict_of(plan, name) == PlanVerdict::renew);
  CHECK(verdict_of(plan, "master") == PlanVerdict::not_due);
  CHECK(verdict_of(plan, "master-expired") == PlanVerdict::expired);
  CHECK(verdict_of(plan, "jsca") == PlanVerdict::wrong_ca);
  CHECK(verdict_of(plan, "locked") == PlanVerdict::not_due);
  CHECK(verdict_of(plan, "blank") == PlanVerdict::no_certificate);
  for (const auto& item : plan.items) {
    CHECK_FALSE(item.line);
    CHECK(item.selector == item.card->token.serial);
    CHECK_FALSE(item.error);
  }
}

TEST_CASE("a locked PIN is said once the token is due") {
  const NineTokens tokens;
  auto bench = bench_over();
  bench->as_of = at("2027-02-20T04:00:00Z");
  CHECK(verdict_of(make_plan(bench, {}, {true, {}}), "locked") == PlanVerdict::locked);
}

TEST_CASE("a plan logs in nowhere and asks no PIN source") {
  const NineTokens tokens;
  const auto bench = bench_over();
  const Asked asked(*bench);
  const Calls calls(*bench);
  CHECK(verdict_of(make_plan(bench, {}, {}), "master-due") == PlanVerdict::no_pin);
  CHECK(asked.serials().empty());
  CHECK(calls.count("C_Login") == 0);
  CHECK(calls.count("C_OpenSession") == 9);
}

TEST_CASE("rows come in their order, then the tokens that none of them names") {
  const NineTokens tokens;
  auto bad = row(5, "bad");
  bad.error = base::Error{base::Code::bad_input, "m.csv:5"};
  const auto plan =
      plan_of({row(2, "nowhere"), row(3, "", label_of("expert")), row(4, serial_of("sub-due")), bad,
               row(6, serial_of("sub-due"), label_of("sub-due"))});
  REQUIRE(plan.items.size() == 12);
  const PlanVerdict expected[] = {PlanVerdict::not_present, PlanVerdict::renew, PlanVerdict::renew,
                                  PlanVerdict::bad_row, PlanVerdict::repeated};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(plan.items[i].line == i + 2);
    CHECK(plan.items[i].verdict == expected[i]);
    CHECK(plan.items[i].card.has_value() == (expected[i] == PlanVerdict::renew));
  }
  CHECK(plan.items[1].selector == label_of("expert"));
  REQUIRE(plan.items[3].error);
  CHECK(plan.items[3].error->subject() == "m.csv:5");
  for (std::size_t i = 5; i < 12; ++i) {
    CHECK_FALSE(plan.items[i].line);
    CHECK(plan.items[i].verdict == PlanVerdict::unknown_token);
  }
  CHECK(verdict_of(plan, "master-due") == PlanVerdict::unknown_token);
}

TEST_CASE("a row's own PIN source is one for its token alone") {
  const NineTokens tokens;
  auto by_file = row(2, "", label_of("master-due"));
  by_file.pin_file = "/nonexistent";
  auto by_variable = row(3, "", label_of("sub-due"));
  by_variable.pin_env = "NOT_SET";
  const auto plan = plan_of({by_file, by_variable, row(4, "", label_of("expert"))}, false);
  CHECK(verdict_of(plan, "master-due") == PlanVerdict::renew);
  CHECK(verdict_of(plan, "sub-due") == PlanVerdict::renew);
  CHECK(verdict_of(plan, "expert") == PlanVerdict::no_pin);
}

TEST_CASE("a label that two tokens have is ambiguous, and neither of them is renewed") {
  const OwnStore store({"twin", "twin"}, [](Writer& writer) { make_master(writer); });
  const auto plan = plan_of({row(2, "", "twin"), row(3, store.serials[0], "twin")});
  REQUIRE(plan.items.size() == 3);
  CHECK(plan.items[0].verdict == PlanVerdict::ambiguous);
  CHECK_FALSE(plan.items[0].card);
  CHECK(plan.items[1].card->token.serial == store.serials[0]);
  CHECK(plan.items[2].verdict == PlanVerdict::unknown_token);
}

TEST_CASE("with a selector only its token is planned, and the rows that are of it or bad") {
  const NineTokens tokens;
  auto bad = row(4, "bad");
  bad.error = base::Error{base::Code::bad_input, "m.csv:4"};
  const model::Manifest manifest{"m.csv", {row(2, "", label_of("expert")), row(3, "nowhere"), bad}};
  const auto plan = make_plan(bench_of(label_of("expert")), manifest, {true, {}});
  REQUIRE(plan.items.size() == 2);
  CHECK(plan.items[0].verdict == PlanVerdict::renew);
  CHECK(plan.items[1].verdict == PlanVerdict::bad_row);
  const auto error = error_of([] { (void)make_plan(bench_of("nowhere"), {}, {}); });
  CHECK(error.code() == base::Code::no_token);
  CHECK(error.subject() == "nowhere");
}

TEST_CASE("no token at all is an error, but not with a manifest: its rows are not present") {
  const OwnStore store({});
  CHECK(error_of([] { (void)make_plan(bench_over(), {}, {}); }).code() == base::Code::no_token);
  const auto plan = plan_of({row(2, "01")});
  REQUIRE(plan.items.size() == 1);
  CHECK(plan.items[0].verdict == PlanVerdict::not_present);
  CHECK(plan_of({}).items.empty());
}

TEST_CASE("a token that cannot be read is unknown, with the reason, and the others are planned") {
  const NineTokens tokens;
  const Demand demand("C_OpenSession:3=0x30");
  const auto plan = make_plan(bench_over(), {}, {true, {}});
  CHECK(plan.items.size() == 9);
  const auto failed = std::ranges::count_if(plan.items, [](const model::PlanItem& item) {
    CHECK((item.verdict == PlanVerdict::unknown_token) == item.error.has_value());
    return item.error.has_value();
  });
  CHECK(failed == 1);
}

TEST_CASE("a token with an interrupted renewal waits for its resume, also with a broken record") {
  const OwnStore store({"one", "two"}, [](Writer& writer) { make_master(writer); });
  const TempFolder state;
  auto bench = bench_over();
  bench->state_folder = state.path().string();
  bench->as_of = at("2027-01-20T04:00:00Z");
  ledger::Record record;
  record.manufacturer = "ukey";
  record.serial = store.serials[0];
  record.begun = record.changed = made();
  record.items.emplace_back().key_id = {1};
  const auto present = find_tokens(bench).tokens;
  for (const auto& token : present)
    if (token.info.serial == store.serials[0]) {
      record.manufacturer = token.info.manufacturer;
      record.model = token.info.model;
      record.label = token.info.label;
    }
  const auto journal = ledger::Journal::begin(bench->state_folder, record);
  auto plan = make_plan(bench, {}, {true, {}});
  CHECK(planned(plan, "one").verdict == PlanVerdict::interrupted);
  CHECK_FALSE(planned(plan, "one").error);
  CHECK(planned(plan, "two").verdict != PlanVerdict::interrupted);
  std::ofstream{journal.path()} << "{";
  plan = make_plan(bench, {}, {true, {}});
  CHECK(planned(plan, "one").verdict == PlanVerdict::interrupted);
  REQUIRE(planned(plan, "one").error);
  CHECK(planned(plan, "one").error->code() == base::Code::ledger);
}

TEST_CASE("a main lock that is remembered and one that is plugged in are a finding, and no bar") {
  const NineTokens tokens;
  const auto survey = read_survey(bench_over(), Depth::labels, false);
  const auto uscc = card_of(survey, label_of("master-due")).holder.uscc.value();
  std::vector<std::string> asked;
  PlanOptions options{
      true, [&](const std::vector<std::string>& usccs) {
        asked = usccs;
        MasterMemory out;
        out.masters.push_back({{"ukey", "lost", "0001"}, "lost", "holder", uscc, made(), false});
        return out;
      }};
  const auto plan = make_plan(bench_over(), {}, options);
  CHECK(asked.size() == 5);
  CHECK(std::ranges::is_sorted(asked));
  REQUIRE(plan.masters.size() == 1);
  CHECK(plan.masters[0].uscc == uscc);
  CHECK(plan.masters[0].tokens.size() == 2);
  CHECK(verdict_of(plan, "master-due") == PlanVerdict::renew);
  options.remembered = [&](const auto&) {
    MasterMemory out;
    out.superseded = {"0001"};
    return out;
  };
  CHECK(make_plan(bench_over(), {}, options).masters.empty());
}
