// What `ukey status` reads and judges of real tokens.
#include <span>

#include "contents.hpp"
#include "fixture.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using model::HolderKind;
using model::LockKind;
using model::LockReason;
using model::NextStep;
using model::PinLevel;
using model::Validity;
using model::Verdict;
using practice::Brand;
using practice::PracticeKind;

namespace {

struct Expected {
  PracticeKind kind;
  LockKind lock;
  LockReason reason;
  Verdict verdict;
  NextStep next_step;
};

constexpr Expected kExpected[] = {
    {PracticeKind::master_due, LockKind::master, LockReason::all_found, Verdict::open,
     NextStep::renew_now},
    {PracticeKind::master, LockKind::master, LockReason::all_found, Verdict::too_early,
     NextStep::wait},
    {PracticeKind::sub_due, LockKind::sub, LockReason::none_found, Verdict::open,
     NextStep::renew_now},
    {PracticeKind::master_expired, LockKind::master, LockReason::all_found, Verdict::expired,
     NextStep::first_issue},
    {PracticeKind::jsca, LockKind::master, LockReason::all_found, Verdict::ca_not_renewable,
     NextStep::first_issue},
    {PracticeKind::master_no_legal_seal, LockKind::partial_master, LockReason::some_missing,
     Verdict::open, NextStep::renew_now},
    {PracticeKind::expert, LockKind::master, LockReason::all_found, Verdict::open,
     NextStep::renew_now},
    {PracticeKind::locked, LockKind::master, LockReason::all_found, Verdict::too_early,
     NextStep::wait},
    {PracticeKind::blank, LockKind::blank, LockReason::nothing_on_token, Verdict::no_certificate,
     NextStep::first_issue}};

std::string ca_id(Brand brand) {
  if (brand == Brand::hbca) return "hbca";
  return brand == Brand::jsca ? "jsca" : "bjca";
}

void check_certificates(const model::Card& card, const practice::Entry& entry) {
  REQUIRE(card.certificates.size() == 2);
  for (const auto& row : card.certificates) {
    CHECK_FALSE(row.error);
    CHECK(row.current);
    CHECK(row.days_left == std::chrono::days(entry.days_left));
    CHECK(row.state == (entry.days_left < 0 ? Validity::expired : Validity::valid));
    CHECK(row.key_id.size() == 40);
    CHECK_FALSE(row.has_private_key);
  }
  CHECK(card.certificates[0].certificate.role != card.certificates[1].certificate.role);
  CHECK(card.holder.name == std::string{entry.holder});
  const bool person = entry.stem.empty();
  CHECK(card.holder.kind == (person ? HolderKind::individual : HolderKind::enterprise));
  CHECK(card.holder.uscc.has_value() != person);
  CHECK(card.holder.person_id.has_value() == person);
  CHECK(card.ca.id == ca_id(entry.brand));
  CHECK(card.ca.renewable == (entry.brand != Brand::jsca));
  CHECK(card.renewal.days_left == std::chrono::days(entry.days_left));
}

void check_card(const model::Card& card, const practice::Entry& entry) {
  CHECK(card.state == model::TokenState::ready);
  CHECK_FALSE(card.error);
  CHECK(card.token.profile == "practice");
  CHECK(card.token.manufacturer == "ukey");
  CHECK(card.token.modules == std::vector<std::string>{kModule});
  CHECK(card.token.uri.starts_with("pkcs11:"));
  CHECK(card.pin.user == (entry.locked ? PinLevel::locked : PinLevel::ok));
  CHECK(card.pin.so == PinLevel::ok);
  CHECK(card.pin.retry_limit == 6u);
  CHECK(card.pin.min_length == 4ul);
  CHECK(card.lock.basis == model::LockBasis::label);
  if (!entry.holder.empty()) {
    check_certificates(card, entry);
    return;
  }
  CHECK(card.certificates.empty());
  CHECK(card.holder.kind == HolderKind::unknown);
  CHECK(card.ca.id == "unknown");
  CHECK_FALSE(card.renewal.days_left);
  CHECK_FALSE(card.renewal.closes);
}

model::Card card_at(std::string_view name, std::string_view time) {
  auto bench = bench_of(label_of(name));
  bench->as_of = at(time);
  return read_only_card(bench, Depth::labels);
}

/// Who asked for the contents of a data object, and how many objects were asked at all.
struct Onlooker {
  CK_C_GetAttributeValue original = nullptr;
  int asked = 0, contents = 0;
} witness;

CK_RV watched(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* list,
              unsigned long count) {
  unsigned long object_class = 0;
  CK_ATTRIBUTE by_class{CKA_CLASS, &object_class, sizeof object_class};
  const bool known = witness.original(session, object, &by_class, 1) == CKR_OK;
  ++witness.asked;
  for (const auto& one : std::span(list, count)) {
    const bool contents = one.type == CKA_VALUE && one.pValue != nullptr;
    witness.contents += known && object_class == CKO_DATA && contents;
  }
  return witness.original(session, object, list, count);
}

}  // namespace

TEST_CASE("the nine practice tokens are read and judged as the catalogue says") {
  const NineTokens tokens;
  const auto survey = read_survey(bench_over(), Depth::labels, false);
  CHECK(survey.cards.size() == 9);
  REQUIRE(survey.modules.size() == 1);
  CHECK(survey.modules.front().state == model::ModuleState::ready);
  for (const auto& expected : kExpected) {
    const auto& entry = practice::catalogue()[static_cast<std::size_t>(expected.kind)];
    CAPTURE(std::string{entry.name});
    const auto& card = card_of(survey, entry.label);
    check_card(card, entry);
    CHECK(card.lock.kind == expected.lock);
    CHECK(card.lock.reason == expected.reason);
    CHECK(card.renewal.verdict == expected.verdict);
    CHECK(card.renewal.next_step == expected.next_step);
  }
  const auto& partial = card_of(survey, label_of("master-no-legal-seal"));
  CHECK(partial.lock.missing == std::vector{model::SealRole::legal_rep});
}

