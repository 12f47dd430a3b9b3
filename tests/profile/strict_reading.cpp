#include <doctest/doctest.h>

#include <optional>

#include "profile/reader.hpp"
#include "tests/profile/scratch.hpp"

using namespace ukey;
using namespace ukey::profile;
using ukey::profile::test::changed;
using ukey::profile::test::Scratch;

namespace {

const std::string kToken = R"(id = "t"
name = { zh = "甲", en = "a" }
autoload = true
retry_limit = 8
match = [{ manufacturer = "Test Maker", model = "T*" }]
unconfirmed = ["retry_limit"]
[modules]
linux = ["libt.so"]
[seals]
privacy = "maybe"
[mechanisms]
0x80008000 = "CKM_T"
[errors]
0x80000001 = { zh = "错", en = "wrong" }
)";

const std::string kCa = R"(id = "c"
name = { zh = "甲", en = "a" }
certificates = "dual"
issuers = [
  { O = "Test CA" },
]
trust_sha256 = ["0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF"]
unique_id_oids = ["1.2.3"]
[renewal]
via = "cmp"
url = "http://ca.example/"
cmp_command = "cr"
recipient = "CN=Test CA"
command = "ask 'a b' {serial}"
timeout_seconds = 60
)";

const std::string kPlatform = R"(id = "p"
name = { zh = "甲", en = "a" }
zone = { value = "+08:00", source = "own" }
window_days = { value = 30, source = "guide" }
grace_days = { value = 0, source = "own" }
term_years = { value = [1, 2], source = "guide" }
term_tolerance_days = { value = 3, source = "own" }
renewable_cas = { value = ["c"], source = "guide" }
place = ["here"]
[required_seals]
enterprise = { value = ["unit"], source = "guide" }
individual = { value = ["signature"], source = "own" }
[services.renew]
needs_old_key = { value = true, source = "guide" }
[contacts.c]
hotline = "1"
source = "guide"
[texts.here]
zh = "这里"
en = "here"
source = "guide"
)";

/// What the reader says of the file after its name: "4: retry_limit"; absent when it reads it.
std::optional<std::string> fault(const std::string& name, const std::string& text) {
  const Scratch scratch;
  const auto file = scratch.put(name, text);
  try {
    if (name.starts_with("tokens/")) static_cast<void>(read_token_profile(file));
    if (name.starts_with("cas/")) static_cast<void>(read_ca_profile(file));
    if (name.starts_with("platforms/")) static_cast<void>(read_platform(file));
  } catch (const base::Error& error) {
    CHECK(error.code() == base::Code::bad_profile);
    REQUIRE(error.subject().starts_with(file));
    const auto all = check_file(file);  // the checker agrees about the first
    REQUIRE_FALSE(all.empty());
    CHECK(all.front().subject() == error.subject());
    return error.subject().substr(std::min(file.size() + 1, error.subject().size()));
  }
  CHECK(check_file(file).empty());
  return std::nullopt;
}

struct Mistake {
  std::string from, to, said;
};

void expect(const std::string& name, const std::string& text,
            const std::vector<Mistake>& mistakes) {
  CHECK_FALSE(fault(name, text).has_value());
  for (const auto& mistake : mistakes) {
    CAPTURE(mistake.to);
    CHECK(fault(name, changed(text, mistake.from, mistake.to)).value_or("nothing") == mistake.said);
  }
}

}  // namespace

