// Errors that concern a PIN, in words.
#include <doctest/doctest.h>

#include "report/explanation.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using namespace ukey::report;
using base::Code;
using base::Error;
using sample::has;

TEST_CASE("a call with a PIN that ended in mid-air may have cost a try, and the hint says so") {
  const auto told = [](std::string call, Lang lang) {
    const base::Pkcs11Answer answer{std::move(call), 0x30, "CKR_DEVICE_ERROR", {}};
    return explain(Error{Code::token_refused, "one", answer}.because(base::Cause::unsure), lang);
  };
  for (const char* call : {"C_Login", "C_SetPIN"}) {
    CHECK(has(told(call, Lang::en).hint, "a PIN try may have been spent"));
    CHECK(has(told(call, Lang::en).hint, "ukey pin status"));
    CHECK(has(told(call, Lang::zh).hint, "可能已用掉一次"));
  }
  CHECK(has(told("C_SetPIN", Lang::en).hint, "verify the NEW PIN"));
  CHECK(has(told("C_InitPIN", Lang::en).hint, "may be set or not"));
  CHECK(told("C_Login", Lang::en).headline == "the token refused: one");
  const Error hung{Code::module_timeout, "one", base::Pkcs11Answer{"C_Login", 0, "", {}}};
  CHECK(has(explain(hung.of_so().because(base::Cause::unsure), Lang::en).hint, "have been spent"));
}

TEST_CASE("what the token refused was sent, and is not said to be unsent") {
  for (const auto lang : {Lang::zh, Lang::en})
    for (const auto cause : {base::Cause::refused_form, base::Cause::new_pin_refused}) {
      const base::Pkcs11Answer answer{"C_Login", 0xa2, "CKR_PIN_LEN_RANGE", {}};
      const auto error = Error{Code::pin_invalid, "one", answer}.because(cause);
      for (const auto& one : {error, error.of_so()}) {
        CHECK(!has(explain(one, lang).headline, "not sent"));
        CHECK(!has(explain(one, lang).headline, "没有发给锁"));
      }
      CHECK(has(explain(Error{Code::pin_invalid}, Lang::en).headline, "not sent"));
    }
}

TEST_CASE("a login that is refused does not advise to log in") {
  const auto hint = [](std::string call, Lang lang) {
    const base::Pkcs11Answer answer{std::move(call), 0x101, "CKR_USER_NOT_LOGGED_IN", {}};
    return explain(Error{Code::token_refused, "one", answer}, lang).hint;
  };
  for (const auto lang : {Lang::zh, Lang::en}) {
    CHECK(has(hint("C_FindObjects", lang), "--login"));
    CHECK(!has(hint("C_Login", lang), "--login"));
    CHECK(has(hint("C_Login", lang), "--trace"));
  }
}

TEST_CASE("the last try spent wrongly is told with what it means") {
  const Error wrong{Code::pin_wrong, "one",
                    base::Pkcs11Answer{"C_Login", 0xa0, "CKR_PIN_INCORRECT", {}}};
  const auto user = explain(wrong.because(base::Cause::locked_now), Lang::en);
  CHECK(has(user.headline, "LOCKED now: one"));
  CHECK(has(user.hint, "ukey pin unlock"));
  CHECK(has(user.hint, "ukey guide unlock"));
  const auto so = explain(wrong.of_so().because(base::Cause::locked_now), Lang::en);
  CHECK(has(so.headline, "the SO PIN"));
  CHECK(has(so.hint, "scrap"));
  CHECK(has(explain(wrong.because(base::Cause::locked_now), Lang::zh).headline, "现已锁死"));
}

TEST_CASE("the guard tells one try left from a source whose PIN failed before") {
  const auto last = explain(Error{Code::pin_not_sent}, Lang::en);
  const auto again =
      explain(Error{Code::pin_not_sent}.because(base::Cause::source_withdrawn), Lang::en);
  CHECK(has(last.headline, "one try is left"));
  CHECK(has(last.hint, "--use-final-try"));
  CHECK(has(again.headline, "failed before"));
  CHECK(has(again.headline, "NOT sent"));
  CHECK(!has(again.hint, "--use-final-try"));
}

TEST_CASE("what is wrong with a PIN that was not sent says what to do, of every PIN alike") {
  for (const auto cause :
       {base::Cause::full_width, base::Cause::not_ascii, base::Cause::unseen_character,
        base::Cause::byte_order_mark, base::Cause::several_lines}) {
    const auto error = Error{Code::pin_invalid, "one"}.because(cause);
    CHECK(has(explain(error, Lang::en).headline, "nothing was sent: one"));
    CHECK(has(explain(error, Lang::zh).headline, "没有发给锁：one"));
    CHECK(explain(error.of_so(), Lang::en).headline == explain(error, Lang::en).headline);
    const bool may_be_meant =
        cause != base::Cause::byte_order_mark && cause != base::Cause::several_lines;
    for (const auto lang : {Lang::zh, Lang::en})
      CHECK(has(explain(error, lang).hint, "--pin-as-is") == may_be_meant);
  }
}
