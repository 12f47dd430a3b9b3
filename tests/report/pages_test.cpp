// The pages beside the card: every one renders in both languages, within the width, with what
// matters in it.
#include "base/text.hpp"
#include "tests/report/at_hand.hpp"

using namespace ukey;
using namespace ukey::report;
using namespace ukey::report::sample::at_hand;

TEST_CASE("list is a line a token under titles that line up with Chinese text") {
  auto second = sample::master();
  second.token.serial = "0123456789abcdef";
  second.token.label = "sub";
  second.pin.user = model::PinLevel::locked;
  auto document = report::document("list", sample::setting());
  document.update(describe_list({{sample::master(), second}, {}}, {}));
  check_fits(document);
  const auto out = lines(shown(document));
  REQUIRE(out.size() == 3);
  const auto column = [](const std::string& line, std::string_view part) {
    return base::columns(line.substr(0, line.find(part)));
  };
  CHECK(column(out[0], "PIN") == column(out[1], "ok"));
  CHECK(column(out[1], "ok") == column(out[2], "LOCKED"));
  CHECK(column(out[1], "青海") == column(out[2], "青海"));
}

TEST_CASE("no token at all says what to check") {
  for (const char* command : {"status", "list"}) {
    auto document = report::document(command, sample::setting());
    document.update(describe_survey({}, {}));
    CHECK(has(shown(document), "-m FILE"));
    check_fits(document);
  }
}

TEST_CASE("certificates as a table and whole") {
  auto document = frame("cert list");
  auto broken = sample::certificate(model::Role::encrypt);
  broken.error = base::Error{base::Code::bad_input};
  document["certificates"] =
      describe_certificates(std::vector{sample::certificate(model::Role::sign), broken}, {});
  check_fits(document);
  CHECK(has(shown(document), "2026-12-12    20  青海练习建设有限公司"));
  CHECK(has(shown(document), "the input is"));
  document["command"] = "cert show";
  check_fits(document);
  CHECK(has(shown(document), "2026-12-12 23:59:59"));
  CHECK(has(shown(document, Lang::zh), "2026-12-12 23:59:59"));
}

TEST_CASE("a verification without trust is no proof, and its reason is said") {
  auto document = frame("cert verify");
  document["certificates"] =
      describe_certificates(std::vector{sample::certificate(model::Role::sign)}, {});
  std::vector<model::CheckRow> rows{
      {model::Check::chain, model::CheckResult::not_checked, model::CheckReason::no_trust},
      {model::Check::dates, model::CheckResult::ok, model::CheckReason::none}};
  document["checks"] = describe_checks(rows);
  check_fits(document);
  CHECK(has(shown(document), "? not everything was checked"));
  CHECK(has(shown(document), "--ca-file"));
  rows[0] = {model::Check::chain, model::CheckResult::ok, model::CheckReason::none};
  document["checks"] = describe_checks(rows);
  CHECK(has(shown(document), "● the certificate is good"));
  rows.push_back(
      {model::Check::revocation, model::CheckResult::failed, model::CheckReason::revoked});
  document["checks"] = describe_checks(rows);
  CHECK(has(shown(document), "NOT good"));
  CHECK(has(shown(document, Lang::zh), "已吊销"));
}

TEST_CASE("the lock page shows verdict, evidence, what is missing and what would settle it") {
  auto card = sample::incomplete_master();
  auto document = frame("lock");
  document["holder"] = describe_holder(card.holder, {});
  document["lock"] = describe_lock(card.lock, {});
  check_fits(document);
  CHECK(has(lines(shown(document))[0], "main lock (incomplete)  青海练习建设有限公司"));
  CHECK(has(shown(document), "Missing       legal rep. seal"));
  card.lock.kind = model::LockKind::undetermined;
  card.lock.reason = model::LockReason::login_needed;
  document["lock"] = describe_lock(card.lock, {});
  check_fits(document);
  CHECK(has(shown(document), "ukey lock --login -t 3f2a9c41"));
}

