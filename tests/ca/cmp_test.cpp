#include <algorithm>

#include "tests/ca/fixture.hpp"
#include "x509/certificate.hpp"

using namespace ukey;
using namespace ukey::ca;
using namespace ukey::ca::test;
using base::Code;
using model::CmpCommand;

TEST_CASE("cr and p10cr bring the certificate, protected by the old certificate") {
  for (const auto kind : {KeyKind::ec_p256, KeyKind::rsa_2048})
    for (const auto command : {CmpCommand::cr, CmpCommand::p10cr}) {
      CAPTURE(static_cast<int>(kind));
      CAPTURE(static_cast<int>(command));
      const Folder folder;
      const Renewal renewal{kind};
      const Server server{folder, renewal.authority, renewal.next};
      const auto answer = ask_cmp(renewal.at_url(server.url(), command), renewal.request);
      REQUIRE_FALSE(answer.certificates.empty());
      CHECK(answer.certificates.front() == renewal.next);
      CHECK(ERR_peek_error() == 0);
    }
}

TEST_CASE("a new key pair is asked for with the old one's protection") {
  const Folder folder;
  const Renewal renewal{KeyKind::ec_p256, true};
  const Server server{folder, renewal.authority, renewal.next};
  CHECK(ask_cmp(renewal.at_url(server.url()), renewal.request).certificates.front() ==
        renewal.next);
}

TEST_CASE("kur updates the certificate that protects it") {
  const Folder folder;
  const Renewal renewal;  // this server updates only a certificate that it also answers with
  const Server server{folder, renewal.authority, renewal.old_certificate};
  const auto answer = ask_cmp(renewal.at_url(server.url(), CmpCommand::kur), renewal.request);
  CHECK(answer.certificates.front() == renewal.old_certificate);
}

TEST_CASE("kur of a certificate that the CA does not know is refused in the CA's words") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  const auto error = thrown_by(
      [&] { (void)ask_cmp(renewal.at_url(server.url(), CmpCommand::kur), renewal.request); });
  CHECK(error.code() == Code::ca_refused);
  CHECK(error.subject().find("wrong certid") != std::string::npos);
}

TEST_CASE("the path is /pkix/ where the URL has none") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  const auto url = "http://localhost:" + server.port();
  CHECK_FALSE(ask_cmp(renewal.at_url(url), renewal.request).certificates.empty());
  CHECK_FALSE(ask_cmp(renewal.at_url(url + "/"), renewal.request).certificates.empty());
}

TEST_CASE("a shared secret protects instead of the old certificate") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder,
                      renewal.authority,
                      renewal.next,
                      {"-srv_secret", "pass:practice", "-srv_ref", "0007"}};
  auto asked = renewal.at_url(server.url());
  asked.reference = "0007";
  asked.trust.clear();
  SUBCASE("the right one") {
    asked.secret = secret_of("practice");
    CHECK(ask_cmp(asked, renewal.request).certificates.front() == renewal.next);
    asked.command = CmpCommand::p10cr;
    CHECK(ask_cmp(asked, renewal.request).certificates.front() == renewal.next);
  }
  SUBCASE("a wrong one is refused") {
    asked.secret = secret_of("mistaken");
    const auto error = thrown_by([&] { (void)ask_cmp(asked, renewal.request); });
    CHECK(error.code() == Code::ca_refused);
  }
}

TEST_CASE("with a shared secret an SM2 key can be sent by p10cr, else not by CMP") {
  const Folder folder;
  const Renewal renewal{KeyKind::sm2};
  const Server server{folder,
                      renewal.authority,
                      renewal.next,
                      {"-srv_secret", "pass:practice", "-srv_ref", "0007"}};
  auto asked = renewal.at_url(server.url(), CmpCommand::p10cr);
  CHECK(thrown_by([&] { (void)ask_cmp(asked, renewal.request); }).code() == Code::not_supported);
  asked.secret = secret_of("practice");
  asked.reference = "0007";
  // This server checks SM2 requests without the usual id, so it refuses ours, but it was asked.
  const auto error = thrown_by([&] { (void)ask_cmp(asked, renewal.request); });
  CHECK(error.code() == Code::ca_refused);
  CHECK(error.subject().ends_with("(badPOP)"));
  asked.command = CmpCommand::kur;
  CHECK(thrown_by([&] { (void)ask_cmp(asked, renewal.request); }).code() == Code::not_supported);
}

TEST_CASE("a refusal is told in the CA's words with the names of its failure bits") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder,
                      renewal.authority,
                      renewal.next,
                      {"-pkistatus", "2", "-failure", "2", "-statusstring", "fee not paid 未缴费"}};
  for (const auto command : {CmpCommand::cr, CmpCommand::p10cr}) {
    const auto error =
        thrown_by([&] { (void)ask_cmp(renewal.at_url(server.url(), command), renewal.request); });
    CHECK(error.code() == Code::ca_refused);
    CHECK(error.subject() == "fee not paid 未缴费 (badRequest)");
  }
}

TEST_CASE("a refusal without words is told by its failure bits, or as a rejection") {
  const Folder folder;
  const Renewal renewal;
  {
    const Server server{
        folder, renewal.authority, renewal.next, {"-pkistatus", "2", "-failurebits", "8388612"}};
    const auto error =
        thrown_by([&] { (void)ask_cmp(renewal.at_url(server.url()), renewal.request); });
    CHECK(error.subject() == "badRequest, notAuthorized");
  }
  const Server server{folder, renewal.authority, renewal.next, {"-pkistatus", "2"}};
  const auto error =
      thrown_by([&] { (void)ask_cmp(renewal.at_url(server.url()), renewal.request); });
  CHECK(error.code() == Code::ca_refused);
  CHECK(error.subject() == "rejection");
}

