#include <signal.h>

#include <cstdlib>

#include "tests/ca/fixture.hpp"
#include "tests/ca/listener.hpp"
#include "x509/certificate.hpp"

using namespace ukey;
using namespace ukey::ca;
using namespace ukey::ca::test;
using namespace std::chrono_literals;
using base::Code;

namespace {

/// What asking the server there throws.
base::Error asked(const std::string& url, std::chrono::seconds limit = 20s) {
  signal(SIGPIPE, SIG_IGN);  // as the program does
  const Renewal renewal;
  auto server = renewal.at_url(url);
  server.limit = limit;
  return thrown_by([&] { (void)ask_cmp(server, renewal.request); });
}

void unreachable(const Listener& listener, const std::string& reason,
                 std::chrono::seconds limit = 20s) {
  const auto error = asked(listener.url(), limit);
  CHECK(error.code() == Code::ca_unreachable);
  CHECK(error.subject().starts_with(listener.url()));
  CAPTURE(error.subject());
  CHECK(error.subject().find(reason) != std::string::npos);
}

/// SubjectAltName of one DNS name or IPv4 address: GeneralName [2] or [7] (RFC 5280, 4.2.1.6).
x509::Extension alternative_name(std::uint8_t tag, std::string_view octets) {
  base::Bytes value{0x30, static_cast<std::uint8_t>(octets.size() + 2), tag,
                    static_cast<std::uint8_t>(octets.size())};
  value.insert(value.end(), octets.begin(), octets.end());
  return {"2.5.29.17", value};
}

}  // namespace

TEST_CASE("a server that is not there is unreachable") {
  std::string url;
  {
    const Listener gone{answering("")};
    url = gone.url();
  }
  const auto error = asked(url);
  CHECK(error.code() == Code::ca_unreachable);
  CHECK(error.subject() == url + " (Connection refused)");
}

TEST_CASE("a name that nobody has is unreachable") {
  const auto error = asked("http://ca.invalid/pkix/");
  CHECK(error.code() == Code::ca_unreachable);
}

TEST_CASE("a server that accepts and is silent is given up at the time limit") {
  const Listener silent{[](int, const std::atomic<bool>& stopping) {
    while (!stopping) std::this_thread::sleep_for(10ms);
  }};
  unreachable(silent, "timeout", 2s);
}

TEST_CASE("a server that never finishes its TLS handshake is given up at the connection's limit") {
  const Listener silent{[](int, const std::atomic<bool>& stopping) {
    while (!stopping) std::this_thread::sleep_for(10ms);
  }};
  const Renewal renewal;
  const auto url = "https://127.0.0.1:" + silent.port();
  auto server = renewal.at_url(url);
  server.connect_limit = 1s;
  const auto error = thrown_by([&] { (void)ask_cmp(server, renewal.request); });
  CHECK(error.code() == Code::ca_unreachable);
  CHECK(error.subject() == url + " (Connection timed out)");
}

TEST_CASE("a server that sends an octet now and then is given up at the time limit") {
  const Listener slow{[](int line, const std::atomic<bool>& stopping) {
    put(line, "HTTP/1.0 200 OK\r\nX-Slow: ");
    while (!stopping) {
      put(line, "x");
      std::this_thread::sleep_for(50ms);
    }
  }};
  unreachable(slow, "timeout", 2s);
}

TEST_CASE("a server that closes, or closes in mid-answer, is unreachable") {
  unreachable(Listener{[](int, const std::atomic<bool>&) {}}, "");
  unreachable(
      Listener{answering("HTTP/1.0 200 OK\r\nContent-Type: application/pkixcmp\r\n\r\n\x30\x20zz")},
      "");
}

TEST_CASE("a server that speaks no CMP is unreachable, with its status where it has one") {
  unreachable(Listener{answering("SSH-2.0-Practice\r\n")}, "header parse error");
  unreachable(Listener{answering("HTTP/1.0 404 Not Found\r\n\r\n")}, "404");
  unreachable(Listener{answering("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 9\r\n\r\n")},
              "503");
  unreachable(Listener{answering("HTTP/1.0 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n")},
              "redirection");
  unreachable(Listener{answering("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")},
              "text/html");
}

TEST_CASE("what a CMP server sends that is no message is not understood") {
  for (const auto& body : {std::string{"\x30\x03\x02\x01\x05"}, std::string{"\x30\x01\x05"}}) {
    const Listener garbage{answering(pkixcmp(body))};
    const auto error = asked(garbage.url());
    CHECK(error.code() == Code::ca_refused);
    CHECK(error.cause() == base::Cause::odd_answer);
  }
}

