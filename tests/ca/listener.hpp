// Servers that are not what they should be: a listener on the loopback whose every connection is
// handed to a function, and one that speaks TLS in front of another server.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <thread>

#include "base/descriptor.hpp"
#include "tests/ca/fixture.hpp"

namespace ukey::ca::test {

class Listener {
 public:
  /// `serve` has the descriptor until it returns; `stopping` turns true when it shall.
  using Serve = std::function<void(int, const std::atomic<bool>& stopping)>;

  explicit Listener(Serve serve) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(bind(socket_.number(), plain, size) == 0);
    REQUIRE(listen(socket_.number(), 8) == 0);
    REQUIRE(getsockname(socket_.number(), plain, &size) == 0);
    port_ = std::to_string(ntohs(address.sin_port));
    thread_ = std::thread{[this, serve = std::move(serve)] { run(serve); }};
  }
  ~Listener() {
    stopping_ = true;
    thread_.join();
  }
  Listener(const Listener&) = delete;  // its thread knows where it is
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] const std::string& port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + port_ + "/pkix/"; }

 private:
  void run(const Serve& serve) {
    while (!stopping_) {
      pollfd waiting{socket_.number(), POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const base::Descriptor line{accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
      if (line.number() >= 0) serve(line.number(), stopping_);
    }
  }

  base::Descriptor socket_;
  std::string port_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

/// Reads an HTTP request with its body by `read`, which returns how many octets it got, 0 at the
/// end.
template <typename Read>
std::string http_request(Read read) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const auto size = read(buffer.data(), buffer.size());
    if (size <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    const auto end = text.find("\r\n\r\n");
    const auto length = text.find("Content-Length: ");
    if (end != std::string::npos && length != std::string::npos &&
        text.size() >= end + 4 + std::stoul(text.substr(length + 16)))
      return text;
  }
}

inline std::string http_request(int line) {
  return http_request([line](char* to, std::size_t room) { return recv(line, to, room, 0); });
}

inline void put(int line, std::string_view text) {
  (void)send(line, text.data(), text.size(), MSG_NOSIGNAL);
}

/// Answers every request with these octets.
inline Listener::Serve answering(std::string answer) {
  return [answer = std::move(answer)](int line, const std::atomic<bool>&) {
    (void)http_request(line);
    put(line, answer);
  };
}

/// An HTTP answer as a CMP server gives it, whatever is in it.
inline std::string pkixcmp(std::string_view body) {
  return "HTTP/1.0 200 OK\r\nContent-Type: application/pkixcmp\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

/// Takes TLS off and hands the request to the server on `port` of the loopback.
class TlsFront {
 public:
  TlsFront(const x509::X509Ptr& certificate, const x509::Key& key, std::string port)
      : context_(SSL_CTX_new(TLS_server_method())),
        listener_([this, port = std::move(port)](int line, const std::atomic<bool>&) {
          serve(line, port);
        }) {
    REQUIRE(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1);
  }

  [[nodiscard]] const std::string& port() const { return listener_.port(); }

 private:
  void serve(int line, const std::string& port) const {
    const std::unique_ptr<SSL, x509::FreedBy<SSL_free>> tls{SSL_new(context_.get())};
    SSL_set_fd(tls.get(), line);
    if (SSL_accept(tls.get()) != 1) return;
    const auto request = http_request([&](char* to, std::size_t room) {
      return SSL_read(tls.get(), to, static_cast<int>(room));
    });
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    const base::Descriptor behind{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (connect(behind.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      return;
    put(behind.number(), request);
    std::array<char, 4096> buffer;
    for (ssize_t size = 0; (size = recv(behind.number(), buffer.data(), buffer.size(), 0)) > 0;)
      (void)SSL_write(tls.get(), buffer.data(), static_cast<int>(size));
    (void)SSL_shutdown(tls.get());
  }

  std::unique_ptr<SSL_CTX, x509::FreedBy<SSL_CTX_free>> context_;
  Listener listener_;
};

}  // namespace ukey::ca::test
