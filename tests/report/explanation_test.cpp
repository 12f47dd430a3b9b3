// Errors in words, and the trace.
#include <doctest/doctest.h>

#include <array>
#include <nlohmann/json.hpp>

#include "report/explanation.hpp"
#include "report/note.hpp"
#include "report/trace.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using namespace ukey::report;
using base::Code;
using base::Error;
using sample::has;
using sample::lines;

namespace {

constexpr std::array kCauses{
#define UKEY_CAUSE(name) base::Cause::name,
    UKEY_ERROR_CAUSES(UKEY_CAUSE)
#undef UKEY_CAUSE
};

constexpr std::array kCodes{
#define UKEY_CODE(name, status) Code::name,
    UKEY_ERROR_CODES(UKEY_CODE)
#undef UKEY_CODE
};

Error vendor_error() {
  base::Pkcs11Answer answer{"C_Login", 0x800000a0UL, "",
                            base::Words{"口令框被取消", "the PIN box was closed"}};
  return Error{Code::token_refused, "3f2a", answer};
}

}  // namespace

TEST_CASE("every code has a headline and a hint, different in both languages") {
  for (const Code code : kCodes) {
    CAPTURE(base::name(code));
    const auto zh = explain(Error{code}, Lang::zh);
    const auto en = explain(Error{code}, Lang::en);
    CHECK(!zh.headline.empty());
    CHECK(!en.headline.empty());
    CHECK(zh.headline != en.headline);
    CHECK(!zh.hint.empty());
    CHECK(!en.hint.empty());
    CHECK(zh.hint != en.hint);
    CHECK(en.technical.empty());
  }
}

TEST_CASE("the three lines of a wrong PIN") {
  const Error error{Code::pin_wrong, "练习锁",
                    base::Pkcs11Answer{"C_Login", 0xa0, "CKR_PIN_INCORRECT", {}}};
  CHECK(error_text(error, sample::style(Lang::en)) ==
        "ukey: the PIN is wrong: 练习锁\n"
        "  C_Login -> CKR_PIN_INCORRECT (0xa0)\n"
        "  do not guess: see what is left first: ukey pin status\n");
  CHECK(lines(error_text(error, sample::style(Lang::zh)))[0] == "ukey: PIN码不对：练习锁");
}

TEST_CASE("a vendor's code stays whole and its note is appended") {
  const auto en = explain(vendor_error(), Lang::en);
  CHECK(en.technical == "C_Login -> 0x800000a0: the PIN box was closed");
  CHECK(explain(vendor_error(), Lang::zh).technical == "C_Login -> 0x800000a0：口令框被取消");
  const auto json = describe_error(vendor_error(), Lang::en);
  CHECK(json["rv"] == "0x800000a0");
  CHECK(json["ckr"].is_null());
  CHECK(json["call"] == "C_Login");
  CHECK(has(json["message"].get<std::string>(), "the PIN box was closed"));
}

TEST_CASE("an error without an answer has two lines") {
  CHECK(lines(error_text(Error{Code::no_token}, sample::style(Lang::en))).size() == 2);
}

TEST_CASE("a hint names the option that settles it") {
  CHECK(has(explain(Error{Code::ambiguous_token}, Lang::en).hint, "-t SERIAL"));
  CHECK(has(explain(Error{Code::no_token}, Lang::en).hint, "-m FILE"));
  CHECK(has(explain(Error{Code::pin_not_sent}, Lang::en).headline, "NOT sent"));
  CHECK(has(explain(Error{Code::usage}, Lang::en).hint, "--help"));
}

TEST_CASE("the token's own answer gives a finer hint, but never over that of a PIN") {
  const base::Pkcs11Answer full{"C_CreateObject", 0x31, "CKR_DEVICE_MEMORY", {}};
  CHECK(explain(Error{Code::token_refused, "", full}, Lang::en).hint ==
        explain(Error{Code::token_full}, Lang::en).hint);
  const base::Pkcs11Answer range{"C_Login", 0xa2, "CKR_PIN_LEN_RANGE", {}};
  CHECK(explain(Error{Code::pin_wrong, "", range}, Lang::en).hint ==
        explain(Error{Code::pin_wrong}, Lang::en).hint);
  CHECK(explain(Error{Code::pin_invalid, "", range}, Lang::en).hint !=
        explain(Error{Code::pin_invalid}, Lang::en).hint);
}