TEST_CASE("a blank token has a lock page without evidence") {
  auto document = frame("lock");
  document["lock"] = describe_lock({model::LockKind::blank,
                                    model::LockBasis::content,
                                    model::LockReason::nothing_on_token,
                                    {},
                                    {}},
                                   {});
  check_fits(document);
  CHECK(has(lines(shown(document, Lang::zh))[0], "空白锁"));
}

TEST_CASE("seals as a table and whole") {
  model::SealRow row;
  row.object.label = "单位公章";
  row.object.role = model::SealRole::unit;
  row.object.size = 4096;
  model::SealContents contents;
  contents.format = model::SealFormat::ses_v4;
  contents.name = "练习公章";
  contents.valid_to = sample::time("2027-01-01T23:59:59+08:00");
  contents.picture = model::Picture{model::SealFormat::png, 300, 200};
  row.contents = contents;
  model::SealRow broken;
  broken.object.label = "broken";
  broken.object.error = base::Error{base::Code::token_refused};
  auto document = frame("seal list");
  document["seals"] = describe_seals(std::vector{row, broken}, {});
  check_fits(document);
  CHECK(has(shown(document), "e-seal version 4"));
  CHECK(has(shown(document), "2027-01-01"));
  CHECK(has(shown(document), "the token refused"));
  document["command"] = "seal show";
  check_fits(document);
  CHECK(has(shown(document), "PNG picture, 300 x 200"));
}

TEST_CASE("the PIN page tells lengths, tries and the way out of a lock") {
  auto document = frame("pin status");
  model::PinState pin{model::PinLevel::locked, model::PinLevel::ok, 6, 16, 8};
  document["pin"] = describe_pin(pin);
  check_fits(document);
  CHECK(has(shown(document), "6 to 16 characters"));
  CHECK(has(shown(document), "ukey pin unlock -t 3f2a9c41"));
  CHECK(has(shown(document), "ukey guide unlock"));
  CHECK(has(shown(document, Lang::zh), "8 次"));
}

TEST_CASE("every PIN level of both PINs is worded on the card and on the PIN page") {
  for (const auto user : enumerators<model::PinLevel>())
    for (const auto so : enumerators<model::PinLevel>()) {
      auto document = frame("pin status");
      document["pin"] = describe_pin({user, so, {}, {}, {}});
      check_fits(document);
      CHECK(has(shown(document), word(user, Lang::en)));
      CHECK(has(shown(document, Lang::zh), word(so, Lang::zh)));
    }
}

TEST_CASE("objects and mechanisms as tables") {
  model::Object object;
  object.object_class = model::ObjectClass::private_key;
  object.label = "练习密钥";
  object.id = {1, 2};
  object.key_type = "rsa";
  object.usage = {"sign", "decrypt"};
  object.is_private = true;
  model::Object other;
  other.class_number = 0x80000001;
  other.error = base::Error{base::Code::token_refused};
  auto document = frame("object list");
  document["objects"] = describe_objects(std::vector{object, other}, {});
  check_fits(document);
  CHECK(has(shown(document), "0102"));
  CHECK(has(shown(document), "0x80000001"));
  model::Mechanism mechanism;
  mechanism.number = 0x1;
  mechanism.name = "CKM_RSA_PKCS";
  mechanism.min_key = 1024;
  mechanism.max_key = 2048;
  mechanism.usage = {"sign", "verify", "something_else"};
  document = frame("mechanism list");
  document["mechanisms"] = describe_mechanisms(std::vector{mechanism}, Lang::en);
  check_fits(document);
  CHECK(has(shown(document), "1024-2048"));
  CHECK(has(shown(document), "sign, verify, something_else"));
}

