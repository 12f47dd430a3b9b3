// What waits for a server has a limit.
#include "ledger/courier.hpp"

#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Courier;
using std::chrono::milliseconds;

constexpr milliseconds kLong{60'000};

}  // namespace

TEST_CASE("a courier that is back in time brings what the work returns or throws") {
  Courier courier;
  CHECK(courier.within<int>(kLong, [] { return 7; }) == 7);
  const auto error = thrown([&] {
    courier.within<void>(kLong, [] { throw base::Error{base::Code::ledger, "x"}; });
  });
  CHECK(error.value().subject() == "x");
  CHECK(courier.within<int>(kLong, [] { return 8; }) == 8);
}

TEST_CASE("a courier that is late is given up for good, and what it holds goes when it is back") {
  Courier courier;
  const auto gate = std::make_shared<std::promise<void>>();
  auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  const auto late = thrown([&] {
    courier.within<void>(milliseconds{20},
                         [gate, kept = std::move(held)] { gate->get_future().wait(); });
  });
  CHECK(late.value().code() == base::Code::ledger);
  CHECK(late.value().cause() == base::Cause::unreachable);
  CHECK(ledger::any_given_up());
  const auto again = thrown([&] { courier.within<void>(kLong, [] {}); });
  CHECK(again.value().cause() == base::Cause::unreachable);
  CHECK_FALSE(watched.expired());
  gate->set_value();
  for (int i = 0; i < 1000 && !watched.expired(); ++i) std::this_thread::sleep_for(milliseconds{5});
  CHECK(watched.expired());
}
