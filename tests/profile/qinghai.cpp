#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "profile/reader.hpp"
#include "tests/profile/scratch.hpp"

using namespace ukey;
using namespace ukey::profile;
using model::HolderKind;
using model::SealRole;
using model::Service;
using model::Source;
using model::Statement;

namespace {

model::Platform qinghai() { return read_platform(test::kShipped + "/platforms/qinghai.toml"); }

using Statements = std::vector<Statement>;

/// Every list of statements of a platform.
std::vector<const Statements*> lists(const model::Platform& p) {
  std::vector<const Statements*> out{&p.place, &p.site, &p.basis, &p.registration, &p.fee};
  for (const auto& [service, guide] : p.services)
    out.insert(out.end(), {&guide.enterprise, &guide.individual, &guide.channels, &guide.terms,
                           &guide.warnings});
  return out;
}

bool holds(const Statements& list, std::string_view zh) {
  return std::ranges::any_of(
      list, [&](const Statement& s) { return s.text.zh.find(zh) != std::string::npos; });
}

}  // namespace

TEST_CASE(
    "Qinghai renews within 30 days before expiry, none after, for one or two years, in Beijing "
    "time") {
  const auto p = qinghai();
  CHECK(p.zone.offset == std::chrono::hours{8});
  CHECK(p.window == std::chrono::days{30});
  CHECK(p.grace == std::chrono::days{0});
  CHECK(p.term_years == std::vector<unsigned>{1, 2});
  CHECK(p.term_tolerance == std::chrono::days{3});
  CHECK(p.renewable_cas == std::vector<std::string>{"bjca", "hbca"});
}

TEST_CASE(
    "Qinghai's master holds three seals for an enterprise and a signature for an individual") {
  const auto p = qinghai();
  CHECK(p.required_seals.at(HolderKind::enterprise) ==
        std::vector{SealRole::unit, SealRole::legal_rep, SealRole::signature});
  CHECK(p.required_seals.at(HolderKind::individual) == std::vector{SealRole::signature});
  CHECK(p.required_seals.size() == 2);
}

TEST_CASE("every number and flag of Qinghai says whether the guide or we say it") {
  const auto p = qinghai();
  CHECK(p.sources.at("window_days") == Source::guide);
  CHECK(p.sources.at("term_years") == Source::guide);
  CHECK(p.sources.at("renewable_cas") == Source::guide);
  CHECK(p.sources.at("zone") == Source::own);
  CHECK(p.sources.at("grace_days") == Source::own);
  CHECK(p.sources.at("term_tolerance_days") == Source::own);
  CHECK(p.sources.at("required_seals.enterprise") == Source::guide);
  CHECK(p.sources.at("contacts.bjca") == Source::guide);
  CHECK(p.sources.at("services.renew.needs_old_key") == Source::guide);
}

TEST_CASE("every statement of Qinghai has words in both languages") {
  const auto p = qinghai();
  std::size_t count = 0;
  for (const auto* list : lists(p)) {
    for (const auto& statement : *list) {
      ++count;
      CHECK_FALSE(statement.text.zh.empty());
      CHECK_FALSE(statement.text.en.empty());
    }
  }
  CHECK(count > 80);
  for (const auto* list : {&p.place, &p.site, &p.basis, &p.registration, &p.fee})
    CHECK_FALSE(list->empty());
}

TEST_CASE(
    "Qinghai wants the old UKey for a renewal, a change and an unlock, not for a first issue") {
  const auto p = qinghai();
  REQUIRE(p.services.size() == 6);
  CHECK(p.services.at(Service::first_issue).needs_old_key == false);
  CHECK(p.services.at(Service::renew).needs_old_key == true);
  CHECK(p.services.at(Service::change).needs_old_key == true);
  CHECK(p.services.at(Service::unlock).needs_old_key == true);
  CHECK_FALSE(p.services.at(Service::lost).needs_old_key.has_value());
  CHECK_FALSE(p.services.at(Service::damaged).needs_old_key.has_value());
}

TEST_CASE(
    "the seal sampling form is wanted for everything but a renewal, and an unlock wants no "
    "papers") {
  const auto p = qinghai();
  for (const auto service :
       {Service::first_issue, Service::change, Service::lost, Service::damaged}) {
    const auto& guide = p.services.at(service);
    for (const auto* form :
         {"法人授权委托书", "身份证", "单位数字证书申请表", "签章采集表", "数字证书服务责任书"})
      CHECK(holds(guide.enterprise, form));
    for (const auto* form :
         {"身份证", "个人业务办理委托书", "个人数字证书申请表", "签章采集表", "数字证书服务责任书"})
      CHECK(holds(guide.individual, form));
  }
  const auto& renew = p.services.at(Service::renew);
  CHECK_FALSE(holds(renew.enterprise, "签章采集表"));
  CHECK_FALSE(holds(renew.individual, "签章采集表"));
  CHECK(holds(renew.enterprise, "数字证书服务责任书"));
  CHECK(holds(renew.individual, "个人数字证书申请表"));
  CHECK(p.services.at(Service::unlock).enterprise.empty());
  CHECK(p.services.at(Service::unlock).individual.empty());
}

TEST_CASE("renewal and change warn tenderers and bidders of a bid under way") {
  const auto p = qinghai();
  for (const auto service : {Service::renew, Service::change}) {
    const auto& warnings = p.services.at(service).warnings;
    CHECK(holds(warnings, "投标期间"));
    CHECK(holds(warnings, "招标人、代理机构"));
    CHECK(holds(warnings, "投标人如已"));
  }
  CHECK(holds(p.services.at(Service::renew).warnings, "江苏CA"));
  CHECK(holds(p.services.at(Service::first_issue).warnings, "江苏CA"));
}

TEST_CASE("Qinghai's contacts are those of the guide, for the two CAs that renew") {
  const auto p = qinghai();
  REQUIRE(p.contacts.size() == 2);
  CHECK(p.contacts.at("bjca").counter == "0971-6138132");
  CHECK(p.contacts.at("bjca").hotline == "4007001900");
  CHECK(p.contacts.at("bjca").qq_group == "1074970956");
  CHECK(p.contacts.at("bjca").online == "http://help.bjca.cn/qhggzy/yqm/index.html");
  CHECK(p.contacts.at("hbca").counter == "0971-5115239");
  CHECK(p.contacts.at("hbca").hotline == "4008708080");
  CHECK(p.contacts.at("hbca").qq_group == "980618660");
  CHECK(holds(p.site, "http://111.44.251.34/ggzy/"));
  CHECK(holds(p.place, "西宁市西川南路53号"));
}