TEST_CASE("empty tables say that there is nothing") {
  for (const char* command :
       {"object list", "mechanism list", "practice list", "cert list", "cert show", "seal list",
        "seal show", "profile list", "profile check"}) {
    const auto document = report::document(command, sample::setting());
    CHECK(has(shown(document), "none"));
    check_fits(document);
  }
}

TEST_CASE("the drawer of practice tokens") {
  auto document = report::document("practice list", sample::setting());
  document["practice"] = describe_practice(
      std::vector<PracticeRow>{{"master", "练习-企业主锁", "01", true}, {"sub", "x", "02", false}});
  check_fits(document);
  CHECK(has(lines(shown(document))[1], "●  master"));
  CHECK(has(lines(shown(document))[2], "○  sub"));
}

TEST_CASE("a command without a page of its own shows its keys and values in order") {
  auto document = frame("no such command");
  document["renewable"] = true;
  document["closes"] = "2026-12-12T15:59:59Z";
  for (const Json& value : {Json("a"), Json(1), Json(nullptr), Json(false)})
    document["strange_key"].push_back(value);
  document["error_rows"][0]["error"] = describe_error(base::Error{base::Code::busy}, Lang::en);
  check_fits(document);
  const auto text = shown(document);
  CHECK(has(text, "2026-12-12 23:59:59"));
  CHECK(has(text, "strange key"));
  CHECK(has(text, "a, 1, -, no"));
  CHECK(has(text, "another program is working"));
  CHECK(text.find("Renewable") < text.find("Window closes"));
}

TEST_CASE("an error document is its three lines") {
  const auto document =
      error_document("status",
                     base::Error{base::Code::pin_wrong, "x",
                                 base::Pkcs11Answer{"C_Login", 0xa0, "CKR_PIN_INCORRECT", {}}},
                     Lang::en);
  CHECK(lines(shown(document)).size() == 3);
}

TEST_CASE("documents of unexpected shape render without failing") {
  for (const char* command :
       {"status", "list", "cert list", "cert show", "cert verify", "lock", "seal list", "seal show",
        "batch plan", "renew check", "guide", "pin status", "object list", "mechanism list",
        "profile list", "profile check", "practice list", "other"}) {
    CAPTURE(command);
    Json plain;
    plain["command"] = command;
    plain["tokens"] = 5;
    plain["lock"] = "x";
    plain["x"] = Json::array();
    CHECK(!render(plain, style(Lang::zh)).empty());
    Json nested;
    nested["command"] = command;
    nested["tokens"] = Json::array();
    for (const Json& value : {Json(nullptr), Json(1), Json("x")}) nested["tokens"].push_back(value);
    nested["pin"] = Json::array();
    CHECK(!render(nested, style(Lang::en)).empty());
  }
  Json numbered;
  numbered["command"] = 5;
  CHECK(!render(numbered, style(Lang::en)).empty());
}

TEST_CASE("the page of work on a PIN says what came of it, and how the PINs stand now") {
  model::PinJob job;
  job.steps = {{model::PinStep::login, true}};
  job.pin = model::PinState{model::PinLevel::ok, model::PinLevel::count_low, 6, 16, 8};
  const auto page = [&](const char* command, Lang lang = Lang::en) {
    auto document = frame(command);
    document.update(describe_pin_job(job));
    check_fits(document);
    return shown(document, lang);
  };
  CHECK(has(page("pin verify"), "the PIN is right"));
  CHECK(has(page("pin change"), "the PIN is changed"));
  CHECK(has(page("pin unlock"), "the new PIN has logged in"));
  CHECK(has(page("pin unlock", Lang::zh), "已解锁"));
  CHECK(has(page("pin verify"), "wrong tries"));
  job.result = model::PinResult::not_tried;
  CHECK(has(page("pin unlock"), "no PIN was sent"));
  CHECK(!has(page("pin unlock"), "unlocked"));
  job.pin.reset();
  CHECK(describe_pin_job(job)["pin"].is_null());
  CHECK(!has(page("pin change"), "SO PIN"));
}