TEST_CASE("the same tokens have the same kinds of lock when the seals' contents are read") {
  const NineTokens tokens;
  const auto survey = read_survey(bench_over(), Depth::contents, false);
  for (const auto& expected : kExpected) {
    const auto& entry = practice::catalogue()[static_cast<std::size_t>(expected.kind)];
    CAPTURE(std::string{entry.name});
    const auto& card = card_of(survey, entry.label);
    CHECK(card.lock.kind == expected.lock);
    CHECK(card.lock.basis == model::LockBasis::content);
    for (const auto& evidence : card.lock.evidence) {
      CHECK(evidence.format.has_value() == evidence.found);
      if (evidence.found) CHECK(evidence.reason == model::EvidenceReason::by_content);
    }
  }
}

TEST_CASE("the window of a token opens and closes to the second, in Beijing time") {
  const NineTokens tokens;
  struct Instant {
    const char* time;
    Verdict verdict;
    int days_left;
    Validity state;
  };
  constexpr Instant kInstants[] = {
      {"2025-12-11T15:59:59Z", Verdict::not_yet_valid, 366, Validity::not_yet_valid},
      {"2025-12-11T16:00:00Z", Verdict::too_early, 365, Validity::valid},
      {"2026-11-11T15:59:59Z", Verdict::too_early, 31, Validity::valid},
      {"2026-11-11T16:00:00Z", Verdict::open, 30, Validity::valid},
      {"2026-12-12T15:59:59Z", Verdict::open, 0, Validity::valid},
      {"2026-12-12T16:00:00Z", Verdict::expired, -1, Validity::expired}};
  for (const auto& instant : kInstants) {
    CAPTURE(instant.time);
    const auto card = card_at("master-due", instant.time);
    CHECK(card.renewal.verdict == instant.verdict);
    CHECK(card.renewal.opens == at("2026-11-11T16:00:00Z"));
    CHECK(card.renewal.closes == at("2026-12-12T15:59:59Z"));
    CHECK(card.renewal.days_left == std::chrono::days(instant.days_left));
    CHECK(card.certificates.at(0).state == instant.state);
    CHECK(card.lock.kind == LockKind::master);
  }
  CHECK(card_at("jsca", "2025-12-11T15:59:59Z").renewal.verdict == Verdict::not_yet_valid);
  CHECK(card_at("jsca", "2026-12-12T16:00:00Z").renewal.verdict == Verdict::ca_not_renewable);
}

TEST_CASE("a survey of one master takes no call more than it must, and no seal's contents") {
  const OwnStore store({"master"}, [](Writer& writer) { make_master(writer); });
  const auto bench = bench_over();
  const Calls calls(*bench);
  const Tap<&CK_FUNCTION_LIST::C_GetAttributeValue> tap(&watched);
  witness = {tap.original, 0, 0};
  const auto survey = read_survey(bench, Depth::labels, false);
  CHECK(survey.cards.at(0).lock.kind == LockKind::master);
  CHECK(calls.names() == std::vector<std::string>{"dlopen",
                                                  "C_GetFunctionList",
                                                  "C_Initialize",
                                                  "C_GetSlotList",
                                                  "C_GetTokenInfo",
                                                  "C_OpenSession",  //
                                                  "C_FindObjectsInit",
                                                  "C_FindObjects",
                                                  "C_FindObjects",
                                                  "C_FindObjectsFinal",  //
                                                  "C_GetAttributeValue",
                                                  "C_GetAttributeValue",  // two certificates
                                                  "C_FindObjectsInit",
                                                  "C_FindObjects",
                                                  "C_FindObjects",
                                                  "C_FindObjectsFinal",  // seals
                                                  "C_GetAttributeValue",
                                                  "C_GetAttributeValue",
                                                  "C_GetAttributeValue",
                                                  "C_CloseSession",
                                                  "C_Finalize"});
  CHECK(witness.asked == 5);
  CHECK(witness.contents == 0);
}

TEST_CASE("each seal's contents are read once where they are asked for") {
  const OwnStore store({"master"}, [](Writer& writer) {
    make_master(writer);
    put_data(writer, "a note", octets("not a seal by its label"));
  });
  const Tap<&CK_FUNCTION_LIST::C_GetAttributeValue> tap(&watched);
  witness = {tap.original, 0, 0};
  const auto card = read_only_card(bench_over(), Depth::contents);
  CHECK(card.lock.kind == LockKind::master);
  CHECK(witness.asked == 9);
  CHECK(witness.contents == 3);
}

TEST_CASE("who a token is and how its PINs stand takes no session") {
  const NineTokens tokens;
  const auto bench = bench_over();
  const Calls calls(*bench);
  const auto survey = read_survey(bench, Depth::identity, false);
  CHECK(survey.cards.size() == 9);
  CHECK(card_of(survey, label_of("locked")).pin.user == PinLevel::locked);
  CHECK(card_of(survey, label_of("master")).certificates.empty());
  CHECK(calls.count("C_GetTokenInfo") == 9);
  CHECK(calls.count("C_OpenSession") == 0);
}
