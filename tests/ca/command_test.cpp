#include "ca/command.hpp"

#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/ca/fixture.hpp"
#include "x509/certificate.hpp"

using namespace ukey;
using namespace ukey::ca;
using namespace ukey::ca::test;
using namespace std::chrono_literals;
using base::Code;

namespace {

std::vector<std::string> shell(const std::string& script) { return {"/bin/sh", "-c", script}; }

Renewal known_renewal() {
  Renewal renewal;
  auto& facts = renewal.request.facts;
  facts.token = {"pkcs11:serial=PRACTICE-0001",
                 "PRACTICE-0001",
                 "演练锁",
                 "Practice",
                 "P1",
                 "PRACTICE-0001",
                 {},
                 {}};
  facts.holder.name = "演练";
  facts.holder.organisation = "演练测试有限公司";
  facts.holder.uscc = "91630000MA7XXXXX0X";
  facts.holder.person_id = "630102199001010000";
  facts.holder.kind = model::HolderKind::enterprise;
  facts.ca_id = "practice";
  facts.role = model::Role::sign;
  facts.years = 2;
  return renewal;
}

base::Error refusal(const std::string& script, std::chrono::seconds limit = 10s) {
  const Renewal renewal;
  return thrown_by([&] { (void)ask_command(shell(script), limit, renewal.request); });
}

}  // namespace

TEST_CASE("a command that signs the request as openssl does brings the certificate") {
  const Folder folder;
  const Renewal renewal;
  const auto root = folder.put("root.pem", x509::pem(renewal.authority.root));
  const auto root_key = folder.put("root.key", key_pem(renewal.authority.root_key));
  const auto answer =
      ask_command(shell("openssl x509 -req -in /dev/stdin -CA " + root + " -CAkey " + root_key +
                        " -days 365 -set_serial 77 2>/dev/null"),
                  10s, renewal.request);
  REQUIRE(answer.certificates.size() == 1);
  CHECK(x509::answers_request(answer.certificates.front(), renewal.request.pkcs10));
  CHECK(x509::parse_certificate(answer.certificates.front()).subject ==
        x509::parse_certificate(renewal.old_certificate).subject);
}

TEST_CASE("PEM, DER and PKCS#7 are read, each certificate once") {
  const Folder folder;
  const Renewal renewal;
  const auto pem = folder.put("new.pem", x509::pem(renewal.next) + x509::pem(renewal.next) +
                                             x509::pem(renewal.authority.root));
  const auto ask = [&](const std::string& script) {
    return ask_command(shell(script), 10s, renewal.request).certificates;
  };
  const std::vector<base::Bytes> both{renewal.next, renewal.authority.root};
  CHECK(ask("cat " + pem) == both);
  CHECK(ask("openssl x509 -in " + pem + " -outform DER").size() == 1);
  CHECK(ask("openssl crl2pkcs7 -nocrl -certfile " + pem).front() == renewal.next);
  CHECK(ask("openssl crl2pkcs7 -nocrl -certfile " + pem + " -outform DER").front() == renewal.next);
}

TEST_CASE("the command is told the facts in a private file that is gone afterwards") {
  const Folder folder;
  const auto renewal = known_renewal();
  const auto pem = folder.put("new.pem", x509::pem(renewal.next));
  const auto copy = folder.path("facts"), path = folder.path("path"), modes = folder.path("modes");
  (void)ask_command(shell("cat \"$UKEY_FACTS\" >" + copy + "; echo \"$UKEY_FACTS\" >" + path +
                          "; stat -c %a \"$UKEY_FACTS\" \"$(dirname \"$UKEY_FACTS\")\" >" + modes +
                          "; cat " + pem),
                    10s, renewal.request);
  CHECK(slurp(modes) == "600\n700\n");
  auto where = slurp(path);
  where.pop_back();
  CHECK_FALSE(std::filesystem::exists(where));
  CHECK_FALSE(std::filesystem::exists(std::filesystem::path{where}.parent_path()));
  const auto text = slurp(copy);
  CHECK(text == facts_json(renewal.request));
  CHECK(text.find("630102199001010000") == std::string::npos);
  const auto facts = nlohmann::ordered_json::parse(text);
  CHECK(facts.size() == 8);
  CHECK(facts["schema"] == "ukey/1");
  CHECK(facts["token"].dump() ==
        R"({"serial":"PRACTICE-0001","label":"演练锁","manufacturer":"Practice","model":"P1"})");
  CHECK(facts["holder"].dump() == R"({"name":"演练","organisation":"演练测试有限公司",)"
                                  R"("uscc":"91630000MA7XXXXX0X","kind":"enterprise"})");
  CHECK(facts["ca"].dump() == R"({"id":"practice"})");
  CHECK(facts["role"] == "sign");
  CHECK(facts["years"] == 2);
  CHECK(facts["old"]["serial"] == "03");
  CHECK(facts["old"]["not_after"] == "2049-01-01T00:00:00Z");
  CHECK(facts["old"]["sha256"] == x509::parse_certificate(renewal.old_certificate).sha256);
  CHECK(facts["old"]["pem"] == x509::pem(renewal.old_certificate));
  CHECK(facts["request_sha256"] == x509::sha256(renewal.request.pkcs10));
}

