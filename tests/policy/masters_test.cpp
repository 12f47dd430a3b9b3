#include "policy/masters.hpp"

#include <doctest/doctest.h>

#include "tests/policy/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::policy_test;
using model::KnownMaster;
using policy::several_masters;

const base::Time kNow = at("2026-11-22T04:00:00Z");
const base::Time kBefore = at("2026-01-05T04:00:00Z");

KnownMaster known(std::string serial, std::string uscc = "91630000TEST00001X",
                  base::Time seen = kBefore) {
  KnownMaster out;
  out.token = {"ukey", "practice", std::move(serial)};
  out.label = "label";
  out.holder = "holder";
  out.uscc = std::move(uscc);
  out.seen = seen;
  return out;
}

model::Card master(const char* serial) {
  model::Card out;
  out.token.manufacturer = "ukey";
  out.token.model = "practice";
  out.token.serial = serial;
  out.token.label = "练习";
  out.lock.kind = model::LockKind::master;
  out.holder.organisation = "青海练习建设有限公司";
  out.holder.name = "name";
  out.holder.uscc = "91630000TEST00001X";
  return out;
}

}  // namespace

TEST_CASE("two main locks of one unit are a finding, one of each unit is none") {
  const auto found =
      several_masters({known("02"), known("01"), known("03", "91630000TEST00002X")}, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].uscc == "91630000TEST00001X");
  CHECK(found[0].holder == "holder");
  REQUIRE(found[0].tokens.size() == 2);
  CHECK(found[0].tokens[0].token.serial == "02");
  CHECK(several_masters({known("01"), known("03", "91630000TEST00002X")}, {}).empty());
}

TEST_CASE("a token that is remembered and plugged in is one token, and it is the one plugged in") {
  auto here = *policy::master_of(master("01"), kNow);
  CHECK(several_masters({here, known("01")}, {}).empty());
  const auto found = several_masters({known("01"), here, known("02")}, {});
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].tokens.size() == 2);
  CHECK(found[0].tokens[0].present);
  CHECK(found[0].tokens[0].seen == kNow);
  CHECK_FALSE(found[0].tokens[1].present);
  CHECK(found[0].holder == "青海练习建设有限公司");
}

TEST_CASE("of a token that is remembered twice the later entry counts") {
  auto later = known("01", "91630000TEST00001X", kNow);
  later.label = "later";
  const auto found = several_masters({later, known("01"), known("02")}, {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].tokens[0].label == "later");
}

TEST_CASE("a token that was superseded counts neither from memory nor when it is plugged in") {
  const auto here = *policy::master_of(master("01"), kNow);
  CHECK(several_masters({here, known("02")}, {"02"}).empty());
  CHECK(several_masters({here, known("02")}, {"01"}).empty());
  CHECK(several_masters({here, known("02")}, {"03"}).size() == 1);
}

TEST_CASE("tokens of two makers may have one serial number and are two") {
  auto other = known("01");
  other.token.manufacturer = "other";
  CHECK(several_masters({known("01"), other}, {}).size() == 1);
}

TEST_CASE("a main lock without a credit code is of no unit that is known") {
  CHECK(several_masters({known("01", ""), known("02", "")}, {}).empty());
}

TEST_CASE("only a complete main lock of a known unit counts as one") {
  const auto found = policy::master_of(master("01"), kNow);
  REQUIRE(found);
  CHECK(found->token == model::TokenIdentity{"ukey", "practice", "01"});
  CHECK(found->label == "练习");
  CHECK(found->present);
  for (const auto kind : {model::LockKind::partial_master, model::LockKind::sub,
                          model::LockKind::blank, model::LockKind::undetermined}) {
    auto card = master("01");
    card.lock.kind = kind;
    CHECK_FALSE(policy::master_of(card, kNow));
  }
  auto unread = master("01");
  unread.state = model::TokenState::failed;
  CHECK_FALSE(policy::master_of(unread, kNow));
  auto person = master("01");
  person.holder.uscc.reset();
  CHECK_FALSE(policy::master_of(person, kNow));
}

TEST_CASE("main locks of one serial are two when both are plugged in, or their labels tell them") {
  const auto here = *policy::master_of(master("1234"), kNow);
  CHECK(several_masters({here, here}, {}).size() == 1);
  auto other = known("0000");
  other.label = "other";
  CHECK(several_masters({known("0000"), other}, {}).size() == 1);
  CHECK(several_masters({known("0000"), known("0000")}, {}).empty());
}
