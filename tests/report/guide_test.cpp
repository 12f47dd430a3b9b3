// What the rules and the profiles say, as pages: renewal, guide, profiles.
#include "tests/report/at_hand.hpp"

using namespace ukey;
using namespace ukey::report;
using namespace ukey::report::sample::at_hand;

namespace {

model::Statement statement(std::string zh, std::string en,
                           model::Source source = model::Source::guide) {
  return {{std::move(zh), std::move(en)}, source};
}

model::Platform platform() {
  model::Platform out;
  out.id = "practice";
  out.name = {"练习平台", "practice platform"};
  model::ServiceGuide guide;
  guide.needs_old_key = true;
  guide.enterprise = {statement("材料一", "paper one"), statement("材料二", "paper two")};
  guide.individual = {statement("个人材料", "personal paper")};
  guide.warnings = {statement("先问清投标", "ask about bids", model::Source::own)};
  out.services[model::Service::renew] = guide;
  out.contacts["bjca"] = {"0000-1", "0000-2", "3", "http://practice.invalid/"};
  out.contacts["hbca"] = {"0000-9", "", "", ""};
  return out;
}

}  // namespace

TEST_CASE("renew check gives verdict, dates, next step and what to bring") {
  const auto card = sample::master();
  auto document = frame("renew check");
  document["holder"] = describe_holder(card.holder, {});
  document["ca"] = describe_ca(card.ca);
  document["renewal"] = describe_renewal(card.renewal);
  document["guide"] = describe_guide(model::Service::renew, platform(), card.holder.kind, "bjca");
  check_fits(document);
  const auto text = shown(document);
  CHECK(has(text, "● RENEW NOW  青海练习建设有限公司"));
  CHECK(has(text, "ukey renew run"));
  CHECK(has(text, "Valid until   2026-12-12 (20 days left)"));
  CHECK(has(text, "1.   paper one"));
  CHECK(!has(text, "personal paper"));
  CHECK(!has(text, "0000-9"));
  CHECK(has(shown(document, Lang::zh), "材料（企业）"));
}

TEST_CASE("a guide marks what is own advice, and says so only when there is some") {
  auto document = report::document("guide", sample::setting());
  document["guide"] = describe_guide(model::Service::renew, platform());
  check_fits(document);
  CHECK(has(shown(document), "ask about bids [own advice]"));
  CHECK(has(shown(document), "paper two\n"));
  CHECK(has(shown(document, Lang::zh), "先问清投标 [建议]"));
  CHECK(has(shown(document), "0000-9"));
  document["guide"] = describe_guide(model::Service::lost, platform());
  check_fits(document);
  CHECK(!has(shown(document), "own advice"));
  CHECK(has(shown(document), "does not say"));
}

TEST_CASE("profiles as a list, as one, and checked") {
  model::Profiles profiles;
  model::TokenProfile token;
  token.id = "practice";
  token.name = {"练习锁", "practice token"};
  token.match = {{"ukey*", "practice"}};
  token.seal_labels[model::SealRole::unit] = {"单位公章"};
  token.errors[0x80000001] = {"被拔出", "unplugged"};
  token.hints[base::Code::no_token] = {"先启动服务", "start the service first"};
  profiles.tokens = {token};
  profiles.platforms = {platform()};
  auto document = report::document("profile list", sample::setting());
  document.update(describe_profiles(profiles));
  check_fits(document);
  CHECK(has(shown(document, Lang::zh), "练习锁"));
  document = report::document("profile show", sample::setting());
  document["profile"] = describe_profile(token);
  check_fits(document);
  CHECK(has(shown(document), "0x80000001"));
  CHECK(has(shown(document), "unplugged"));
  CHECK(has(shown(document), "start the service first"));
  CHECK(document["profile"]["hints"][0]["code"] == "no_token");
  model::CaProfile ca;
  ca.id = "practice";
  document["profile"] = describe_profile(ca);
  CHECK(document["profile"]["renewal"].is_null());
  ca.renewal.emplace();
  ca.renewal->via = model::Route::cmp;
  ca.renewal->url = "http://ca.example/";
  ca.renewal->command = "ask-ca --token {serial}";
  document["profile"] = describe_profile(ca);
  check_fits(document);
  CHECK(document["profile"]["renewal"]["recipient"].is_null());
  CHECK(has(shown(document), "http://ca.example/"));
  CHECK(has(shown(document), "key update (kur)"));
  CHECK(has(shown(document), "ask-ca --token {serial}"));
  document["profile"] = describe_profile(platform());
  check_fits(document);
  document = report::document("profile check", sample::setting());
  const std::vector<ProfileCheck> rows{
      {"/a.toml", {"retry_limit"}, {}},
      {"/b.toml", {}, {base::Error{base::Code::bad_profile, "b:3"}}}};
  document["files"] = describe_profile_checks(rows, Lang::en);
  check_fits(document);
  CHECK(has(shown(document), "√ /a.toml"));
  CHECK(has(shown(document), "× /b.toml"));
}
