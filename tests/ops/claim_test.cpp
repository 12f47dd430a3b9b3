// One run at a time works on a token with its PIN; whoever only looks waits for nobody.
#include "ops/claim.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "new_pin.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Code;

namespace {

/// A token of this process: it is claimed for the whole machine.
model::TokenInfo token_info(std::string serial, std::string label = "one") {
  model::TokenInfo out;
  out.manufacturer = "maker";
  static const auto model = "model " + std::to_string(getpid());  // before any fork
  out.model = model;
  out.serial = std::move(serial);
  out.label = std::move(label);
  return out;
}

Code code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error.code();
  }
  return Code::bug;
}

bool is_free(const std::string& folder, const model::TokenInfo& token) {
  return code_of([&] { const Claim claim(folder, token); }) == Code::bug;
}

}  // namespace

TEST_CASE("a token that is claimed is busy for everybody else, until the claim ends") {
  const TempFolder folder;
  const std::string place = folder.path().string();
  const auto token = token_info("0001");
  CHECK_FALSE(is_claimed(place, token));
  {
    const Claim claim(place, token);
    CHECK(is_claimed(place, token));
    CHECK_FALSE(is_claimed(place, token_info("0002")));
    const auto error = error_of([&] { const Claim second(place, token); });
    CHECK(error.code() == Code::busy);
    CHECK(error.subject() == "one (0001)");
  }
  CHECK_FALSE(is_claimed(place, token));
  CHECK(is_free(place, token));
}

TEST_CASE("another process is held off too, and its claim ends with it") {
  const TempFolder folder;
  const std::string place = folder.path().string();
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const Claim claim(place, token_info("0001"));
    (void)!write(ready[1], "!", 1);
    for (;;) pause();
  }
  char sign = 0;
  REQUIRE(read(ready[0], &sign, 1) == 1);
  CHECK_FALSE(is_free(place, token_info("0001")));
  CHECK(is_free(place, token_info("0002")));
  kill(child, SIGKILL);
  REQUIRE(waitpid(child, nullptr, 0) == child);
  CHECK(is_free(place, token_info("0001")));
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE(
    "tokens are told apart by manufacturer, model and serial, by label where that tells nothing") {
  const TempFolder folder;
  const std::string place = folder.path().string();
  const Claim claim(place, token_info("0001"));
  CHECK_FALSE(is_free(place, token_info("0001", "renamed")));
  auto other = token_info("0001");
  other.model = "mode";
  other.serial = "l0001";
  CHECK(is_free(place, other));
  for (const char* serial : {"", "0000000000000000"}) {
    const Claim nameless(place, token_info(serial, "one"));
    CHECK_FALSE(is_free(place, token_info(serial, "one")));
    CHECK(is_free(place, token_info(serial, "two")));
  }
}

TEST_CASE("users with folders of their own are held off by the name that the machine knows") {
  const TempFolder one, other;
  const auto token = token_info("0001");
  const auto name = "ukey-test-" + std::to_string(getpid());
  const auto there = other.path().string();
  {
    const Claim claim(one.path().string(), token, name);
    const auto error = error_of([&] { const Claim second(there, token, name); });
    CHECK(error.code() == Code::busy);
    CHECK(error.subject() == "one (0001)");
    CHECK(is_free(there, token));  // who knows of no machine is not held off, and nor was it before
    CHECK(code_of([&] { const Claim second(there, token_info("0002"), name); }) == Code::bug);
    CHECK(code_of([&] { const Claim second(there, token, name + "x"); }) == Code::bug);
  }
  CHECK(code_of([&] { const Claim second(there, token, name); }) == Code::bug);
}

TEST_CASE("a claim by the machine's name ends with its process, and no name is too long") {
  const TempFolder one, other;
  const auto token = token_info("0001");
  for (const std::size_t more : {std::size_t{0}, std::size_t{500}}) {
    const auto name = "ukey-test-" + std::to_string(getpid()) + std::string(more, 'x');
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    const pid_t child = fork();
    if (child == 0) {
      const Claim claim(one.path().string(), token, name);
      (void)!write(ready[1], "!", 1);
      for (;;) pause();
    }
    char sign = 0;
    REQUIRE(read(ready[0], &sign, 1) == 1);
    CHECK(code_of([&] { const Claim mine(other.path().string(), token, name); }) == Code::busy);
    kill(child, SIGKILL);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    CHECK(code_of([&] { const Claim mine(other.path().string(), token, name); }) == Code::bug);
    close(ready[0]);
    close(ready[1]);
  }
}