TEST_CASE("a subject cannot steer the terminal or add lines") {
  const auto text = error_text(Error{Code::file_io, "a\x1b[2J\nb"}, sample::style(Lang::en));
  CHECK(!has(text, "\x1b"));
  CHECK(lines(text).size() == 2);
}

TEST_CASE("a subject that is not UTF-8 still makes a document") {
  const auto json = error_document("status", Error{Code::file_io, "\xff\xfe"}, Lang::zh);
  CHECK(has(json_text(json), "\\\\xff\\\\xfe"));
}

TEST_CASE("a traced call is one line with its result and milliseconds") {
  CHECK(trace_line({"C_OpenSession", 0, "CKR_OK", 0.012}) ==
        "C_OpenSession                CKR_OK          0.012 ms");
  CHECK(trace_line({"C_Login", 0x800000a0UL, "", 12.5}) ==
        "C_Login                      0x800000a0     12.500 ms");
}

TEST_CASE("the summary of a trace counts calls, sums time and puts the costliest first") {
  const std::vector<model::CallRecord> calls{{"C_FindObjects", 0, "CKR_OK", 1.0},
                                             {"C_Login", 0xa0, "CKR_PIN_INCORRECT", 30.0},
                                             {"C_FindObjects", 0, "CKR_OK", 2.0}};
  const auto out = lines(trace_summary(calls, Lang::en));
  REQUIRE(out.size() == 3);
  CHECK(out[0] == "3 calls, 33.000 ms; slowest C_Login: 30.000 ms");
  CHECK(has(out[1], "C_Login"));
  CHECK(has(out[1], "1 not CKR_OK"));
  CHECK(has(out[2], "2 x"));
  CHECK(has(lines(trace_summary(calls, Lang::zh))[0], "3 次调用"));
  CHECK(trace_summary({}, Lang::en).empty());
}

TEST_CASE("an error of the SO PIN has words of its own, for it leads elsewhere") {
  for (const Code code : {Code::pin_wrong, Code::pin_locked, Code::pin_not_sent, Code::pin_missing,
                          Code::pin_invalid})
    for (const auto lang : {Lang::zh, Lang::en}) {
      CAPTURE(base::name(code));
      const auto user = explain(Error{code, "token"}, lang);
      const auto so = explain(Error{code, "token"}.of_so(), lang);
      CHECK(user.headline != so.headline);
      CHECK(user.hint != so.hint);
      CHECK(has(so.headline, "token"));
    }
  const auto guarded = explain(Error{Code::pin_not_sent}.of_so().about("3f2a"), Lang::en);
  CHECK(has(guarded.headline, "NOT sent"));
  CHECK(has(guarded.headline, "scrap"));
  CHECK(explain(Error{Code::token_removed}.of_so(), Lang::en).headline ==
        explain(Error{Code::token_removed}, Lang::en).headline);
}

TEST_CASE("a failed unlock tells the steps that are done and how the token stands now") {
  model::PinJob job;
  job.result = model::PinResult::failed;
  job.steps = {{model::PinStep::so_login, true}, {model::PinStep::init_pin, false}};
  job.error = Error{Code::token_removed, "one", base::Pkcs11Answer{"C_InitPIN", 0x32, "", {}}};
  const auto en = pin_failure(job, sample::style(Lang::en));
  CHECK(has(en, "done: SO login; not done: set the new PIN"));
  CHECK(has(en, "cannot be read"));
  job.pin = model::PinState{model::PinLevel::locked, model::PinLevel::ok, {}, {}, {}};
  CHECK(has(pin_failure(job, sample::style(Lang::en)), "the token now: PIN LOCKED, SO PIN ok"));
  CHECK(has(pin_failure(job, sample::style(Lang::zh)), "已锁死"));
  job.steps = {{model::PinStep::login, false}};
  CHECK(!has(pin_failure(job, sample::style(Lang::en)), "not done"));
}

