#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "base/error.hpp"
#include "fixture.hpp"
#include "practice/drawer.hpp"
#include "practice/factory.hpp"
#include "practice/holder_number.hpp"
#include "practice/registry.hpp"
#include "x509/number.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;
using ukey::base::Code;
using ukey::base::Error;
using ukey::base::rfc3339;
using ukey::base::Time;

namespace {

Drawer small_drawer(const TempFolder& folder) {
  Drawer drawer(folder.path() / "drawer");
  drawer.create({.now = kNow, .names = {"blank"}, .force = false, .softhsm = {}});
  return drawer;
}

}  // namespace

TEST_CASE("dates are exact at the ends of days and in leap years") {
  const auto at = [](const char* now, int days) {
    const auto dates = term(*ukey::base::parse_time(now, {}), days);
    return rfc3339(dates.not_before) + " " + rfc3339(dates.not_after);
  };
  CHECK(at("2026-11-22T15:59:59Z", 20) == "2025-12-11T16:00:00Z 2026-12-12T15:59:59Z");
  CHECK(at("2026-11-22T16:00:00Z", 20) == "2025-12-12T16:00:00Z 2026-12-13T15:59:59Z");
  CHECK(at("2028-02-28T16:00:00Z", 0) == "2027-02-27T16:00:00Z 2028-02-29T15:59:59Z");
  CHECK(at("2026-01-10T00:00:00Z", -15) == "2024-12-25T16:00:00Z 2025-12-26T15:59:59Z");
}

TEST_CASE("holders' numbers have right check characters") {
  for (const auto& entry : catalogue()) {
    if (!entry.stem.empty()) CHECK(ukey::x509::is_uscc(credit_code(entry.stem)));
  }
  CHECK(credit_code("PRACT001").starts_with("91630000PRACT001"));
  CHECK(ukey::x509::is_resident_id(fictitious_person_id(1)));
  CHECK(ukey::x509::is_resident_id(fictitious_person_id(999)));
  CHECK(code_of([] { return credit_code("PRACTICE"); }) == Code::bug);
  CHECK(code_of([] { return credit_code("P"); }) == Code::bug);
}

TEST_CASE("plugging and unplugging keeps the token and is seen by the module") {
  const TempFolder folder;
  const auto drawer = small_drawer(folder);
  const Loaded module(drawer.folder());
  CHECK(module.slots().size() == 1);
  drawer.unplug("blank");
  CHECK(!drawer.list().at(0).plugged);
  CHECK(module.slots().empty());
  drawer.plug(drawer.list().at(0).serial);
  CHECK(drawer.list().at(0).plugged);
  CHECK(module.login(module.open(module.slots().at(0)), CKU_USER, kUserPin) == CKR_OK);
  CHECK(code_of([&] { drawer.plug("master"); }) == Code::no_token);
}

TEST_CASE("an existing drawer is replaced only by force") {
  const TempFolder folder;
  const auto drawer = small_drawer(folder);
  const auto serial = drawer.list().at(0).serial;
  CreateRequest request{.now = kNow, .names = {"blank"}, .force = false, .softhsm = {}};
  CHECK(code_of([&] { drawer.create(request); }) == Code::usage);
  CHECK(drawer.list().at(0).serial == serial);
  request.force = true;
  CHECK(drawer.create(request).at(0).serial != serial);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("of several who make one drawer at once one does, and the others find it there") {
  const TempFolder folder;
  const auto make = [&](bool force) {
    const Drawer drawer(folder.path() / "drawer");
    try {
      drawer.create({.now = kNow, .names = {"blank"}, .force = force, .softhsm = {}});
      return 0;
    } catch (const Error& error) {
      return error.code() == Code::usage ? 2 : 1;
    }
  };
  const auto race = [&](bool force) {
    std::vector<pid_t> children;
    for (int i = 0; i < 3; ++i) {
      const auto child = ::fork();
      if (child == 0) ::_exit(make(force));
      children.push_back(child);
    }
    std::vector<int> statuses;
    for (const auto child : children) {
      int status = -1;
      ::waitpid(child, &status, 0);
      statuses.push_back(WEXITSTATUS(status));
    }
    std::ranges::sort(statuses);
    return statuses;
  };
  CHECK(race(false) == std::vector{0, 2, 2});
  CHECK(Drawer(folder.path() / "drawer").list().size() == 1);
  CHECK(race(true) == std::vector{0, 0, 0});
  CHECK(Drawer(folder.path() / "drawer").list().size() == 1);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("the register of a new drawer holds both certificates of each token that has some") {
  const TempFolder folder;
  const Drawer drawer(folder.path() / "drawer");
  drawer.create({.now = kNow, .names = {"blank", "expert"}, .force = false, .softhsm = {}});
  const auto issues = registry_of(drawer.authority_folder()).issues();
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].token == drawer.list().at(0).serial);
  CHECK(issues[0].brand == Brand::hbca);
  CHECK(issues[0].state == IssueState::confirmed);
  REQUIRE(issues[0].certificates.size() == 2);
  CHECK(issues[0].certificates[0].role == ukey::model::Role::sign);
  CHECK(issues[0].certificates[1].role == ukey::model::Role::encrypt);
}

TEST_CASE("a folder that holds something else is neither filled nor removed, even by force") {
  const TempFolder folder;
  std::ofstream(folder.path() / "letter.txt") << "dear";
  const Drawer drawer(folder.path());
  const CreateRequest request{.now = kNow, .names = {"blank"}, .force = true, .softhsm = {}};
  CHECK(code_of([&] { drawer.create(request); }) == Code::bad_input);
  CHECK(code_of([&] { drawer.remove_all(); }) == Code::bad_input);
  CHECK(std::filesystem::exists(folder.path() / "letter.txt"));
  CHECK(code_of([&] { Drawer(folder.path() / "none").remove_all(); }) == Code::no_token);
  CHECK(Drawer(folder.path() / "none").list().empty());
}

TEST_CASE("unknown and repeated names are refused before anything is made") {
  const TempFolder folder;
  const Drawer drawer(folder.path() / "drawer");
  for (const auto& names : {std::vector<std::string>{"mistress"}, {"blank", "blank"}, {""}}) {
    CHECK(code_of([&] {
            drawer.create({.now = kNow, .names = names, .force = false, .softhsm = {}});
          }) == Code::usage);
  }
  CHECK(code_of([&] {
          drawer.create({.now = kNow, .names = {}, .force = false, .softhsm = "/nonexistent.so"});
        }) == Code::no_module);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("one token can be removed, and so can the drawer; a folder name may end in a slash") {
  const TempFolder folder;
  const Drawer drawer(folder.path() / "drawer/");
  drawer.create({.now = kNow, .names = {"blank", "expert"}, .force = false, .softhsm = {}});
  drawer.remove("blank");
  REQUIRE(drawer.list().size() == 1);
  CHECK(drawer.list().at(0).name == "expert");
  CHECK(code_of([&] { drawer.remove("blank"); }) == Code::no_token);
  {
    const Loaded module(drawer.folder());
    CHECK(module.slots().size() == 1);
  }
  drawer.remove_all();
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a drawer may be moved and copied: nothing in it names its place") {
  const TempFolder folder;
  const auto drawer = small_drawer(folder);
  std::filesystem::copy(drawer.folder(), folder.path() / "copy",
                        std::filesystem::copy_options::recursive);
  drawer.remove_all();
  const Loaded module(folder.path() / "copy");
  CHECK(module.slots().size() == 1);
}