TEST_CASE("the folder is made for its owner alone, and the file stays") {
  const TempFolder folder;
  const auto place = folder.path() / "state" / "ukey";
  { const Claim claim(place.string(), token_info("0001")); }
  struct stat facts {};
  for (const auto& path : {place.parent_path(), place}) {
    REQUIRE(stat(path.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 0700);
  }
  const std::vector<std::filesystem::path> files(std::filesystem::directory_iterator{place}, {});
  REQUIRE(files.size() == 1);
  REQUIRE(stat(files[0].c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
  CHECK(is_free(place.string(), token_info("0001")));
}

TEST_CASE("what cannot be kept is not claimed: no place, a file in the way, a link") {
  const TempFolder folder;
  const auto in_the_way = folder.path() / "file";
  std::ofstream{in_the_way} << "x";
  CHECK(code_of([&] { const Claim claim("", token_info("1")); }) == Code::file_io);
  const auto below = (in_the_way / "ukey").string();
  CHECK(error_of([&] { const Claim claim(below, token_info("1")); }).subject() ==
        in_the_way.string());
  CHECK(code_of([&] { const Claim claim(in_the_way.string(), token_info("1")); }) == Code::file_io);
}

TEST_CASE("a PIN goes to no token that another run works on, and none is asked for") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  bench->pin = never();
  const Calls calls(*bench);
  const Claim other(bench->state_folder + "/claims", only_token(bench).info);
  CHECK(error_of([&] { (void)verify_pin(bench); }).code() == Code::busy);
  CHECK(error_of([&] { (void)change_pin(bench, Fresh{}.how); }).code() == Code::busy);
  CHECK(error_of([&] { (void)unlock_pin(bench, never(), Fresh{}.how); }).code() == Code::busy);
  CHECK(error_of([&] { (void)read_only_card(bench, Depth::labels); }).code() == Code::busy);
  CHECK(calls.count("C_Login") == 0);
  CHECK(store.state().user_failures == 0);
}

TEST_CASE("who does not log in needs no claim and no place for one") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  const Claim other(bench->state_folder + "/claims", only_token(bench).info);
  CHECK(read_only_card(bench, Depth::labels).token.label == "one");
  CHECK(read_pin_state(bench).pin.user == model::PinLevel::ok);
  bench->state_folder.clear();
  CHECK(read_only_card(bench, Depth::labels).token.label == "one");
  bench->pin = never();
  CHECK(error_of([&] { (void)verify_pin(bench); }).code() == Code::file_io);
}

TEST_CASE("a token that was changed for another before or while the PIN was asked for gets none") {
  const OwnStore store({"one", "two"});
  const auto bench = bench_of("one");
  const Calls calls(*bench);
  static std::string other;
  other = only_token(bench_of("two")).info.serial;
  static Tap<& CK_FUNCTION_LIST::C_GetTokenInfo>* tap = nullptr;
  static bool changed = false;
  Tap<&CK_FUNCTION_LIST::C_GetTokenInfo> mine([](CK_SLOT_ID slot, CK_TOKEN_INFO* info) -> CK_RV {
    const auto rv = tap->original(slot, info);
    if (changed) std::ranges::copy(other, info->serialNumber);
    return rv;
  });
  tap = &mine;
  for (const bool so : {false, true}) {
    changed = false;
    const PinSource asked = [](const model::TokenInfo&) {
      changed = true;
      return secret("00000000");
    };
    bench->pin = asked;
    const auto error = so ? error_of([&] { (void)unlock_pin(bench, asked, Fresh{}.how); })
                          : error_of([&] { (void)verify_pin(bench); });
    CHECK(error.code() == Code::token_removed);
    CHECK(error.subject() == "one");
    if (so) continue;
    changed = false;
    CHECK(error_of([&] { (void)change_pin(bench, Fresh{}.how); }).code() == Code::token_removed);
    changed = false;
    CHECK(error_of([&] { (void)read_only_card(bench, Depth::labels); }).code() ==
          Code::token_removed);
  }
  changed = false;
  bench->reached = [](const model::TokenRef&) { changed = true; };  // before it is claimed
  const Asked unasked(*bench);
  CHECK(error_of([&] { (void)verify_pin(bench); }).code() == Code::token_removed);
  CHECK(unasked.serials().empty());
  CHECK(calls.count("C_Login") == 0);
  CHECK(calls.count("C_SetPIN") == 0);
}

TEST_CASE("a slot that cannot be read holds off an SO PIN too: it may be meant for that one") {
  const OwnStore store({"one", "two"});
  const Demand demand("C_GetTokenInfo:1=0x30");
  const auto bench = bench_over();
  CHECK(error_of([&] { (void)unlock_pin(bench, never(), Fresh{}.how); }).code() ==
        Code::ambiguous_token);
}

TEST_CASE("the claim ends with the work, done or refused") {
  const OwnStore store({"one"});
  const auto bench = bench_over();
  for (const char* pin : {"00000000", "12345678", "00000000", "12345678"}) {
    bench->pin = source_of(pin);
    CHECK((verify_pin(bench).result == model::PinResult::ok) == (std::string{pin} != "00000000"));
  }
}

TEST_CASE("whoever looks whether a token is claimed keeps nobody from claiming it") {
  const TempFolder folder;
  const auto token = token_info("0001");
  CHECK(is_free(folder.path().string(), token));  // its file is there from now on
  CHECK(!is_claimed(folder.path().string(), token));
  const auto file = std::filesystem::directory_iterator { folder.path() } -> path();
  bool claimed = false;  // a looker that this machine holds up looks longer than a claim waits
  for (int i = 0; i < 20 && !claimed; ++i) {
    const int look = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    REQUIRE(::flock(look, LOCK_SH) == 0);
    std::thread looker([look] {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      ::close(look);
    });
    try {
      const Claim claim(folder.path().string(), token);
      claimed = is_claimed(folder.path().string(), token);
    } catch (const base::Error& error) {
      CHECK(error.code() == base::Code::busy);
    }
    looker.join();
  }
  CHECK(claimed);
  CHECK(!is_claimed(folder.path().string(), token));
}
