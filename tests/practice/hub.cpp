// Drawers of many tokens: numbered copies.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "fixture.hpp"
#include "practice/drawer.hpp"
#include "practice/holder_number.hpp"
#include "practice/registry.hpp"
#include "x509/number.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;
using ukey::base::Code;

namespace {

Drawer hub(const TempFolder& folder, const std::vector<std::string>& names, unsigned copies) {
  Drawer drawer(folder.path() / "drawer");
  drawer.create({.now = kNow, .names = names, .copies = copies, .force = false, .softhsm = {}});
  return drawer;
}

/// The members of these blueprints' text, to be counted.
template <typename Member>
std::set<std::string> distinct(const std::vector<Blueprint>& all, Member member) {
  std::set<std::string> values;
  for (const auto& one : all) values.insert(one.*member);
  return values;
}

}  // namespace

TEST_CASE("without a number of copies the blueprints are the catalogue") {
  const auto all = blueprints({}, 0);
  REQUIRE(all.size() == catalogue().size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(all[i].name == catalogue()[i].name);
    CHECK(all[i].label == catalogue()[i].label);
    CHECK(all[i].holder == catalogue()[i].holder);
    CHECK(all[i].stem == catalogue()[i].stem);
  }
}

TEST_CASE("copies are numbered, and no two have one name, label or holder") {
  std::vector<std::string> names;
  for (const auto& entry : catalogue()) names.emplace_back(entry.name);
  const auto all = blueprints(names, kMostCopies);
  const auto count = names.size() * kMostCopies, held = count - kMostCopies;  // blanks have none
  REQUIRE(all.size() == count);
  CHECK(distinct(all, &Blueprint::name).size() == count);
  CHECK(distinct(all, &Blueprint::label).size() == count);
  CHECK(distinct(all, &Blueprint::holder).size() == held + 1);
  CHECK(distinct(all, &Blueprint::stem).size() == held - kMostCopies + 1);  // nor experts a stem
  for (const auto& one : all) {
    CHECK(one.label.size() <= 32);
    if (!one.stem.empty()) CHECK(ukey::x509::is_uscc(credit_code(one.stem)));
    CHECK(entry_of(one.name) == one.entry);
  }
}

TEST_CASE("a number has two digits, three from a hundred copies on") {
  CHECK(blueprints({"master-due"}, 99).front().name == "master-due-01");
  CHECK(blueprints({"master-due"}, 99).front().label == "练习-企业主锁-临期-01");
  CHECK(blueprints({"master-due"}, 99).back().holder == "青海练习建设0099有限公司");
  CHECK(blueprints({"expert"}, 100).front().name == "expert-001");
  CHECK(entry_of("master")->kind == PracticeKind::master);
  for (const char* name : {"", "-01", "master-", "master-1", "master-x1", "mistress-01"}) {
    CAPTURE(name);
    CHECK(entry_of(name) == nullptr);
  }
}

TEST_CASE("copies need names, and a number up to the limit") {
  CHECK(code_of([] { return blueprints({}, 2); }) == Code::usage);
  CHECK(code_of([] { return blueprints({"blank"}, kMostCopies + 1); }) == Code::usage);
  CHECK(code_of([] { return blueprints({"blank", "blank"}, 2); }) == Code::usage);
  CHECK(code_of([] { return blueprints({"blank-01"}, 2); }) == Code::usage);
}

TEST_CASE("a hub lists its tokens by kind and number, each with certificates of its own") {
  const TempFolder folder;
  const auto drawer = hub(folder, {"sub-due", "blank"}, 2);
  const auto tokens = drawer.list();
  REQUIRE(tokens.size() == 4);
  CHECK(tokens[0].name == "sub-due-01");
  CHECK(tokens[1].name == "sub-due-02");
  CHECK(tokens[3].name == "blank-02");
  CHECK(tokens[1].kind == PracticeKind::sub_due);
  const auto issues = registry_of(drawer.authority_folder()).issues();
  REQUIRE(issues.size() == 2);
  CHECK(issues[0].token == tokens[0].serial);
  CHECK(issues[0].certificates[0].holder.uscc == credit_code("PRCT2001"));
  CHECK(issues[1].certificates[0].holder.uscc == credit_code("PRCT2002"));
  drawer.unplug("sub-due-02");
  CHECK(Loaded(drawer.folder()).slots().size() == 3);
  drawer.remove("sub-due-02");
  CHECK(drawer.list().size() == 3);
  CHECK(Loaded(drawer.folder()).slots(false).size() == 3);
}
