#include "base/time.hpp"

#include <doctest/doctest.h>

using namespace ukey::base;
using namespace std::chrono_literals;

namespace {

constexpr Zone kBeijing{8h};
constexpr Zone kNewfoundland{-(3h + 30min)};

Time at(std::string_view text) {
  const auto time = parse_time(text, Zone{});
  REQUIRE(time.has_value());
  return *time;
}

}  // namespace

TEST_CASE("the day changes in Beijing at 16:00:00 UTC, to the second") {
  CHECK(iso_date(date_in(at("2027-01-31T15:59:59Z"), kBeijing)) == "2027-01-31");
  CHECK(iso_date(date_in(at("2027-01-31T16:00:00Z"), kBeijing)) == "2027-02-01");
  CHECK(clock_text(at("2027-01-31T15:59:59Z"), kBeijing) == "2027-01-31 23:59:59");
  CHECK(clock_text(at("2027-01-31T16:00:00Z"), kBeijing) == "2027-02-01 00:00:00");
}

TEST_CASE("calendar days are counted from date to date, not by 24 hours") {
  const Time last = at("2027-01-31T15:59:59Z");  // 23:59:59 in Beijing
  CHECK(days_between(at("2027-01-31T15:59:59Z"), last, kBeijing) == std::chrono::days{0});
  CHECK(days_between(at("2027-01-30T16:00:00Z"), last, kBeijing) == std::chrono::days{0});
  CHECK(days_between(at("2027-01-30T15:59:59Z"), last, kBeijing) == std::chrono::days{1});
  CHECK(days_between(at("2026-12-31T16:00:00Z"), last, kBeijing) == std::chrono::days{30});
  CHECK(days_between(at("2026-12-31T15:59:59Z"), last, kBeijing) == std::chrono::days{31});
  CHECK(days_between(at("2027-01-31T16:00:00Z"), last, kBeijing) == std::chrono::days{-1});
}

TEST_CASE("a date starts at midnight of its own zone") {
  const Date date = date_in(at("2026-11-22T00:00:00Z"), Zone{});
  CHECK(rfc3339(start_of(date, kBeijing)) == "2026-11-21T16:00:00Z");
  CHECK(rfc3339(start_of(date, Zone{})) == "2026-11-22T00:00:00Z");
  CHECK(rfc3339(start_of(date, kNewfoundland)) == "2026-11-22T03:30:00Z");
  CHECK(date_in(start_of(date, kNewfoundland), kNewfoundland) == date);
  CHECK(date_in(start_of(date, kNewfoundland) - 1s, kNewfoundland) == date - std::chrono::days{1});
}

TEST_CASE("times before 1970 and after 2038 keep their date") {
  CHECK(rfc3339(at("1969-12-31T23:59:59Z")) == "1969-12-31T23:59:59Z");
  CHECK(iso_date(date_in(at("1969-12-31T16:00:00Z"), kBeijing)) == "1970-01-01");
  CHECK(rfc3339(at("2038-01-19T03:14:08Z")) == "2038-01-19T03:14:08Z");
  CHECK(rfc3339(at("9999-12-31T23:59:59Z")) == "9999-12-31T23:59:59Z");
}

TEST_CASE("the 29th of February exists in leap years only") {
  CHECK(parse_time("2028-02-29", kBeijing).has_value());
  CHECK(parse_time("2000-02-29", kBeijing).has_value());
  CHECK_FALSE(parse_time("2026-02-29", kBeijing).has_value());
  CHECK_FALSE(parse_time("2100-02-29", kBeijing).has_value());
  CHECK(days_between(at("2028-02-28T00:00:00Z"), at("2028-03-01T00:00:00Z"), Zone{}) ==
        std::chrono::days{2});
}

TEST_CASE("a time is read with any offset, and a date in the zone asked for") {
  CHECK(at("2026-11-22T23:59:59+08:00") == at("2026-11-22T15:59:59Z"));
  CHECK(at("2026-11-22T20:29:59-03:30") == at("2026-11-22T23:59:59Z"));
  CHECK(at("2026-11-22t23:59:59z") == at("2026-11-22 23:59:59Z"));
  CHECK(at("2026-11-22T23:59:59.999999999Z") == at("2026-11-22T23:59:59Z"));
  CHECK(parse_time("2026-11-22", kBeijing) == at("2026-11-21T16:00:00Z"));
  CHECK(parse_time("2026-11-22T00:00:00Z", kBeijing) == at("2026-11-22T00:00:00Z"));
}

TEST_CASE("what is not exactly a time or a date is refused") {
  for (const char* text : {"",
                           "2026",
                           "2026-11",
                           "2026-1-1",
                           "26-11-22",
                           "2026/11/22",
                           "2026-13-01",
                           "2026-00-10",
                           "2026-11-00",
                           "2026-11-31",
                           "2026-11-22T",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T23:60:00Z",
                           "2026-11-22T23:59:60Z",
                           "2026-11-22T23:59:59",
                           "2026-11-22T23:59Z",
                           "2026-11-22T23:59:59.Z",
                           "2026-11-22T23:59:59Zulu",
                           "2026-11-22T23:59:59+08",
                           "2026-11-22T23:59:59+0800",
                           "2026-11-22T23:59:59+15:00",
                           "2026-11-22T23:59:59+08:60",
                           "2026-11-22Z",
                           "2026-11-22 ",
                           " 2026-11-22",
                           "-026-11-22",
                           "+2026-11-22",
                           "2026-11-22x",
                           "today",
                           "２０２６-11-22"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text, kBeijing).has_value());
  }
}

TEST_CASE("a zone is an offset of up to fourteen hours either way") {
  CHECK(parse_zone("+08:00") == kBeijing);
  CHECK(parse_zone("-03:30") == kNewfoundland);
  CHECK(parse_zone("Z") == Zone{});
  CHECK(parse_zone("+00:00") == Zone{});
  CHECK(parse_zone("-00:00") == Zone{});
  CHECK(parse_zone("+14:00") == Zone{14h});
  for (const char* text : {"", "+", "08:00", "+8:00", "+15:00", "+08:60", "+08:00 ", "+08-00",
                           "++8:00", "Asia/Shanghai", "+0a:00", "ZZ"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_zone(text).has_value());
  }
}