TEST_CASE("a step that nobody knows of is neither done nor not done") {
  model::PinJob job;
  job.result = model::PinResult::failed;
  job.steps = {{model::PinStep::so_login, true},
               {model::PinStep::init_pin, false, true},
               {model::PinStep::so_logout, false}};
  job.error = Error{Code::token_removed, "one", base::Pkcs11Answer{"C_InitPIN", 0x32, "", {}}};
  const auto en = pin_failure(job, sample::style(Lang::en));
  CHECK(has(en, "done: SO login; not done: SO logout"));
  CHECK(has(en, "not known whether it was done: set the new PIN"));
  CHECK(describe_pin_job(job)["steps"][1]["done"].is_null());
  CHECK(describe_pin_job(job)["steps"][2]["done"] == false);
}

TEST_CASE("every reason has words of its own in both languages") {
  for (const auto cause : kCauses)
    for (const auto code : {Code::usage, Code::pin_missing}) {
      if (cause == base::Cause::unsure) continue;  // the code says what, and this only what next
      const auto error = Error{code, "one"}.because(cause).of_command("pin verify");
      const auto zh = explain(error, Lang::zh);
      const auto en = explain(error, Lang::en);
      CHECK(zh.headline != explain(Error{code, "one"}, Lang::zh).headline);
      CHECK(en.headline != explain(Error{code, "one"}, Lang::en).headline);
      CHECK(zh.headline != en.headline);
      CHECK(has(zh.headline, "：one"));
      CHECK(zh.hint != en.hint);
    }
}

TEST_CASE("a token in use and an interrupted renewal are two things, with two ways on") {
  const Error busy{Code::busy, "3f2a"};
  const auto in_use = explain(busy, Lang::en);
  const auto waits = explain(busy.because(base::Cause::renewal_waits), Lang::en);
  CHECK(!has(in_use.headline + in_use.hint, "renew"));
  CHECK(!has(waits.headline, "another program"));
  CHECK(has(waits.hint, "ukey renew resume;"));
  CHECK(has(waits.hint, "ukey renew resume --undo"));
}

TEST_CASE("the hint of a usage error names the command that was asked for") {
  CHECK(explain(Error{Code::usage}.of_command("pin verify"), Lang::en).hint ==
        "see how it is used: ukey pin verify --help");
  CHECK(explain(Error{Code::usage}, Lang::zh).hint == "看用法：ukey --help");
}

TEST_CASE("advice stands in place of the usual hint, but not of what is said of a PIN in mid-air") {
  const base::Pkcs11Answer answer{"C_DeriveKey", 0x70, "CKR_MECHANISM_INVALID", {}};
  const auto advised = Error{Code::not_supported, "one", answer}.advised({"去那里", "go there"});
  CHECK(explain(advised, Lang::en).hint == "go there");
  CHECK(explain(advised, Lang::zh).hint == "去那里");
  CHECK(explain(advised, Lang::en).headline == "this token cannot do that: one");
  CHECK(explain(Error{Code::no_token, "one"}.advised({"去", "go"}), Lang::en).hint == "go");
  const base::Pkcs11Answer login{"C_Login", 0x30, "CKR_DEVICE_ERROR", {}};
  const auto open = Error{Code::module_broken, "one", login}.because(base::Cause::unsure);
  CHECK(has(explain(open.advised({"去", "go"}), Lang::en).hint, "a PIN try may have been spent"));
}

TEST_CASE("several tokens that fit are a line each") {
  const Error error{Code::ambiguous_token, "one (01), two (02)\x1b, three (03)"};
  const auto out = lines(error_text(error, sample::style(Lang::en)));
  REQUIRE(out.size() == 5);
  CHECK(out[0] == "ukey: several tokens fit: which one?");
  CHECK(out[1] == "    one (01)");
  CHECK(out[2] == "    two (02)\\x1b");
  CHECK(has(out[4], "-t SERIAL"));
  CHECK(describe_error(error, Lang::en)["subject"] == error.subject());
}

TEST_CASE("an interrupted batch is taken up by a resume of the batch") {
  for (const auto lang : {report::Lang::zh, report::Lang::en}) {
    const auto error = base::Error{base::Code::interrupted}.of_command("batch run");
    const auto hint = report::explain(error, lang).hint;
    CHECK(hint.find("ukey batch resume") != std::string::npos);
    CHECK(hint.find("renew resume") == std::string::npos);
  }
}
