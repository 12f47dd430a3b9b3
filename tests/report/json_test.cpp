// The JSON contract: key names and their order, types, masking, nothing that depends on the
// language.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using namespace ukey::report;
using sample::has;

namespace {

using Names = std::vector<std::string>;

Names names(const Json& object) {
  Names out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

model::Card expert() {
  auto card = sample::master();
  card.token.label = "练习专家 11010519491231002X";
  card.token.uri = "pkcs11:serial=110105194912310021;token=p%2011010519491231002X";
  card.holder = {"练习专家", std::nullopt, std::nullopt, "11010519491231002X",
                 model::HolderKind::individual};
  card.certificates[0].certificate.subject = "CN=练习专家 11010519491231002X,C=CN";
  card.certificates[0].certificate.holder = card.holder;
  card.certificates[0].label = "SF11010519491231002X";
  return card;
}

}  // namespace

TEST_CASE("the frame of a document") {
  const auto document = report::document("renew check", sample::setting());
  CHECK(names(document) == Names{"schema", "command", "as_of"});
  CHECK(document["schema"] == "ukey/1");
  CHECK(document["as_of"] == "2026-11-22T02:00:00Z");
}

TEST_CASE("a judgement as of another time says the real one") {
  auto setting = sample::setting();
  setting.as_of_overridden = true;
  const auto real = sample::time("2026-11-23T10:00:00+08:00");
  CHECK(report::document("x", setting, real)["as_of_overridden"] == "2026-11-23T02:00:00Z");
  CHECK(!report::document("x", sample::setting(), real).contains("as_of_overridden"));
}

TEST_CASE("the keys of a card and of its parts, in their order") {
  const auto card = describe_card(sample::master(), {});
  CHECK(names(card) ==
        Names{"token", "state", "pin", "holder", "ca", "lock", "certificates", "renewal"});
  CHECK(names(card["token"]) ==
        Names{"uri", "serial", "label", "manufacturer", "model", "modules", "profile", "selector"});
  CHECK(names(card["pin"]) == Names{"user", "so", "min_length", "max_length", "retry_limit"});
  CHECK(names(card["holder"]) == Names{"name", "organisation", "uscc", "person_id", "kind"});
  CHECK(names(card["ca"]) == Names{"id", "name", "renewable"});
  CHECK(names(card["lock"]) == Names{"kind", "basis", "reason", "evidence", "missing"});
  CHECK(names(card["lock"]["evidence"][0]) ==
        Names{"seal", "found", "reason", "object", "format", "bytes"});
  CHECK(names(card["certificates"][0]) ==
        Names{"role", "current", "state", "subject", "issuer", "serial", "not_before", "not_after",
              "days_left", "algorithm", "key_id", "has_private_key", "label", "sha256"});
  CHECK(names(card["renewal"]) ==
        Names{"verdict", "opens", "closes", "days_left", "recommended_by", "next_step"});
}

TEST_CASE("times are UTC with Z, a recommended day is a date, the unknown is null") {
  auto sample = sample::master();
  sample.renewal.recommended_by.reset();
  sample.certificates[0].key_id.clear();
  const auto card = describe_card(sample, {});
  CHECK(card["renewal"]["closes"] == "2026-12-12T15:59:59Z");
  CHECK(card["renewal"]["recommended_by"].is_null());
  CHECK(describe_card(sample::master(), {})["renewal"]["recommended_by"] == "2026-12-10");
  CHECK(card["pin"]["retry_limit"].is_null());
  CHECK(card["lock"]["evidence"][0]["format"].is_null());
  CHECK(card["certificates"][0]["key_id"].is_null());
  CHECK(card["certificates"][0]["has_private_key"].is_null());
  CHECK(card["certificates"][0]["days_left"].is_number_integer());
}

TEST_CASE("list keeps the first four keys") {
  const auto document = describe_list({{sample::master()}, {}}, {});
  CHECK(names(document) == Names{"tokens", "modules"});
  CHECK(names(document["tokens"][0]) == Names{"token", "state", "pin", "holder"});
}

TEST_CASE("a failed card carries its error and claims nothing") {
  auto card = sample::master();
  card.state = model::TokenState::failed;
  card.error = base::Error{base::Code::token_removed, "3f2a",
                           base::Pkcs11Answer{"C_FindObjects", 0x32, "CKR_DEVICE_REMOVED", {}}};
  const auto json = describe_card(card, {});
  CHECK(names(json["error"]) == Names{"code", "message", "hint", "subject", "call", "ckr", "rv"});
  CHECK(json["error"]["code"] == "token_removed");
  CHECK(json["error"]["rv"] == "0x32");
  for (const char* key : {"pin", "holder", "ca", "lock", "renewal"}) CHECK(json[key].is_null());
  CHECK(json["certificates"].empty());
}

TEST_CASE("an error document has the frame and null for what is absent") {
  const auto json = error_document("status", base::Error{base::Code::no_token}, Lang::zh);
  CHECK(names(json) == Names{"schema", "command", "error"});
  for (const char* key : {"subject", "call", "ckr", "rv"}) CHECK(json["error"][key].is_null());
}

TEST_CASE("only message and hint follow the language") {
  auto failed = sample::master();
  failed.error = base::Error{base::Code::token_removed, "3f2a"};
  auto zh = describe_survey({{sample::master(), failed}, {}}, {false, Lang::zh});
  auto en = describe_survey({{sample::master(), failed}, {}}, {false, Lang::en});
  CHECK(zh["tokens"][0] == en["tokens"][0]);
  CHECK(zh["tokens"][1]["error"]["message"] != en["tokens"][1]["error"]["message"]);
  for (Json* json : {&zh, &en})
    for (const char* key : {"message", "hint"}) (*json)["tokens"][1]["error"].erase(key);
  CHECK(zh == en);
}

TEST_CASE("persons' numbers are masked wherever they occur") {
  const auto json = describe_card(expert(), {});
  CHECK(json["holder"]["person_id"] == "110***********002X");
  CHECK(json["certificates"][0]["subject"] == "CN=练习专家 110***********002X,C=CN");
  CHECK(!has(json_text(json), "11010519491231002X"));
  CHECK(has(json["token"]["uri"].get<std::string>(), "serial=110105194912310021;"));
}

TEST_CASE("a selector with a person's number in it is null, but never a serial number") {
  auto card = expert();
  for (const auto& selector : {card.token.label, card.token.uri}) {
    card.token.selector = selector;
    CHECK(describe_card(card, {})["token"]["selector"].is_null());
    CHECK(describe_card(card, {true, Lang::en})["token"]["selector"] == selector);
  }
  card.token.selector = card.token.serial = "11010519491231002X";
  CHECK(describe_card(card, {})["token"]["selector"] == card.token.serial);
}

TEST_CASE("persons' numbers are whole when they are asked for") {
  const auto json = describe_card(expert(), {true, Lang::en});
  CHECK(json["holder"]["person_id"] == "11010519491231002X");
  CHECK(has(json["certificates"][0]["subject"].get<std::string>(), "11010519491231002X"));
  CHECK(has(json["token"]["label"].get<std::string>(), "11010519491231002X"));
}

TEST_CASE("a broken certificate keeps its label and carries the error") {
  auto row = sample::certificate(model::Role::sign);
  row.error = base::Error{base::Code::bad_input, "sign"};
  const auto json = describe_certificates(std::vector{row}, {})[0];
  CHECK(json["label"] == "sign");
  CHECK(json["key_id"] == "01");
  CHECK(json["error"]["code"] == "bad_input");
  for (const char* key : {"role", "current", "state", "not_after", "sha256"})
    CHECK(json[key].is_null());
}

TEST_CASE("text that is not UTF-8 is decoded before it reaches a document") {
  auto card = sample::master();
  card.token.label = "\xff\xff\xff";
  card.certificates[0].certificate.subject = "\xd6\xf7\xcb\xf8";  // GBK
  const auto text = json_text(describe_card(card, {}));
  CHECK(base::is_utf8(text));
  CHECK(has(text, "主锁"));
}

TEST_CASE("a document ends with a line end, and a line has no other") {
  const auto document = report::document("status", sample::setting());
  CHECK(json_text(document).ends_with("}\n"));
  const auto line = json_line(document);
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("checks, modules, objects and mechanisms by their keys") {
  const std::vector<model::CheckRow> checks{
      {model::Check::chain, model::CheckResult::not_checked, model::CheckReason::no_trust},
      {model::Check::dates, model::CheckResult::ok, model::CheckReason::none}};
  const auto json = describe_checks(checks);
  CHECK(json[0].dump() == R"({"check":"chain","result":"not_checked","reason":"no_trust"})");
  CHECK(json[1]["reason"].is_null());
  const std::vector<model::ModuleRow> modules{
      {"/x.so", std::nullopt, model::ModuleState::ready, {}}};
  CHECK(names(describe_modules(modules, Lang::en)[0]) ==
        Names{"file", "profile", "state", "error"});
  model::Mechanism mechanism;
  mechanism.number = 0x80000201;
  mechanism.name = "vendor";
  mechanism.vendor = true;
  CHECK(describe_mechanisms(std::vector{mechanism}, Lang::en)[0]["number"] == "0x80000201");
  model::Object object;
  object.object_class = model::ObjectClass::private_key;
  CHECK(describe_objects(std::vector{object}, {})[0]["class"] == "private_key");
}
