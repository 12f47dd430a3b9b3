// Where a ledger lies: the path of an SQLite file, or the URL of a PostgreSQL database. It refuses
// passwords: they belong into ~/.pgpass or the service's own file, which libpq reads.
#pragma once

#include <string>

namespace ukey::ledger {

/// Throws Error usage for a place that is none: empty, a URL of something else, the address of a
/// server that is no URL (cause bad_value), or with a password in it (cause unwanted_password). The
/// subject never holds the password.
void require_place(const std::string& place);

/// True for `postgresql://…` and `postgres://…`.
[[nodiscard]] bool is_server(const std::string& place);

/// The place as it may be shown: without user, password and query.
[[nodiscard]] std::string shown_place(const std::string& place);

/// The URL as libpq gets it: with limits on waiting and UTF-8, where it says nothing of its own.
[[nodiscard]] std::string connection_text(const std::string& url);

}  // namespace ukey::ledger