TEST_CASE("a mistake in a token file is named by line and key") {
  expect("tokens/t.toml", kToken,
         {{"autoload = true", "autolaod = true", "1: autoload"},
          {"retry_limit = 8", "retry_limit = 8\ncolour = 1", "5: colour"},
          {"autoload = true", "autoload = 1", "3: autoload"},
          {"autoload = true", "autoload = \"true\"", "3: autoload"},
          {"autoload = true", "autoload = true\nconcurrent = 0", "4: concurrent"},
          {"= 8", "= 0", "4: retry_limit"},
          {"= 8", "= 256", "4: retry_limit"},
          {"= 8", "= 8.0", "4: retry_limit"},
          {"id = \"t\"\n", "", "1: id"},
          {"id = \"t\"", "id = \"u\"", "1: id"},
          {"id = \"t\"", "id = \"T\"", "1: id"},
          {"id = \"t\"", "id = \"../t\"", "1: id"},
          {"zh = \"甲\"", "zh = \"\"", "2: name.zh"},
          {"zh = \"甲\"", "zh = \"\\u001b[2J\"", "2: name.zh"},
          {"zh = \"甲\", ", "", "2: name.zh"},
          {"en = \"a\"", "en = \"a\", fr = \"a\"", "2: name.fr"},
          {"model = \"T*\"", "mdoel = \"T*\"", "5: match[0].model"},
          {"\"Test Maker\", model = \"T*\"", "\"*\", model = \"*\"", "5: match[0].manufacturer"},
          {"match = [{ manufacturer = \"Test Maker\", model = \"T*\" }]", "match = 3", "5: match"},
          {"[\"retry_limit\"]", "[\"retry_limits\"]", "6: unconfirmed[0]"},
          {"[\"retry_limit\"]", "[\"retry_limit\", \"retry_limit\"]", "6: unconfirmed[1]"},
          {"[\"retry_limit\"]", "\"retry_limit\"", "6: unconfirmed"},
          {"[\"libt.so\"]", "[\"lib/libt.so\"]", "8: modules.linux[0]"},
          {"[\"libt.so\"]", "[\"libt.so\", \"libt.so\"]", "8: modules.linux[1]"},
          {"[\"libt.so\"]", "[\"libt.so\",\n 7]", "9: modules.linux[1]"},
          {"linux", "plan9", "8: modules.plan9"},
          {"[seals]\nprivacy = \"maybe\"\n", "", "1: seals"},
          {"\"maybe\"", "\"perhaps\"", "10: seals.privacy"},
          {"\"maybe\"", "\"maybe\"\nlabels = { stamp = [\"x\"] }", "11: seals.labels.stamp"},
          {"\"maybe\"", "\"maybe\"\nlabels = { unit = [] }", "11: seals.labels.unit"},
          {"0x80008000", "80008000", "12: mechanisms.80008000"},
          {"0x80008000", "0x", "12: mechanisms.0x"},
          {"0x80008000", "0x8000800g", "12: mechanisms.0x8000800g"},
          {"0x80008000", "0x180008000", "12: mechanisms.0x180008000"},
          {"0x80008000", "0x1", "12: mechanisms.0x1"},
          {"\"CKM_T\"", "7", "12: mechanisms.0x80008000"},
          {"\"CKM_T\"", "\"CKM_T\"\n0x8000ab = \"A\"", "13: mechanisms.0x8000ab"},
          {"0x80000001", "0x0", "14: errors.0x0"},
          {", en = \"wrong\"", "", "14: errors.0x80000001.en"}});
}

TEST_CASE("the same number written twice in different ways is a duplicate") {
  const auto text =
      changed(kToken, "\"CKM_T\"", "\"CKM_T\"\n0x8000800A = \"A\"\n0x8000800a = \"B\"");
  CHECK(fault("tokens/t.toml", text) == "14: mechanisms.0x8000800a");
}

TEST_CASE("a token file needs a match or a module of some system") {
  const std::string bare =
      "id = \"t\"\nname = { zh = \"甲\", en = \"a\" }\nautoload = true\n[seals]\nprivacy = "
      "\"maybe\"\n";
  CHECK(fault("tokens/t.toml", bare) == "1: match");
  CHECK(fault("tokens/t.toml", bare + "[modules]\nlinux = []\n") == "1: match");
  CHECK_FALSE(fault("tokens/t.toml", bare + "[modules]\nwindows = ['C:\\t.dll']\n"));
}

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
          {"timeout_seconds", "timeout", "15: renewal.timeout"}});
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
}

TEST_CASE("digests are kept in lower case") {
  const Scratch scratch;
  const auto ca = read_ca_profile(scratch.put("cas/c.toml", kCa));
  CHECK(ca.trust_sha256.front().ends_with("89abcdef"));
}