TEST_CASE("an answer without end is cut off") {
  const Listener flood{[](int line, const std::atomic<bool>& stopping) {
    (void)http_request(line);
    put(line,
        "HTTP/1.0 200 OK\r\nContent-Type: application/pkixcmp\r\n\r\n\x30\x84\x7f\xff\xff\xff");
    const std::string much(1 << 16, 'x');
    while (!stopping && send(line, much.data(), much.size(), MSG_NOSIGNAL) > 0) {
    }
  }};
  unreachable(flood, "max resp len exceeded");
}

TEST_CASE("the answer to another request is not authentic") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  std::string recorded;
  {  // answers are passed on, and the first is kept
    const Listener relay{[&](int line, const std::atomic<bool>&) {
      const auto request = http_request(line);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(server.port())));
      const base::Descriptor behind{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
      if (connect(behind.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return;
      put(behind.number(), request);
      std::string answer;
      std::array<char, 4096> buffer;
      for (ssize_t size = 0; (size = recv(behind.number(), buffer.data(), buffer.size(), 0)) > 0;)
        answer.append(buffer.data(), static_cast<std::size_t>(size));
      if (recorded.empty()) recorded = answer;
      put(line, answer);
    }};
    CHECK_FALSE(ask_cmp(renewal.at_url(relay.url()), renewal.request).certificates.empty());
  }
  REQUIRE_FALSE(recorded.empty());
  const Listener replay{answering(recorded)};
  const auto error =
      thrown_by([&] { (void)ask_cmp(renewal.at_url(replay.url()), renewal.request); });
  CHECK(error.code() == Code::ca_refused);
  CHECK(error.cause() == base::Cause::foreign_answer);
}

TEST_CASE("a proxy that the environment names is not used") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  CHECK_FALSE(ask_cmp(renewal.at_url(server.url()), renewal.request).certificates.empty());
  unsetenv("http_proxy");
}

TEST_CASE("the request names the host and the path of the URL, with its query") {
  std::string request;
  const Listener listener{
      [&](int line, const std::atomic<bool>&) { request = http_request(line); }};
  (void)asked("http://localhost:" + listener.port() + "/cmp/qinghai?profile=renew");
  CHECK(request.starts_with("POST /cmp/qinghai?profile=renew HTTP/1.0\r\n"));
  CHECK(request.find("\r\nHost: localhost") != std::string::npos);
  CHECK(request.find("\r\nContent-Type: application/pkixcmp\r\n") != std::string::npos);
}

TEST_CASE("https goes to the server whose name and issuer are right, and to no other") {
  const Folder folder;
  const Renewal renewal;
  const Server server{folder, renewal.authority, renewal.next};
  const auto& tls_key = key(KeyKind::ec_p256, 1);
  const auto issued = [&](const x509::Extension& name) {
    return x509::decode_certificate(renewal.authority.issued("Practice Front", tls_key, 9, {name}));
  };
  const TlsFront named{issued(alternative_name(0x82, "localhost")), tls_key, server.port()};
  const TlsFront numbered{issued(alternative_name(0x87, {"\x7f\0\0\x01", 4})), tls_key,
                          server.port()};
  const auto by_name = renewal.at_url("https://localhost:" + named.port());
  const auto by_number = renewal.at_url("https://127.0.0.1:" + numbered.port());
  CHECK(ask_cmp(by_name, renewal.request).certificates.front() == renewal.next);
  CHECK(ask_cmp(by_number, renewal.request).certificates.front() == renewal.next);

  const auto refused = [&](const CmpServer& asked_server, const std::string& reason) {
    const auto error = thrown_by([&] { (void)ask_cmp(asked_server, renewal.request); });
    CHECK(error.code() == Code::ca_unreachable);
    CHECK((error.cause() == base::Cause::untrusted_server) == !reason.empty());
    CAPTURE(error.subject());
    CHECK(error.subject().find(reason) != std::string::npos);
  };
  refused(renewal.at_url("https://127.0.0.1:" + named.port()), "IP address mismatch");
  refused(renewal.at_url("https://localhost:" + numbered.port()), "hostname mismatch");
  auto other_trust = renewal.at_url("https://localhost:" + named.port());
  const auto& strange = key(KeyKind::ec_p256, 3);
  other_trust.tls_trust = {x509::issue(ukey::test::ca_request("Other Root", strange), strange)};
  refused(other_trust, "unable to get local issuer certificate");
  refused(renewal.at_url("https://127.0.0.1:" + server.port()), "");
}