TEST_CASE("a CA that sends errors, also unprotected ones, has its words shown") {
  for (const bool bare : {false, true}) {
    const Folder folder;
    const Renewal renewal;
    std::vector<std::string> more{"-send_error"};
    if (bare) more.insert(more.end(), {"-send_unprot_err"});
    const Server server{folder, renewal.authority, renewal.next, more};
    const auto error =
        thrown_by([&] { (void)ask_cmp(renewal.at_url(server.url()), renewal.request); });
    CHECK(error.code() == Code::ca_refused);
    CHECK(error.subject() == "error processing message (badRequest)");
  }
}

TEST_CASE("a CA that asks to wait is polled until it answers") {
  const Folder folder;
  const Renewal renewal;
  const Server server{
      folder, renewal.authority, renewal.next, {"-poll_count", "2", "-check_after", "1"}};
  const auto answer = ask_cmp(renewal.at_url(server.url()), renewal.request);
  CHECK(answer.certificates.front() == renewal.next);
}

TEST_CASE("a CA that lets wait beyond the limit is unreachable") {
  const Folder folder;
  const Renewal renewal;
  const Server server{
      folder, renewal.authority, renewal.next, {"-poll_count", "100", "-check_after", "1"}};
  auto asked = renewal.at_url(server.url());
  asked.limit = std::chrono::seconds{4};
  const auto error = thrown_by([&] { (void)ask_cmp(asked, renewal.request); });
  CHECK(error.code() == Code::ca_unreachable);
  CHECK(error.cause() == base::Cause::ca_waits);
  CHECK(error.subject() == server.url() + " (4 s)");
}

TEST_CASE("confirmation is left out only when it was asked for and granted") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next, {"-grant_implicitconf"}};
  auto asked = renewal.at_url(server.url());
  CHECK_FALSE(ask_cmp(asked, renewal.request).certificates.empty());
  const auto requests = [&] {
    const auto text = server.said();
    std::size_t count = 0;
    for (auto line = text.find("POST "); line != std::string::npos; ++count)
      line = text.find("POST ", line + 1);
    return count;
  };
  CHECK(requests() == 2);
  asked.implicit_confirm = true;
  CHECK_FALSE(ask_cmp(asked, renewal.request).certificates.empty());
  CHECK(requests() == 3);
}

TEST_CASE("certificates that come beside the one asked for are handed on, each once") {
  const Folder folder;
  const Renewal renewal;
  const auto encryption = renewal.authority.issued("演练", key(KeyKind::ec_p256, 3), 6);
  const auto extra = folder.put("extra.pem", x509::pem(encryption) + x509::pem(renewal.next));
  const Server server{folder, renewal.authority, renewal.next, {"-rsp_extracerts", extra}};
  const auto all = ask_cmp(renewal.at_url(server.url()), renewal.request).certificates;
  CHECK(all.front() == renewal.next);
  CHECK(std::count(all.begin(), all.end(), renewal.next) == 1);
  CHECK(std::count(all.begin(), all.end(), encryption) == 1);
}

TEST_CASE("an answer that nobody trusted has signed is not taken") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  auto asked = renewal.at_url(server.url());
  const auto refused = [&] {
    const auto error = thrown_by([&] { (void)ask_cmp(asked, renewal.request); });
    CHECK(error.code() == Code::ca_refused);
    CHECK(error.cause() == base::Cause::foreign_answer);
  };
  SUBCASE("another root") {
    const auto& strange = key(KeyKind::ec_p256, 3);
    asked.trust = {x509::issue(ukey::test::ca_request("Other Root", strange), strange)};
    refused();
  }
  SUBCASE("another sender than the one addressed") {
    asked.recipient = "CN=Somebody Else,C=CN";
    refused();
  }
  SUBCASE("a time when its certificate does not hold") {
    asked.as_of = at("2049-06-01T00:00:00Z");
    refused();
  }
  SUBCASE("the sender addressed, at a time in its dates, is taken") {
    asked.recipient = x509::parse_certificate(renewal.authority.server).subject;
    asked.as_of = at("2048-06-01T00:00:00Z");
    CHECK_FALSE(ask_cmp(asked, renewal.request).certificates.empty());
  }
  SUBCASE("an intermediate alone is trust enough") {
    asked.trust = {renewal.authority.server};
    CHECK_FALSE(ask_cmp(asked, renewal.request).certificates.empty());
  }
}

TEST_CASE("what cannot be asked is refused before anything is sent") {
  const Renewal renewal;
  const auto code = [&](const CmpServer& asked) {
    return thrown_by([&] { (void)ask_cmp(asked, renewal.request); }).code();
  };
  for (const char* url :
       {"", "ftp://127.0.0.1/", "127.0.0.1:829", "http://", "http://a b/", "http://user@127.0.0.1/",
        "http://127.0.0.1/#x", "http://127.0.0.1:99999/", "http://127.0.0.1/\r\nX: y"}) {
    CAPTURE(url);
    CHECK(code(renewal.at_url(url)) == Code::usage);
  }
  auto asked = renewal.at_url("http://127.0.0.1:1/");
  asked.trust.clear();
  CHECK(code(asked) == Code::usage);
  asked = renewal.at_url("http://127.0.0.1:1/");
  asked.recipient = "nobody";
  CHECK(code(asked) == Code::bad_input);
}

TEST_CASE("a key that cannot sign is the caller's to ask, not the CA's") {
  const Renewal renewal;
  auto request = renewal.request;
  const x509::KeyPtr half{X509_get_pubkey(x509::decode_certificate(renewal.old_certificate).get())};
  request.old_key = half.get();
  const auto error =
      thrown_by([&] { (void)ask_cmp(renewal.at_url("http://127.0.0.1:1/"), request); });
  CHECK(error.code() == Code::bug);
}
