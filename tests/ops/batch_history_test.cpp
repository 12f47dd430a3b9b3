#include "ops/batch_history.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace ukey;
using base::Cause;
using base::Code;
using base::Error;
using model::Attempt;
using model::AttemptResult;
using model::BatchItem;
using model::ItemState;

namespace {

BatchItem item(ItemState state, const std::string& reason = "") {
  BatchItem out;
  out.attempt = "a";
  out.pin_source = "file:pin";
  out.state = state;
  out.reason = reason;
  return out;
}

Attempt attempt(AttemptResult result, std::optional<Error> error = std::nullopt) {
  Attempt out;
  out.id = "a";
  out.result = result;
  out.error = std::move(error);
  return out;
}

Error of_login(Code code) {
  return Error{code, "t", base::Pkcs11Answer{"C_Login", 0x80000a01, "", std::nullopt}};
}

}  // namespace

TEST_CASE("an item whose attempt was renewed is so, any other stands as it was recorded") {
  for (const auto result : {AttemptResult::renewed, AttemptResult::running, AttemptResult::failed})
    for (const auto state : {ItemState::running, ItemState::waiting, ItemState::failed}) {
      std::vector<BatchItem> items{item(state)};
      ops::recall(items, {attempt(result)});
      const bool done = result == AttemptResult::renewed && state != ItemState::failed;
      CHECK(items[0].state == (done ? ItemState::renewed : state));
    }
  std::vector<BatchItem> other{item(ItemState::running)};
  other[0].attempt = "b";
  ops::recall(other, {attempt(AttemptResult::renewed)});
  CHECK(other[0].state == ItemState::running);
}

TEST_CASE("the cause of a failure comes from its attempt, when that failed of the same") {
  const auto error = Error{Code::pin_not_sent, "t"}.because(Cause::source_withdrawn);
  std::vector<BatchItem> items{item(ItemState::failed, "pin_not_sent"),
                               item(ItemState::failed, "module_broken")};
  ops::recall(items, {attempt(AttemptResult::failed, error)});
  CHECK(items[0].cause == Cause::source_withdrawn);
  CHECK_FALSE(items[1].cause.has_value());
}

TEST_CASE("a login that failed withdraws its source once, another failure and no source do not") {
  model::Batch batch;
  const auto failed = attempt(AttemptResult::failed, of_login(Code::token_refused));
  CHECK(ops::withdraw_failed(batch, {item(ItemState::running)}, {failed}));
  CHECK(batch.withdrawn == std::vector<std::string>{"file:pin"});
  CHECK_FALSE(ops::withdraw_failed(batch, {item(ItemState::running)}, {failed}));
  model::Batch other;
  const auto early = attempt(AttemptResult::failed, Error{Code::no_token, "t"});
  CHECK_FALSE(ops::withdraw_failed(other, {item(ItemState::running)}, {early}));
  auto alone = item(ItemState::running);
  alone.pin_source.clear();
  CHECK_FALSE(ops::withdraw_failed(other, {alone}, {failed}));
  CHECK(other.withdrawn.empty());
}

TEST_CASE("nothing was begun by an attempt that failed before its login") {
  const auto failed = [](const Error& error) { return attempt(AttemptResult::failed, error); };
  CHECK(ops::nothing_begun(failed(Error{Code::module_broken, "m"})));
  CHECK(ops::nothing_begun(failed(Error{Code::no_token, "t"})));
  CHECK_FALSE(ops::nothing_begun(failed(of_login(Code::module_timeout))));
  CHECK_FALSE(ops::nothing_begun(failed(Error{Code::pin_not_sent, "t"})));
  CHECK_FALSE(ops::nothing_begun(attempt(AttemptResult::running)));
  auto stepped = failed(Error{Code::module_broken, "m"});
  stepped.steps.push_back({"verdict", {}});
  CHECK_FALSE(ops::nothing_begun(stepped));
  auto unopened = failed(
      Error{Code::module_broken, "m", base::Pkcs11Answer{"C_OpenSession", 0x30, "", std::nullopt}});
  unopened.steps.push_back({"bids", {}});
  CHECK(ops::nothing_begun(unopened));
  unopened.steps.push_back({"login", {}});
  CHECK_FALSE(ops::nothing_begun(unopened));
}
