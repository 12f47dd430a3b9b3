#include "p11/watchdog.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "p11/call.hpp"
#include "tests/p11/caught.hpp"
#include "tests/p11/fake.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using namespace std::chrono_literals;
using base::Code;
using p11::supervised;

namespace {

/// A call that lasts until it is let go.
struct Gate {
  std::atomic<bool> open{false};
  void pass() const {
    while (!open) std::this_thread::sleep_for(1ms);
  }
};

}  // namespace

TEST_CASE("supervised work gives back its result, its exception, or nothing") {
  const auto door = std::make_shared<p11::Door>();
  CHECK(supervised<int>(door, p11::Limits{}, [] { return 42; }) == 42);
  auto moved = supervised<std::unique_ptr<int>>(door, 30s, [] { return std::make_unique<int>(7); });
  CHECK(*moved == 7);
  bool ran = false;
  supervised<void>(door, p11::Limits{}, [&ran] { ran = true; });
  CHECK(ran);
  CHECK_THROWS_AS(
      supervised<int>(door, p11::Limits{}, []() -> int { throw std::out_of_range("x"); }),
      std::out_of_range);
  const auto error = error_of([&] {
    supervised<void>(door, p11::Limits{}, [] { throw base::Error(Code::pin_wrong, "k"); });
  });
  CHECK(error.code() == Code::pin_wrong);
}

TEST_CASE("work that is finished returns at once") {
  const auto door = std::make_shared<p11::Door>();
  auto shortest = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 100; ++i) {
    const auto start = std::chrono::steady_clock::now();
    CHECK(supervised<int>(door, 30s, [] { return 1; }) == 1);
    shortest = std::min(shortest, std::chrono::steady_clock::now() - start);
  }
  CHECK(shortest < 25ms);  // one pause of the watchdog is longer
}

TEST_CASE("time outside calls does not count") {
  Fake fake;
  const auto door = std::make_shared<p11::Door>();
  const auto info = supervised<model::TokenInfo>(door, p11::Limits::all(1s), [&fake, door] {
    const auto module = fake.module(door);
    std::this_thread::sleep_for(1500ms);  // someone types a PIN
    return module.token_info(7);
  });
  CHECK(info.label == "FAKE");
}

TEST_CASE("many short calls together may last longer than the limit of one") {
  Fake fake;
  const auto door = std::make_shared<p11::Door>();
  fake.token_info = [](CK_TOKEN_INFO*) {
    std::this_thread::sleep_for(150ms);
    return CKR_OK;
  };
  const int calls = supervised<int>(door, p11::Limits::all(1s), [&fake, door] {
    const auto module = fake.module(door);
    int done = 0;
    for (; done < 8; ++done) (void)module.token_info(7);
    return done;
  });
  CHECK(calls == 8);
}

TEST_CASE("what the work owns is destroyed before it returns") {
  Fake fake;
  const auto door = std::make_shared<p11::Door>();
  supervised<void>(door, p11::Limits{}, [module = fake.module(door)] { (void)module.file(); });
  CHECK(fake.finalised == 1);
}

TEST_CASE("making a key may take longer than another call, unless a limit was set for it") {
  Fake fake;
  const auto door = std::make_shared<p11::Door>();
  fake.functions.C_GenerateKeyPair = [](auto...) -> CK_RV {
    std::this_thread::sleep_for(1500ms);
    return CKR_OK;
  };
  const auto make = [&fake, door] {
    const auto module = fake.module(door);
    p11::call(module, "C_GenerateKeyPair", &CK_FUNCTION_LIST::C_GenerateKeyPair, 1UL,
              static_cast<CK_MECHANISM*>(nullptr), static_cast<CK_ATTRIBUTE*>(nullptr), 0UL,
              static_cast<CK_ATTRIBUTE*>(nullptr), 0UL, static_cast<unsigned long*>(nullptr),
              static_cast<unsigned long*>(nullptr));
  };
  supervised<void>(door, 1s, make);
  supervised<void>(door, p11::Limits{1s, 60s}, make);
  CHECK(fake.finalised == 2);
}

TEST_CASE("a call that hangs is given up with its name, and its thread does nothing more") {
  static Fake fake;  // the thread that was given up may still look at it
  static Gate gate;
  static std::atomic<int> after{0};
  Recorder recorder;
  fake.token_info = [](CK_TOKEN_INFO*) {
    gate.pass();
    return CKR_OK;
  };
  const auto start = std::chrono::steady_clock::now();
  const auto error = error_of([&] {
    supervised<void>(recorder.door, p11::Limits::all(1s), [door = recorder.door] {
      const auto module = fake.module(door);
      (void)module.token_info(7);
      ++after;
    });
  });
  CHECK(std::chrono::steady_clock::now() - start >= 1s);
  CHECK(error.code() == Code::module_timeout);
  CHECK(error.subject() == "fake");
  REQUIRE(error.answer());
  CHECK(error.answer()->call == "C_GetTokenInfo");
  CHECK(p11::any_abandoned());
  gate.open = true;
  std::this_thread::sleep_for(50ms);
  CHECK(after == 0);
  CHECK(*recorder.calls == std::vector<std::string>{"C_Initialize"});
  CHECK(fake.finalised == 0);
}

TEST_CASE("two works with one door are watched apart") {
  Fake fake;
  const auto door = std::make_shared<p11::Door>();
  const auto module = fake.module(door);
  fake.token_info = [](CK_TOKEN_INFO*) {
    std::this_thread::sleep_for(30ms);
    return CKR_OK;
  };
  std::atomic<int> done{0};
  const auto work = [&] {
    supervised<void>(door, p11::Limits::all(2s), [module, &done] {
      for (int i = 0; i < 5; ++i) (void)module.token_info(7);
      ++done;
    });
  };
  std::thread other{work};
  work();
  other.join();
  CHECK(done == 2);
}
