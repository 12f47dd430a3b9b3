// HTTP for the practice CA: one path, POST only, on a loopback address only. It refuses to be
// reached from another machine, and knows nothing of what the octets mean.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace ukey::practice {

/// A loopback address to be listened on.
struct Loopback {
  std::string address;     ///< "127.0.0.1", "::1"
  std::uint16_t port = 0;  ///< 0: any that is free
};

/// Reads "127.0.0.1:8080", "[::1]:0", "localhost:8080"; any address of 127.0.0.0/8. Absent for
/// anything else.
[[nodiscard]] std::optional<Loopback> parse_loopback(std::string_view text);

class WebServer {
 public:
  /// The largest request that is taken, in octets.
  static constexpr std::size_t kLargest = 1U << 20;

  /// What answers a request, by several threads at once. Its Error{bad_input} is the client's fault
  /// (status 400), anything else that it throws the server's (500).
  using Handler = std::function<base::Bytes(base::ByteView)>;

  /// Listens, and answers from now on; every answer comes `delay` later. Throws Error{file_io} with
  /// "address:port" when that cannot be listened on.
  WebServer(const Loopback& place, Handler handler, std::chrono::milliseconds delay = {});
  /// Listens no more and waits for the answers under way, without their delay.
  ~WebServer();
  WebServer(const WebServer&) = delete;  // threads point here
  WebServer& operator=(const WebServer&) = delete;

  /// "http://127.0.0.1:40123/pkix/", with the real port.
  [[nodiscard]] std::string url() const;

 private:
  struct Daemon;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace ukey::practice