TEST_CASE("a mistake in a platform file is named by line and key") {
  expect("platforms/p.toml", kPlatform,
         {{"+08:00", "+15:00", "3: zone.value"},
          {"+08:00", "Beijing", "3: zone.value"},
          {"zone = { value = \"+08:00\", source = \"own\" }", "zone = \"+08:00\"", "3: zone"},
          {"zone = { value = \"+08:00\", source = \"own\" }\n", "", "1: zone"},
          {"value = 30, source = \"guide\"", "value = 30", "4: window_days.source"},
          {"value = 30, source = \"guide\"", "value = 30, source = \"hearsay\"",
           "4: window_days.source"},
          {"value = 30", "value = -1", "4: window_days.value"},
          {"value = 30", "value = 3661", "4: window_days.value"},
          {"value = 30", "value = 9223372036854775807", "4: window_days.value"},
          {"[1, 2]", "[1, 1]", "6: term_years.value[1]"},
          {"[1, 2]", "[0]", "6: term_years.value[0]"},
          {"[1, 2]", "[]", "6: term_years.value"},
          {"[1, 2]", "1", "6: term_years.value"},
          {"[\"c\"]", "[\"c\", \"c\"]", "8: renewable_cas.value[1]"},
          {"[\"here\"]", "[\"there\", \"here\"]", "9: place[0]"},
          {"[\"here\"]", "[\"here\", \"here\"]", "9: place[1]"},
          {"place = [\"here\"]\n", "", "17: texts.here"},
          {"[\"here\"]", "[\"here\", { zh = \"x\", source = \"own\" }]", "9: place[1].en"},
          {"[\"unit\"]", "[\"stamp\"]", "11: required_seals.enterprise.value[0]"},
          {"individual = {", "person = {", "10: required_seals.individual"},
          {"services.renew", "services.renewal", "13: services.renewal"},
          {"needs_old_key = { value = true", "needs_old_key = { value = 1",
           "14: services.renew.needs_old_key.value"},
          {"hotline = \"1\"\n", "", "15: contacts.c"},
          {"en = \"here\"\n", "", "18: texts.here.en"}});
}

TEST_CASE(
    "a syntax error is named by its line, also in a file with a byte order mark or bad UTF-8") {
  CHECK(fault("tokens/t.toml", "id = \"t\"\nname = \n") == "2");
  CHECK(fault("tokens/t.toml", "id = \"t\"\nid = \"t\"\n") == "2");
  CHECK(fault("tokens/t.toml", "id = \"t\"\n# \xff\xfe\n") == "2");
  CHECK(fault("tokens/t.toml", "") == "1: id");
  CHECK_FALSE(fault("tokens/t.toml", "\xef\xbb\xbf" + kToken));
}

TEST_CASE("a multi-line string is refused, and so are keys dotted without end") {
  CHECK(fault("tokens/t.toml", "id = \"t\"\nnotes = \"\"\"x\n\"\"\"\n") == "2");
  std::string deep = "a";
  for (int i = 0; i < 400'000; ++i) deep += ".a";
  CHECK(fault("tokens/t.toml", "id = \"t\"\n" + deep + " = 1\n") == "2");
  CHECK(fault("tokens/t.toml", std::string(900'000, '[')) == "1");
  std::string dots = "# ";
  dots.append(5000, '.');
  CHECK_FALSE(fault("tokens/t.toml", kToken + dots));
}

TEST_CASE("a file of 1 MiB is read and one octet more is refused") {
  const std::size_t most = 1024 * 1024;
  CHECK_FALSE(fault("tokens/t.toml", kToken + "#" + std::string(most - kToken.size() - 1, 'x')));
  CHECK(fault("tokens/t.toml", kToken + "#" + std::string(most - kToken.size(), 'x')) == "");
}

TEST_CASE("a file that is not there, or is no regular file, is a file error") {
  const Scratch scratch;
  for (const auto& file : {scratch.path("tokens/none.toml"), scratch.path()}) {
    try {
      static_cast<void>(read_token_profile(file));
      FAIL("read");
    } catch (const base::Error& error) {
      CHECK(error.code() == base::Code::file_io);
      CHECK(error.subject() == file);
    }
  }
}

TEST_CASE("the checker shows every mistake of a file, by line") {
  const Scratch scratch;
  auto text = changed(kToken, "retry_limit = 8", "retry_limit = 0");
  text = changed(text, "\"maybe\"", "\"perhaps\"");
  text = changed(text, "autoload = true", "autoload = 1");
  const auto file = scratch.put("tokens/t.toml", text + "[colour]\n");
  std::vector<std::string> said;
  for (const auto& error : check_file(file))
    said.push_back(error.subject().substr(file.size() + 1));
  CHECK(said == std::vector<std::string>{"3: autoload", "4: retry_limit", "10: seals.privacy",
                                         "15: colour"});
}

TEST_CASE("outside the profile directories the kind of a file is told by its keys") {
  const Scratch scratch;
  CHECK(check_file(scratch.put("t.toml", kToken)).empty());
  CHECK(check_file(scratch.put("c.toml", kCa)).empty());
  CHECK(check_file(scratch.put("p.toml", kPlatform)).empty());
}

TEST_CASE("a key that could steer a terminal is shown escaped") {
  const auto said = fault("tokens/t.toml", "\"\\u001b[2J\" = 1\n" + kToken);
  CHECK(said == "1: \\x1b[2J");
}
