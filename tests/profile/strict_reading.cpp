#include <doctest/doctest.h>

#include "tests/profile/mistakes.hpp"

using namespace ukey;
using namespace ukey::profile;
using namespace ukey::profile::test;

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
[hints]
no_token = { zh = "看", en = "look" }
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
          {", en = \"wrong\"", "", "14: errors.0x80000001.en"},
          {"no_token", "no_tokens", "16: hints.no_tokens"},
          {"no_token", "0x70", "16: hints.0x70"},
          {", en = \"look\"", "", "16: hints.no_token.en"},
          {"{ zh = \"看\", en = \"look\" }", "1", "16: hints.no_token"}});
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
                                         "17: colour"});
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
