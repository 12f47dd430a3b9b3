#include "base/error.hpp"

#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

using ukey::base::Code;
using ukey::base::Error;

namespace {

struct Row {
  Code code;
  const char* name;
  int status;
};

// The table of the manual page; scripts rely on both columns.
constexpr std::array kPromised{
    Row{Code::usage, "usage", 2},
    Row{Code::no_module, "no_module", 3},
    Row{Code::module_broken, "module_broken", 3},
    Row{Code::module_timeout, "module_timeout", 3},
    Row{Code::bad_profile, "bad_profile", 3},
    Row{Code::no_token, "no_token", 4},
    Row{Code::ambiguous_token, "ambiguous_token", 4},
    Row{Code::token_removed, "token_removed", 4},
    Row{Code::token_unusable, "token_unusable", 4},
    Row{Code::pin_wrong, "pin_wrong", 5},
    Row{Code::pin_locked, "pin_locked", 5},
    Row{Code::pin_not_sent, "pin_not_sent", 5},
    Row{Code::pin_missing, "pin_missing", 5},
    Row{Code::pin_invalid, "pin_invalid", 5},
    Row{Code::token_refused, "token_refused", 6},
    Row{Code::not_supported, "not_supported", 6},
    Row{Code::token_full, "token_full", 6},
    Row{Code::not_found, "not_found", 6},
    Row{Code::file_io, "file_io", 7},
    Row{Code::bad_input, "bad_input", 7},
    Row{Code::ledger, "ledger", 7},
    Row{Code::window_closed, "window_closed", 8},
    Row{Code::ca_not_renewable, "ca_not_renewable", 8},
    Row{Code::bid_unanswered, "bid_unanswered", 8},
    Row{Code::bid_open, "bid_open", 8},
    Row{Code::certificate_unfit, "certificate_unfit", 8},
    Row{Code::busy, "busy", 8},
    Row{Code::ca_refused, "ca_refused", 9},
    Row{Code::ca_unreachable, "ca_unreachable", 9},
    Row{Code::bug, "bug", 70},
    Row{Code::interrupted, "interrupted", 130},
};

#define UKEY_ROW(symbol, status) +1
constexpr std::size_t kCodes = 0 UKEY_ERROR_CODES(UKEY_ROW);
#undef UKEY_ROW

}  // namespace

TEST_CASE("every error code has the name and the exit status that scripts were promised") {
  for (const auto& row : kPromised) {
    CAPTURE(row.name);
    CHECK(ukey::base::name(row.code) == row.name);
    CHECK(ukey::base::exit_status(row.code) == row.status);
  }
}

TEST_CASE("no error code is missing from that promise, and no two share a name") {
  std::set<std::string_view> names;
  for (const auto& row : kPromised) names.insert(ukey::base::name(row.code));
  CHECK(names.size() == kPromised.size());
  CHECK(kPromised.size() == kCodes);
}

TEST_CASE("an error keeps what failed, about what, and the token's whole answer") {
  const Error error{Code::pin_wrong, "0123456789",
                    ukey::base::Pkcs11Answer{"C_Login", 0x800000a0UL, "", std::nullopt}};
  CHECK(error.code() == Code::pin_wrong);
  CHECK(error.subject() == "0123456789");
  REQUIRE(error.answer().has_value());
  CHECK(error.answer()->call == "C_Login");
  CHECK(error.answer()->rv == 0x800000a0UL);
  CHECK(std::string{error.what()} == "pin_wrong");
}

TEST_CASE("an error told about another subject keeps its code and its answer") {
  const Error first{Code::token_removed, "slot 3",
                    ukey::base::Pkcs11Answer{"C_FindObjects", 0x32, "CKR_DEVICE_REMOVED", {}}};
  const Error second = first.about("MASTER-1");
  CHECK(second.subject() == "MASTER-1");
  CHECK(second.code() == Code::token_removed);
  REQUIRE(second.answer().has_value());
  CHECK(second.answer()->ckr == "CKR_DEVICE_REMOVED");
  CHECK(first.subject() == "slot 3");
}

TEST_CASE("an error for a reason, of a command or of the SO PIN is otherwise the same") {
  const Error plain{Code::pin_wrong, "one"};
  CHECK_FALSE(plain.cause());
  CHECK(plain.command().empty());
  const Error told =
      plain.because(ukey::base::Cause::locked_now).of_so().of_command("pin verify").about("two");
  CHECK(told.cause() == ukey::base::Cause::locked_now);
  CHECK(told.concerns_so());
  CHECK(told.command() == "pin verify");
  CHECK(told.code() == Code::pin_wrong);
  CHECK(told.subject() == "two");
}

TEST_CASE("a code is found by its symbol, and by nothing like it") {
  for (const auto& row : kPromised) CHECK(ukey::base::code_named(row.name) == row.code);
  for (const char* other : {"", "usag", "usages", "Usage", " usage", "CKR_OK"})
    CHECK_FALSE(ukey::base::code_named(other));
}

TEST_CASE("advice stays with an error whatever else is said of it, and is none by itself") {
  const Error error{Code::not_supported, "one"};
  CHECK_FALSE(error.advice());
  const auto advised = error.advised({"甲", "a"}).about("two").of_command("status");
  REQUIRE(advised.advice());
  CHECK(advised.advice()->zh == "甲");
  CHECK(advised.advice()->en == "a");
  CHECK(advised.subject() == "two");
}
