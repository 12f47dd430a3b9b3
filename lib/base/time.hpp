// Instants in UTC and calendar days in a platform's zone. It refuses to know what time it is: the
// clock is read once, in cli/.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ukey::base {

/// An instant, to the second, UTC.
using Time = std::chrono::sys_seconds;

/// A calendar date without zone.
using Date = std::chrono::local_days;

/// A fixed offset from UTC, positive to the east (Beijing: +8 h); platforms without daylight saving
/// need no more.
struct Zone {
  std::chrono::seconds offset{0};
  bool operator==(const Zone&) const = default;
};

/// The calendar date that clocks of `zone` show at `time`.
[[nodiscard]] Date date_in(Time time, Zone zone);

/// 00:00:00 of `date` in `zone`, as an instant.
[[nodiscard]] Time start_of(Date date, Zone zone);

/// Calendar days from the date of `from` to the date of `to` in `zone`; negative when `to` is
/// earlier.
[[nodiscard]] std::chrono::days days_between(Time from, Time to, Zone zone);

/// "2026-11-22T16:00:00Z" (RFC 3339, always UTC).
[[nodiscard]] std::string rfc3339(Time time);

/// "2026-11-22".
[[nodiscard]] std::string iso_date(Date date);

/// "2026-11-22 23:59:59" as clocks of `zone` show it.
[[nodiscard]] std::string clock_text(Time time, Zone zone);

/// Reads an RFC 3339 time (with Z or a numeric offset; fractions of a second are cut off) or a
/// date, which means its start in `zone`. Absent when it is neither, or no such day or time exists.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text, Zone zone);

/// Reads "+08:00", "-03:30" or "Z"; hours up to 14. Absent otherwise.
[[nodiscard]] std::optional<Zone> parse_zone(std::string_view text);

}  // namespace ukey::base
