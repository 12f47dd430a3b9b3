#include <doctest/doctest.h>

#include <chrono>

#include "tests/profile/mistakes.hpp"

using namespace ukey;
using namespace ukey::profile;
using namespace ukey::profile::test;

TEST_CASE("a mistake in a CA file is named by line and key") {
  expect("cas/c.toml", kCa,
         {{"\"dual\"", "\"triple\"", "3: certificates"},
          {"certificates = \"dual\"\n", "", "1: certificates"},
          {"{ O = \"Test CA\" },\n", "", "4: issuers"},
          {"{ O = \"Test CA\" }", "{ X = \"Test CA\" }", "5: issuers[0]"},
          {"{ O = \"Test CA\" }", "{ C = \"CN\" }", "5: issuers[0]"},
          {"{ O = \"Test CA\" }", "{ O = \"Test CA\", o = \"x\" }", "5: issuers[0].o"},
          {"{ O = \"Test CA\" }", "{ O = 7, CN = \"x\" }", "5: issuers[0].O"},
          {"{ O = \"Test CA\" }", "\"Test CA\"", "5: issuers[0]"},
          {"0123", "01:23", "7: trust_sha256[0]"},
          {"0123", "012", "7: trust_sha256[0]"},
          {"\"1.2.3\"", "\"1.02.3\"", "8: unique_id_oids[0]"},
          {"\"1.2.3\"", "\"3.2.3\"", "8: unique_id_oids[0]"},
          {"\"1.2.3\"", "\"1.2.\"", "8: unique_id_oids[0]"},
          {"\"1.2.3\"", "\"1\"", "8: unique_id_oids[0]"},
          {"unique_id_oids", "contact = {}\nunique_id_oids", "8: contact"},
          {"unique_id_oids", "contact = { fax = \"1\", hotline = \"1\" }\nunique_id_oids",
           "8: contact.fax"}});
}

TEST_CASE("a mistake in how a CA takes renewals is named by line and key") {
  expect("cas/c.toml", kCa,
         {{"\"cmp\"", "\"mail\"", "10: renewal.via"},
          {"via = \"cmp\"\n", "", "9: renewal.via"},
          {"url = \"http://ca.example/\"\n", "", "9: renewal.url"},
          {"http://ca.example/", "ftp://ca.example/", "11: renewal.url"},
          {"http://ca.example/", "http:///pkix/", "11: renewal.url"},
          {"http://ca.example/", "https://", "11: renewal.url"},
          {"http://ca.example/", "http://ca example/", "11: renewal.url"},
          {"\"cr\"", "\"ir\"", "12: renewal.cmp_command"},
          {"CN=Test CA", "Test CA", "13: renewal.recipient"},
          {"CN=Test CA", "=Test CA", "13: renewal.recipient"},
          {"CN=Test CA", "CN=", "13: renewal.recipient"},
          {"CN=Test CA", "", "13: renewal.recipient"},
          {"'a b'", "'a b", "14: renewal.command"},
          {"ask 'a b' {serial}", " ", "14: renewal.command"},
          {"= 60", "= 0", "15: renewal.timeout_seconds"},
          {"= 60", "= 86401", "15: renewal.timeout_seconds"},
          {"timeout_seconds", "timeout", "15: renewal.timeout"},
          {"timeout_seconds = 60", "implicit_confirm = 1", "15: renewal.implicit_confirm"}});
  const auto by_command = changed(kCa, "\"cmp\"", "\"command\"");
  CHECK_FALSE(fault("cas/c.toml", by_command));
  CHECK(fault("cas/c.toml", changed(by_command, "command = \"ask 'a b' {serial}\"\n", "")) ==
        "9: renewal.command");
}

TEST_CASE("how a CA takes renewals is read whole, with what is usual where nothing is said") {
  const Scratch scratch;
  const auto ca = read_ca_profile(scratch.put("cas/c.toml", kCa));
  REQUIRE(ca.renewal);
  CHECK(ca.renewal->via == model::Route::cmp);
  CHECK(ca.renewal->url == "http://ca.example/");
  CHECK(ca.renewal->cmp_command == model::CmpCommand::cr);
  CHECK(ca.renewal->recipient == "CN=Test CA");
  CHECK(ca.renewal->command == "ask 'a b' {serial}");
  CHECK(ca.renewal->timeout == std::chrono::seconds{60});

  const auto head = kCa.substr(0, kCa.find("[renewal]"));
  CHECK_FALSE(read_ca_profile(scratch.put("cas/c.toml", head)).renewal);
  const auto bare =
      read_ca_profile(scratch.put("cas/c.toml", head + "[renewal]\nvia = \"file\"\n"));
  REQUIRE(bare.renewal);
  CHECK(bare.renewal->via == model::Route::file);
  CHECK(bare.renewal->url.empty());
  CHECK(bare.renewal->cmp_command == model::CmpCommand::kur);
  CHECK(bare.renewal->timeout == std::chrono::seconds{120});
  CHECK_FALSE(bare.renewal->implicit_confirm);
  const auto told = read_ca_profile(
      scratch.put("cas/c.toml", head + "[renewal]\nvia = \"file\"\nimplicit_confirm = true\n"));
  REQUIRE(told.renewal);
  CHECK(told.renewal->implicit_confirm);
}

TEST_CASE("digests are kept in lower case") {
  const Scratch scratch;
  const auto ca = read_ca_profile(scratch.put("cas/c.toml", kCa));
  CHECK(ca.trust_sha256.front().ends_with("89abcdef"));
}
