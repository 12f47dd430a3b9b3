// What is confirmed to a CMP server, what is refused to it, and who speaks for the holder.
#include <algorithm>

#include "tests/ca/fixture.hpp"
#include "x509/certificate.hpp"

using namespace ukey;
using namespace ukey::ca;
using namespace ukey::ca::test;
using base::Code;
using model::CmpCommand;

TEST_CASE("a certificate for another key is not taken, and the CA is told") {
  const Folder folder;
  const Renewal renewal;
  const auto other = renewal.authority.issued("演练", key(KeyKind::ec_p256, 3), 5);
  const Server server{folder, renewal.authority, other};
  for (const auto command : {CmpCommand::cr, CmpCommand::p10cr}) {
    const auto error =
        thrown_by([&] { (void)ask_cmp(renewal.at_url(server.url(), command), renewal.request); });
    CHECK(error.code() == Code::certificate_unfit);
    CHECK(error.cause() == base::Cause::foreign_key);
    CHECK(error.subject() == x509::parse_certificate(other).sha256);
  }
  const std::string told = "certificate rejected by client with PKIStatus: rejection";
  const auto first = server.said().find(told);
  CHECK(first != std::string::npos);
  CHECK(server.said().find(told, first + 1) != std::string::npos);
}

TEST_CASE("a certificate that its judge does not want is refused before it is confirmed") {
  const Folder folder;
  const Renewal renewal;
  const auto encryption = renewal.authority.issued("演练", key(KeyKind::ec_p256, 3), 6);
  const auto extra = folder.put("extra.pem", x509::pem(encryption));
  const Server server{folder, renewal.authority, renewal.next, {"-rsp_extracerts", extra}};
  auto request = renewal.request;
  std::vector<base::Bytes> heard;
  bool content = false;
  request.judge = [&](const Answer& answer) {
    heard = answer.certificates;
    if (!content) throw base::Error{Code::certificate_unfit, "its term"};
  };
  for (const auto command : {CmpCommand::cr, CmpCommand::p10cr}) {
    const auto error =
        thrown_by([&] { (void)ask_cmp(renewal.at_url(server.url(), command), request); });
    CHECK(error.code() == Code::certificate_unfit);
    CHECK(error.subject() == "its term");
    CHECK(heard.front() == renewal.next);
    CHECK(std::count(heard.begin(), heard.end(), encryption) == 1);
  }
  const std::string told = "certificate rejected by client with PKIStatus: rejection";
  const auto first = server.said().find(told);
  REQUIRE(first != std::string::npos);
  CHECK(server.said().find(told, first + 1) != std::string::npos);
  content = true;
  CHECK(ask_cmp(renewal.at_url(server.url()), request).certificates.front() == renewal.next);
}

TEST_CASE("another certificate of the holder may speak for the one that is renewed") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  auto request = renewal.request;
  request.old_key = key(KeyKind::ec_p256, 3).get();
  for (const auto command : {CmpCommand::cr, CmpCommand::p10cr}) {
    request.signer_certificate.clear();  // the key is not of the certificate that is renewed
    CHECK(thrown_by([&] {
            (void)ask_cmp(renewal.at_url(server.url(), command), request);
          }).code() == Code::bug);
    request.signer_certificate = renewal.authority.issued("演练", key(KeyKind::ec_p256, 3), 6);
    CHECK(ask_cmp(renewal.at_url(server.url(), command), request).certificates.front() ==
          renewal.next);
  }
}
