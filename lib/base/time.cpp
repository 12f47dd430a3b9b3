#include "base/time.hpp"

#include <fmt/format.h>

namespace ukey::base {

namespace {

using namespace std::chrono_literals;

/// Takes exactly `count` digits from the front of `rest`.
std::optional<int> digits(std::string_view& rest, std::size_t count) {
  if (rest.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : rest.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  rest.remove_prefix(count);
  return value;
}

bool skip(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

std::optional<Date> take_date(std::string_view& rest) {
  const auto year = digits(rest, 4);
  if (!year || !skip(rest, "-")) return std::nullopt;
  const auto month = digits(rest, 2);
  if (!month || !skip(rest, "-")) return std::nullopt;
  const auto day = digits(rest, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || date.year() < std::chrono::year{1}) return std::nullopt;
  return Date{std::chrono::local_days{date}};
}

std::optional<std::chrono::seconds> take_clock(std::string_view& rest) {
  const auto hour = digits(rest, 2);
  if (!hour || !skip(rest, ":")) return std::nullopt;
  const auto minute = digits(rest, 2);
  if (!minute || !skip(rest, ":")) return std::nullopt;
  const auto second = digits(rest, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  if (skip(rest, ".")) {
    if (!digits(rest, 1)) return std::nullopt;
    while (digits(rest, 1)) {
    }
  }
  return *hour * 1h + *minute * 1min + *second * 1s;
}

}  // namespace

Date date_in(Time time, Zone zone) {
  return Date{std::chrono::floor<std::chrono::days>(time + zone.offset).time_since_epoch()};
}

Time start_of(Date date, Zone zone) { return Time{date.time_since_epoch()} - zone.offset; }

std::chrono::days days_between(Time from, Time to, Zone zone) {
  return date_in(to, zone) - date_in(from, zone);
}

std::string iso_date(Date date) {
  const std::chrono::year_month_day day{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
}

std::string clock_text(Time time, Zone zone) {
  const Date date = date_in(time, zone);
  const std::chrono::hh_mm_ss clock{time - start_of(date, zone)};
  return fmt::format("{} {:02}:{:02}:{:02}", iso_date(date), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string rfc3339(Time time) {
  std::string text = clock_text(time, Zone{}) + "Z";
  text[text.find(' ')] = 'T';
  return text;
}

std::optional<Time> parse_time(std::string_view text, Zone zone) {
  const auto date = take_date(text);
  if (!date) return std::nullopt;
  if (text.empty()) return start_of(*date, zone);
  if (!skip(text, "Tt ")) return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock) return std::nullopt;
  const auto offset = parse_zone(text);
  if (!offset) return std::nullopt;
  return start_of(*date, *offset) + *clock;
}

std::optional<Zone> parse_zone(std::string_view text) {
  if (text == "Z" || text == "z") return Zone{};
  if (text.size() != 6) return std::nullopt;
  const bool west = text.front() == '-';
  if (!skip(text, "+-")) return std::nullopt;
  const auto hour = digits(text, 2);
  if (!hour || !skip(text, ":")) return std::nullopt;
  const auto minute = digits(text, 2);
  if (!minute || *hour > 14 || *minute > 59) return std::nullopt;
  const std::chrono::seconds offset = *hour * 1h + *minute * 1min;
  return Zone{west ? -offset : offset};
}

}  // namespace ukey::base
