#include "policy/identity.hpp"

#include <doctest/doctest.h>

#include "policy/checks.hpp"
#include "tests/policy/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::policy_test;
using model::PinLevel;

model::TokenInfo token(const char* manufacturer, const char* model_name) {
  model::TokenInfo out;
  out.manufacturer = manufacturer;
  out.model = model_name;
  out.flags.user_pin_set = true;
  return out;
}

/// A token of one maker that a slot of a module shows.
struct Shown {
  const char* module;
  unsigned long slot;
  const char* serial;
  const char* label;
};

std::vector<std::size_t> firsts(const std::vector<Shown>& shown) {
  std::vector<model::TokenInfo> infos;
  for (const auto& one : shown) {
    infos.push_back(token("maker", "model"));
    infos.back().serial = one.serial;
    infos.back().label = one.label;
  }
  std::vector<policy::TokenPlace> places;
  for (std::size_t i = 0; i < shown.size(); ++i)
    places.push_back({shown[i].module, shown[i].slot, &infos[i]});
  return policy::first_places(places);
}

using Numbers = std::vector<std::size_t>;

model::TokenProfile profile(const char* id, const char* manufacturer, const char* model_name) {
  model::TokenProfile out;
  out.id = id;
  out.match = {{manufacturer, model_name}};
  return out;
}

model::Certificate issued_by(std::vector<std::pair<std::string, std::string>> parts) {
  model::Certificate out;
  out.issuer_parts = std::move(parts);
  return out;
}

model::Profiles with_cas() {
  model::CaProfile bjca;
  bjca.id = "bjca";
  bjca.issuers = {{{"O", "BJCA"}}, {{"O", "BJCA"}, {"CN", "Beijing SM2 CA"}}};
  model::CaProfile other;
  other.id = "other";
  other.issuers = {{{"O", "BJCA"}, {"OU", "Else"}}};
  model::Profiles out;
  out.cas = {other, bjca};
  return out;
}

}  // namespace

TEST_CASE("a token matches a profile by manufacturer and model, the most specific pattern first") {
  model::Profiles profiles;
  profiles.tokens = {profile("any", "*", "*"), profile("maker", "Maker", "*"),
                     profile("exact", "Maker", "M1")};
  CHECK(policy::token_profile(profiles, token("Maker", "M1"))->id == "exact");
  CHECK(policy::token_profile(profiles, token("Maker", "M2"))->id == "maker");
  CHECK(policy::token_profile(profiles, token("maker", "M1"))->id == "any");
  profiles.tokens.erase(profiles.tokens.begin());
  CHECK(policy::token_profile(profiles, token("Nobody", "M1")) == nullptr);
}

TEST_CASE(
    "the CA is found by its issuer name without regard to case, the pattern with most parts "
    "first") {
  const auto profiles = with_cas();
  CHECK(
      policy::ca_of(profiles, qinghai(), issued_by({{"O", "bjca"}, {"CN", "BeiJing SM2 CA"}})).id ==
      "bjca");
  CHECK(policy::ca_of(profiles, qinghai(), issued_by({{"O", "BJCA"}, {"OU", "Else"}})).id ==
        "other");
  CHECK(policy::ca_of(profiles, qinghai(), issued_by({{"O", "BJCA"}})).renewable);
  const auto unknown = policy::ca_of(profiles, qinghai(), issued_by({{"O", "BJCA2"}}));
  CHECK(unknown.id == "unknown");
  CHECK_FALSE(unknown.renewable);
}

TEST_CASE("a module's profile advises by the module's file name and the error's code alone") {
  using base::Code;
  model::TokenProfile silent;
  silent.module_files = {"libfar.so"};
  model::TokenProfile far;
  far.module_files = {"/usr/lib/pkcs11/libfar.so", "libother.so"};
  far.hints[Code::not_supported] = {"甲", "a"};
  const model::Profiles profiles{{silent, far}, {}, {}};
  const auto advice = [&profiles](const char* file, Code code) {
    const auto out = policy::advised(profiles, file, base::Error{code, "one"});
    CHECK(out.code() == code);
    CHECK(out.subject() == "one");
    return out.advice() ? out.advice()->en : "none";
  };
  CHECK(advice("/usr/lib/pkcs11/libfar.so", Code::not_supported) == "a");
  CHECK(advice("/opt/libfar.so", Code::not_supported) == "a");
  CHECK(advice("libother.so", Code::not_supported) == "a");
  CHECK(advice("/usr/lib/pkcs11/libfar.so", Code::module_broken) == "none");
  CHECK(advice("/usr/lib/pkcs11/libfar.so.1", Code::not_supported) == "none");
  CHECK(advice("/usr/lib/libfar.so/libnear.so", Code::not_supported) == "none");
  CHECK(advice("", Code::not_supported) == "none");
}

