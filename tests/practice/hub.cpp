// Drawers of many tokens: numbered copies, and processes that use a few of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <set>
#include <thread>

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

CK_SLOT_ID slot_of(const Loaded& module, const std::string& serial) {
  for (const auto slot : module.slots()) {
    const auto info = module.token_info(slot);
    if (std::string(std::begin(info.serialNumber), std::end(info.serialNumber)) == serial)
      return slot;
  }
  FAIL("no token " << serial);
  return 0;
}

/// The members of these blueprints' text, to be counted.
template <typename Member>
std::set<std::string> distinct(const std::vector<Blueprint>& all, Member member) {
  std::set<std::string> values;
  for (const auto& one : all) values.insert(one.*member);
  return values;
}

/// Logs in and writes an object; 0 when both worked.
int use(const Loaded& module, CK_SLOT_ID slot) {
  const auto session = module.open(slot);
  if (module.login(session, CKU_USER, kUserPin) != CKR_OK) return 1;
  Template object;
  object.number(CKA_CLASS, CKO_DATA).flag(CKA_TOKEN, true).text(CKA_LABEL, "note");
  auto attributes = object.attributes();
  CK_OBJECT_HANDLE handle = 0;
  const auto size = attributes.size();
  return module->C_CreateObject(session, attributes.data(), size, &handle) == CKR_OK ? 0 : 2;
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

TEST_CASE("a process reads the tokens that it uses and no other") {
  const TempFolder folder;
  const auto drawer = hub(folder, {"blank"}, 2);
  const auto tokens = drawer.list();
  const Loaded module(drawer.folder());
  const auto used = slot_of(module, tokens[0].serial), other = slot_of(module, tokens[1].serial);
  std::filesystem::remove_all(own_store(drawer.folder(), tokens[1].serial));
  CHECK(use(module, used) == 0);
  CHECK(module.slots().size() == 2);
  CK_SESSION_HANDLE session = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION;
  CHECK(module->C_OpenSession(other, flags, nullptr, nullptr, &session) != CKR_OK);
  CHECK(module->C_CloseAllSessions(other) == CKR_OK);
}

TEST_CASE("a token says the same of itself before and after SoftHSM has read it") {
  const TempFolder folder;
  const auto drawer = hub(folder, {"blank"}, 1);
  const auto has_pin = [&] {
    const Loaded module(drawer.folder());
    const auto slot = module.slots().at(0);
    const auto before = module.token_info(slot);
    CHECK(module->C_CloseSession(module.open(slot)) == CKR_OK);
    const auto after = module.token_info(slot);
    CHECK(std::memcmp(&before, &after, sizeof before) == 0);
    return (before.flags & CKF_USER_PIN_INITIALIZED) != 0;
  };
  CHECK(has_pin());
  std::string label(32, ' ');
  label.replace(0, 3, "new");
  {
    const Loaded module(drawer.folder());
    CHECK(module->C_InitToken(module.slots().at(0), Loaded::octets(kSoPin), kSoPin.size(),
                              Loaded::octets(label)) == CKR_OK);
  }
  CHECK(!has_pin());
  CHECK(drawer.list().at(0).label == "new");
  {
    const Loaded module(drawer.folder());
    const auto session = module.open(module.slots().at(0));
    REQUIRE(module.login(session, CKU_SO, kSoPin) == CKR_OK);
    CHECK(module->C_InitPIN(session, Loaded::octets(kUserPin), kUserPin.size()) == CKR_OK);
  }
  CHECK(has_pin());
}

TEST_CASE("two tokens whose serials end alike have slots of their own") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "state");
  for (const char* serial : {"00000000aaaaaaaa", "11111111aaaaaaaa"}) {
    std::filesystem::create_directories(own_store(folder.path(), serial));
    std::ofstream(state_path(folder.path(), serial)) << "label " << serial << "\n";
  }
  std::filesystem::create_directories(store_path(folder.path()) / "notes");
  const Loaded module(folder.path());
  const auto slots = module.slots();
  REQUIRE(slots.size() == 2);
  CHECK(slots[0] != slots[1]);
  CHECK(slot_of(module, "11111111aaaaaaaa") == slots[1]);
}

TEST_CASE("of several tokens that come and go each is told") {
  const Store store({"one", "two", "three"});
  const Loaded module(store.folder.path());
  store.unplug(0);
  store.unplug(2);
  std::set<CK_SLOT_ID> told;
  CK_SLOT_ID slot = 0;
  while (module->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, nullptr) == CKR_OK) told.insert(slot);
  CHECK(told.size() == 2);
  for (const auto present : module.slots()) CHECK(!told.contains(present));
}

TEST_CASE("a token that another process is just writing is read once it is whole") {
  const Store store({"one"});
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store.folder.path()))
    if (entry.path().filename() == "token.object") file = entry.path();
  const auto kept = file.parent_path() / "kept";
  std::filesystem::rename(file, kept);
  const Loaded module(store.folder.path());
  const auto slot = module.slots().at(0);

  SUBCASE("whole again in a moment") {
    CK_RV rv = CKR_DEVICE_ERROR;  // of a writer that this machine holds up too long
    for (int i = 0; i < 20 && rv != CKR_OK; ++i) {
      if (i > 0) std::filesystem::rename(file, kept);
      std::ofstream{file};
      std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        std::filesystem::rename(kept, file);
      });
      CK_SESSION_HANDLE session = 0;
      rv = module->C_OpenSession(slot, CKF_SERIAL_SESSION, nullptr, nullptr, &session);
      if (rv == CKR_OK) CHECK(module->C_CloseSession(session) == CKR_OK);
      writer.join();
    }
    CHECK(rv == CKR_OK);
  }
  SUBCASE("never whole again") {
    CK_SESSION_HANDLE session = 0;
    const auto flags = CKF_SERIAL_SESSION;
    CHECK(module->C_OpenSession(slot, flags, nullptr, nullptr, &session) == CKR_DEVICE_ERROR);
  }
}

TEST_CASE("eight processes work on a token each while another lists them all") {
  const TempFolder folder;
  const auto drawer = hub(folder, {"blank"}, 8);
  const auto tokens = drawer.list();
  std::vector<pid_t> children;
  for (const auto& token : tokens) {
    const auto child = ::fork();
    if (child == 0) {
      const Loaded module(drawer.folder());
      for (int i = 0; i < 5; ++i) {
        if (const int failed = use(module, slot_of(module, token.serial))) ::_exit(failed);
        const auto slot = slot_of(module, token.serial);
        if (module->C_CloseAllSessions(slot) != CKR_OK) ::_exit(3);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  {
    const Loaded module(drawer.folder());
    CHECK(module.slots().size() == 8);
    for (const auto slot : module.slots())
      CHECK(module->C_CloseSession(module.open(slot)) == CKR_OK);
  }
  for (const auto child : children) {
    int status = -1;
    ::waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  for (const auto& token : tokens)
    CHECK(read_state(state_path(drawer.folder(), token.serial)).user_failures == 0);
}