TEST_CASE("facts that are not known are null, and broken text stays valid JSON") {
  Renewal renewal;
  renewal.request.facts.token.label = "\xff\xfe";
  const auto facts = nlohmann::ordered_json::parse(facts_json(renewal.request));
  CHECK(facts["holder"]["uscc"].is_null());
  CHECK(facts["years"].is_null());
  CHECK(facts["role"] == "other");
}

TEST_CASE("the request is the command's input in PEM, and {serial} is the token's") {
  const Folder folder;
  const auto renewal = known_renewal();
  const auto pem = folder.put("new.pem", x509::pem(renewal.next));
  const auto copy = folder.path("in");
  const auto answer = ask_command(
      {"/bin/sh", "-c", "cat >" + copy + "; echo \"$0\" >>" + copy + "; cat " + pem, "{serial}"},
      10s, renewal.request);
  CHECK(slurp(copy) == x509::request_pem(renewal.request.pkcs10) + "PRACTICE-0001\n");
}

TEST_CASE("a serial that could be an option or a path never reaches a command") {
  Renewal renewal;
  for (const char* serial : {"", "-rf", "../x", "a b"}) {
    renewal.request.facts.token.serial = serial;
    const auto error = thrown_by([&] {
      (void)ask_command({"/bin/echo", "{serial}"}, 10s, renewal.request);
    });
    CHECK(error.code() == Code::bad_input);
  }
}

TEST_CASE("a command that fails is a refusal in its last words") {
  auto error = refusal("echo first >&2; printf 'fee not paid \\033[2J未缴费\\r\\n\\n' >&2; exit 3");
  CHECK(error.code() == Code::ca_refused);
  CHECK(error.subject() == "fee not paid \\x1b[2J未缴费");
  error = refusal("printf '\\267\\321\\323\\303' >&2; exit 1");  // GBK
  CHECK(error.subject() == "费用");
  error = refusal("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 1");
  CHECK(error.subject().size() < 400);
  CHECK(refusal("exit 1").subject() == "/bin/sh");
  CHECK(refusal("kill -9 $$").code() == Code::ca_refused);
}

TEST_CASE("a command that prints no certificate, or too much, is not understood") {
  for (const char* script : {"true", "echo hello", "cat", "echo '-----BEGIN CERTIFICATE-----'",
                             "head -c 20000000 /dev/zero"}) {
    CAPTURE(script);
    const auto error = refusal(script);
    CHECK(error.code() == Code::ca_refused);
    CHECK(error.cause() == base::Cause::odd_answer);
  }
}

TEST_CASE("a command that complains without end still gives its answer") {
  const Folder folder;
  const Renewal renewal;
  const auto pem = folder.put("new.pem", x509::pem(renewal.next));
  const auto answer =
      ask_command(shell("head -c 20000000 /dev/zero >&2; cat " + pem), 10s, renewal.request);
  CHECK(answer.certificates.front() == renewal.next);
}

TEST_CASE("a command that hangs is ended at the limit with all its children") {
  const Folder folder;
  const auto pid = folder.path("pid");
  const auto error = refusal("sleep 600 & echo $! >" + pid + "; wait", 2s);
  CHECK(error.code() == Code::ca_unreachable);
  CHECK(error.cause() == base::Cause::ca_command_slow);
  CHECK(error.subject() == "/bin/sh (2 s)");
  auto number = slurp(pid);
  number.pop_back();
  const auto state = [&] { return slurp("/proc/" + number + "/stat"); };
  for (int i = 0; i < 3000 && !state().empty() && state().find(") Z") == std::string::npos; ++i)
    usleep(20'000);
  CHECK((state().empty() || state().find(") Z") != std::string::npos));
}

TEST_CASE("a command that is not there is a file error") {
  const Renewal renewal;
  const auto error =
      thrown_by([&] { (void)ask_command({"/nonexistent/ca"}, 10s, renewal.request); });
  CHECK(error.code() == Code::file_io);
  CHECK(error.subject() == "/nonexistent/ca");
}