TEST_CASE("two modules show one token when all its names are the same and the serial tells it") {
  CHECK(firsts({{"a", 1, "0001", "one"}, {"b", 7, "0001", "one"}}) == Numbers{0, 0});
  CHECK(firsts({{"a", 1, "0001", "one"}, {"b", 1, "0001", "two"}}) == Numbers{0, 1});
  CHECK(firsts({{"a", 1, "0001", "one"}, {"b", 1, "0002", "one"}}) == Numbers{0, 1});
  auto one = token("maker", "model");
  auto other = token("another", "model");
  one.serial = other.serial = "0001";
  CHECK(policy::first_places(std::vector<policy::TokenPlace>{{"a", 1, &one}, {"b", 1, &other}}) ==
        Numbers{0, 1});
}

TEST_CASE("a serial that is blank, all zeros, or on two tokens of one module joins nothing") {
  for (const char* serial : {"", "0", "0000000000000000"})
    CHECK(firsts({{"a", 1, serial, "one"}, {"b", 1, serial, "one"}}) == Numbers{0, 1});
  const Shown first{"a", 1, "1234", "one"};
  const Shown second{"a", 2, "1234", "two"};
  const Shown elsewhere{"b", 1, "1234", "one"};
  CHECK(firsts({first, second, elsewhere}) == Numbers{0, 1, 2});
  CHECK(firsts({elsewhere, first, second}) == Numbers{0, 1, 2});
  CHECK(firsts({first, elsewhere, second}) == Numbers{0, 1, 2});
  CHECK(firsts({first, elsewhere}) == Numbers{0, 0});
}

TEST_CASE("two slots of one module are two tokens whatever they say, one slot read twice is one") {
  CHECK(firsts({{"a", 1, "0001", "one"}, {"a", 2, "0001", "one"}}) == Numbers{0, 1});
  CHECK(firsts({{"a", 1, "0001", "one"}, {"a", 1, "0001", "one"}}) == Numbers{0, 0});
  CHECK(firsts({{"a", 1, "", ""}, {"a", 1, "", ""}}) == Numbers{0, 0});
}

TEST_CASE("what cannot be read is like nothing else") {
  const std::vector<policy::TokenPlace> places{{"a", 1, nullptr}, {"b", 1, nullptr}};
  CHECK(policy::first_places(places) == Numbers{0, 1});
}

TEST_CASE("the PIN state is the most severe flag that is set") {
  auto info = token("", "");
  CHECK(policy::pin_state(info, nullptr).user == PinLevel::ok);
  info.flags.user_to_be_changed = true;
  CHECK(policy::pin_state(info, nullptr).user == PinLevel::to_be_changed);
  info.flags.user_pin_set = false;
  CHECK(policy::pin_state(info, nullptr).user == PinLevel::not_set);
  info.flags.user_count_low = true;
  CHECK(policy::pin_state(info, nullptr).user == PinLevel::count_low);
  info.flags.user_final_try = true;
  CHECK(policy::pin_state(info, nullptr).user == PinLevel::final_try);
  info.flags.user_locked = true;
  CHECK(policy::pin_state(info, nullptr).user == PinLevel::locked);
  CHECK(policy::pin_state(info, nullptr).so == PinLevel::ok);
}

TEST_CASE("PIN lengths that make no sense are unknown") {
  auto info = token("", "");
  info.min_pin = 8;
  info.max_pin = 4;
  CHECK_FALSE(policy::pin_state(info, nullptr).max_length.has_value());
  info.max_pin = 16;
  CHECK(policy::pin_state(info, nullptr).min_length == 8);
}

TEST_CASE("checks pass when nothing failed and the chain was really checked") {
  using enum model::Check;
  using enum model::CheckResult;
  std::vector<model::CheckRow> rows{{chain, ok, {}},
                                    {dates, ok, {}},
                                    {purpose, ok, {}},
                                    {key_match, not_checked, {}},
                                    {revocation, not_checked, model::CheckReason::no_crl}};
  CHECK(policy::passed(rows));
  rows[3].result = failed;
  CHECK_FALSE(policy::passed(rows));
  rows[3].result = ok;
  rows[0].result = not_checked;
  CHECK_FALSE(policy::passed(rows));
}
