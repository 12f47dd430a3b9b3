#include "ledger/place.hpp"

#include <cctype>
#include <string_view>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::ledger {

namespace {

constexpr std::string_view kMark = "://";

/// What stands in a URL before its query.
std::string_view before_query(std::string_view url) { return url.substr(0, url.find('?')); }

std::string_view query_of(std::string_view url) {
  const auto at = url.find('?');
  return at == std::string_view::npos ? "" : url.substr(at + 1);
}

std::string_view scheme_of(std::string_view place) {
  const auto at = place.find(kMark);
  return at == std::string_view::npos ? "" : place.substr(0, at);
}

/// What is before the host, as far as it may hold a user and a password: up to the last "@".
std::string_view user_of(std::string_view url) {
  const auto rest = before_query(url).substr(url.find(kMark) + kMark.size());
  const auto at = rest.rfind('@');
  return at == std::string_view::npos ? "" : rest.substr(0, at);
}

/// Percent signs resolved: libpq resolves them in names too.
std::string resolved(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = text[i] == '%' ? base::unhex(text.substr(i + 1, 2)) : std::nullopt;
    if (octet && octet->size() == 1) {
      out += static_cast<char>(octet->front());
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

bool names_password(std::string_view text) {
  return base::ascii_lower(resolved(text)).find("password=") != std::string::npos;
}

bool says(std::string_view query, const std::string& name) {
  return ("&" + resolved(query)).find("&" + name + "=") != std::string::npos;
}

/// A server's address without its "//", or what libpq's own programs take: never the name of a
/// file.
bool is_mistaken(const std::string& place) {
  if (is_server(place)) return false;
  const auto text = base::ascii_lower(place);
  for (const char* start :
       {"postgresql:", "postgres:", "dbname=", "host=", "hostaddr=", "service="})
    if (text.starts_with(start)) return true;
  return false;
}

}  // namespace

bool is_server(const std::string& place) {
  const auto scheme = scheme_of(place);
  return scheme == "postgresql" || scheme == "postgres";
}

std::string shown_place(const std::string& place) {
  const auto scheme = scheme_of(place);
  if (scheme.empty()) return place;
  const std::string_view url = before_query(place);
  const auto user = user_of(place);
  const auto host = scheme.size() + kMark.size() + user.size() + (user.empty() ? 0 : 1);
  return std::string{scheme} + std::string{kMark} + std::string{url.substr(host)};
}

void require_place(const std::string& place) {
  using base::Cause;
  using base::Code;
  const bool server = is_server(place);
  if (is_mistaken(place) && !names_password(place))
    throw base::Error{Code::usage, place.substr(0, place.find_first_of(":="))}.because(
        Cause::bad_value);
  if (place.empty() || (!server && place.find(kMark) != std::string::npos) ||
      place.find('\0') != std::string::npos)
    throw base::Error{Code::usage, shown_place(place)}.because(Cause::bad_value);
  const bool password =
      server ? user_of(place).find(':') != std::string_view::npos || names_password(place)
             : names_password(place);
  if (!password) return;
  throw base::Error{Code::usage, server ? shown_place(place) : ""}.because(
      Cause::unwanted_password);
}

std::string connection_text(const std::string& url) {
  // Who is cut off must notice within seconds, and a server must not wait for who is gone.
  static constexpr struct {
    const char *name, *value;
  } kUsual[] = {{"connect_timeout", "5"},   {"tcp_user_timeout", "15000"},
                {"keepalives_idle", "15"},  {"keepalives_interval", "5"},
                {"keepalives_count", "3"},  {"fallback_application_name", "ukey"},
                {"client_encoding", "UTF8"}};
  std::string out = url;
  const auto query = query_of(url);
  char mark = url.find('?') == std::string::npos ? '?' : '&';
  for (const auto& usual : kUsual) {
    if (says(query, usual.name)) continue;
    out += std::string{mark} + usual.name + "=" + usual.value;
    mark = '&';
  }
  return out;
}

}  // namespace ukey::ledger
