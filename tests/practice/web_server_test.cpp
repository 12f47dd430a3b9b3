#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>

#include "fixture.hpp"
#include "practice/web_server.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;
namespace base = ukey::base;
using base::Code;
using base::Error;

namespace {

std::optional<std::string> read_back(std::string_view text) {
  const auto place = parse_loopback(text);
  if (!place) return std::nullopt;
  return place->address + " " + std::to_string(place->port);
}

/// Says the request back; some requests make it fail.
base::Bytes echo(base::ByteView request) {
  const auto text = base::as_text(request);
  if (text == "bad") throw Error(Code::bad_input, "PKIMessage");
  if (text == "broken") throw Error(Code::bad_input, "/some/file");
  if (text == "worse") throw std::runtime_error("worse");
  return {request.begin(), request.end()};
}

const std::string kCurl =
    "curl -s -o /dev/null -w '%{http_code}' -H 'Content-Type: application/pkixcmp' ";

}  // namespace

TEST_CASE("only loopback addresses are taken, with a port") {
  CHECK(read_back("127.0.0.1:8080") == "127.0.0.1 8080");
  CHECK(read_back("127.255.0.9:0") == "127.255.0.9 0");
  CHECK(read_back("localhost:65535") == "127.0.0.1 65535");
  CHECK(read_back("[::1]:1") == "::1 1");
  for (const char* refused :
       {"", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
        "127.0.0.1:80 ", "127.0.0.1:8o", "0.0.0.0:80", "192.168.1.1:80", "128.0.0.1:80", "::1:80",
        "[::]:80", "[127.0.0.1]:80", "[fe80::1]:80", "example.org:80", "[::ffff:127.0.0.1]:80"}) {
    CAPTURE(refused);
    CHECK(!read_back(refused));
  }
}

TEST_CASE("one path, POST, one content type, a bounded size; failures have a status of their own") {
  const WebServer server({"127.0.0.1", 0}, echo);
  const auto url = server.url();
  CHECK(url.starts_with("http://127.0.0.1:"));
  CHECK(url.ends_with("/pkix/"));
  const auto bare = url.substr(0, url.size() - 1);
  CHECK(output_of(kCurl + "-d hello " + url) == "200");
  CHECK(output_of(kCurl + "-d hello " + bare) == "200");
  CHECK(output_of("curl -s -H 'Content-Type: application/pkixcmp' -d hello " + url) == "hello");
  CHECK(output_of(kCurl + "-d hello " + bare + "x") == "404");
  CHECK(output_of(kCurl + "-d hello " + url + "../secret") == "404");
  CHECK(output_of(kCurl + url) == "405");
  CHECK(output_of("curl -s -o /dev/null -w '%{http_code}' -d hello " + url) == "415");
  CHECK(output_of(kCurl + "-d bad " + url) == "400");
  CHECK(output_of(kCurl + "-d broken " + url) == "500");
  CHECK(output_of(kCurl + "-d worse " + url) == "500");
}

TEST_CASE("a request of one MiB is taken, one octet more is refused, said or not") {
  const WebServer server({"127.0.0.1", 0}, echo);
  const auto sized = [](std::size_t size) {
    return "head -c " + std::to_string(size) + " /dev/zero | ";
  };
  const auto most = WebServer::kLargest;
  const std::string plain = kCurl + "--data-binary @- " + server.url();
  CHECK(output_of(sized(most) + plain) == "200");
  CHECK(output_of(sized(most + 1) + plain) == "413");
  const std::string chunked =
      kCurl + "-H 'Transfer-Encoding: chunked' -H Expect: --data-binary @- " + server.url();
  CHECK(output_of(sized(most) + chunked) == "200");
  CHECK(output_of(sized(most + 1) + chunked) == "000");  // hung up on
}

TEST_CASE("a place that is taken is told, and a server on IPv6 says its address in brackets") {
  const WebServer first({"127.0.0.1", 0}, echo);
  const auto url = first.url();
  const auto port = std::stoi(url.substr(url.rfind(':') + 1));
  CHECK(code_of([&] {
          const WebServer second({"127.0.0.1", static_cast<std::uint16_t>(port)}, echo);
        }) == Code::file_io);
  CHECK(code_of([] { const WebServer wide({"0.0.0.0", 0}, echo); }) == Code::usage);
  if (!std::filesystem::exists("/proc/net/if_inet6")) return;
  try {
    const WebServer sixth({"::1", 0}, echo);
    CHECK(sixth.url().starts_with("http://[::1]:"));
    CHECK(output_of(kCurl + "-g -d hello '" + sixth.url() + "'") == "200");
  } catch (const Error& error) {  // a machine without that address
    CHECK(error.code() == Code::file_io);
  }
}

TEST_CASE(
    "an answer comes as late as it is told to, and the end of the server does not wait for it") {
  using Clock = std::chrono::steady_clock;
  const auto began = Clock::now();
  {
    const WebServer slow({"127.0.0.1", 0}, echo, std::chrono::milliseconds(300));
    CHECK(output_of(kCurl + "-d hello " + slow.url()) == "200");
    CHECK(Clock::now() - began >= std::chrono::milliseconds(300));
  }
  {
    const WebServer asleep({"127.0.0.1", 0}, echo, std::chrono::hours(1));
    output_of(kCurl + "-m 0.3 -d hello " + asleep.url());
  }
  CHECK(Clock::now() - began < std::chrono::minutes(1));
}
