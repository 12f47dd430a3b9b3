#include "practice/web_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using base::Code;
using base::Error;

constexpr const char* kType = "application/pkixcmp";  // RFC 6712, 3.3
constexpr unsigned kMostConnections = 128;
constexpr unsigned kIdleSeconds = 60;

/// A socket address of either family.
struct SocketAddress {
  sockaddr_storage storage{};
  bool is_v6 = false;
};

std::optional<SocketAddress> socket_address(const Loopback& place) {
  SocketAddress out;
  auto* const v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
  auto* const v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
  if (::inet_pton(AF_INET, place.address.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(place.port);
    if ((ntohl(v4->sin_addr.s_addr) >> 24) == 127) return out;
  } else if (::inet_pton(AF_INET6, place.address.c_str(), &v6->sin6_addr) == 1) {
    out.is_v6 = true;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(place.port);
    if (IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr)) return out;
  }
  return std::nullopt;
}

/// The body of a request while it comes in.
struct Upload {
  Bytes body;
  bool refused = false;  // a status was sent already
};

MHD_Result respond(MHD_Connection* connection, unsigned status, const Bytes& body = {}) {
  auto* const response = MHD_create_response_from_buffer(
      body.size(), const_cast<std::uint8_t*>(body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  if (status == MHD_HTTP_OK) MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, kType);
  if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
    MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, MHD_HTTP_METHOD_POST);
  const auto result = MHD_queue_response(connection, status, response);
  MHD_destroy_response(response);
  return result;
}

std::string header(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value == nullptr ? "" : value;
}

/// The status that refuses a request by its head; 0 for none.
unsigned refusal(MHD_Connection* connection, std::string_view path, std::string_view method) {
  if (path != "/pkix/" && path != "/pkix") return MHD_HTTP_NOT_FOUND;
  if (method != MHD_HTTP_METHOD_POST) return MHD_HTTP_METHOD_NOT_ALLOWED;
  const auto type = header(connection, MHD_HTTP_HEADER_CONTENT_TYPE);
  if (base::ascii_lower(base::trimmed(type.substr(0, type.find(';')))) != kType)
    return MHD_HTTP_UNSUPPORTED_MEDIA_TYPE;
  const auto said = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
  std::size_t size = 0;
  const auto read = std::from_chars(said.data(), said.data() + said.size(), size);
  const bool large = read.ec == std::errc::result_out_of_range || size > WebServer::kLargest;
  return large ? MHD_HTTP_CONTENT_TOO_LARGE : 0;
}

}  // namespace

struct WebServer::Daemon {
  Loopback place;
  Handler handler;
  std::chrono::milliseconds delay;
  std::mutex guard;
  std::condition_variable stopped;
  bool stopping = false;
  MHD_Daemon* http = nullptr;

  /// Waits as long as every answer shall last, or until the server ends.
  void linger() {
    std::unique_lock lock(guard);
    stopped.wait_for(lock, delay, [this] { return stopping; });
  }

  [[nodiscard]] MHD_Result answer(MHD_Connection* connection, const Upload& upload) {
    try {
      const auto body = handler(upload.body);
      linger();
      return respond(connection, MHD_HTTP_OK, body);
    } catch (const Error& error) {
      return respond(connection, error.code() == Code::bad_input && error.subject() == "PKIMessage"
                                     ? MHD_HTTP_BAD_REQUEST
                                     : MHD_HTTP_INTERNAL_SERVER_ERROR);
    } catch (...) {  // nothing may be thrown through the library; the client is told
      return respond(connection, MHD_HTTP_INTERNAL_SERVER_ERROR);
    }
  }

  /// Called with the head of a request, with each part of its body, and when it is whole.
  static MHD_Result take(void* self, MHD_Connection* connection, const char* path,
                         const char* method, const char*, const char* part, std::size_t* size,
                         void** kept) {
    if (*kept == nullptr) {
      *kept = new Upload;  // `drop` deletes it
      const auto status = refusal(connection, path, method);
      if (status == 0) return MHD_YES;
      static_cast<Upload*>(*kept)->refused = true;
      return respond(connection, status);
    }
    auto& upload = *static_cast<Upload*>(*kept);
    if (upload.refused) {
      *size = 0;
      return MHD_YES;
    }
    if (*size == 0) return static_cast<Daemon*>(self)->answer(connection, upload);
    if (upload.body.size() + *size > kLargest) return MHD_NO;  // of no said length: hang up
    upload.body.insert(upload.body.end(), part, part + *size);
    *size = 0;
    return MHD_YES;
  }

  static void drop(void*, MHD_Connection*, void** kept, MHD_RequestTerminationCode) {
    delete static_cast<Upload*>(*kept);
    *kept = nullptr;
  }
};

std::optional<Loopback> parse_loopback(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto address = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  Loopback place;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), place.port);
  if (read.ec != std::errc{} || read.ptr != digits.data() + digits.size()) return std::nullopt;
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (bracketed) address = address.substr(1, address.size() - 2);
  place.address = address == "localhost" ? "127.0.0.1" : address;
  const auto known = socket_address(place);
  return known && known->is_v6 == bracketed ? std::optional(place) : std::nullopt;
}

WebServer::WebServer(const Loopback& place, Handler handler, std::chrono::milliseconds delay)
    : daemon_(std::make_unique<Daemon>()) {
  const auto where = fmt::format("{}:{}", place.address, place.port);
  const auto address = socket_address(place);
  if (!address) throw Error(Code::usage, where);
  daemon_->place = place;
  daemon_->handler = std::move(handler);
  daemon_->delay = delay;
  unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL;
  if (address->is_v6) flags |= MHD_USE_IPv6;
  daemon_->http =
      MHD_start_daemon(flags, place.port, nullptr, nullptr, &Daemon::take, daemon_.get(),
                       MHD_OPTION_SOCK_ADDR, &address->storage, MHD_OPTION_NOTIFY_COMPLETED,
                       &Daemon::drop, nullptr, MHD_OPTION_CONNECTION_LIMIT, kMostConnections,
                       MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds, MHD_OPTION_END);
  if (daemon_->http == nullptr) throw Error(Code::file_io, where);
  if (const auto* const info = MHD_get_daemon_info(daemon_->http, MHD_DAEMON_INFO_BIND_PORT))
    daemon_->place.port = info->port;
}

WebServer::~WebServer() {
  if (daemon_->http == nullptr) return;
  {
    const std::lock_guard lock(daemon_->guard);
    daemon_->stopping = true;
  }
  daemon_->stopped.notify_all();
  MHD_stop_daemon(daemon_->http);
}

std::string WebServer::url() const {
  const auto& [address, port] = daemon_->place;
  const bool v6 = address.find(':') != address.npos;
  return fmt::format("http://{}{}{}:{}/pkix/", v6 ? "[" : "", address, v6 ? "]" : "", port);
}

}  // namespace ukey::practice
