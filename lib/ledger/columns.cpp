#include "ledger/columns.hpp"

#include <charconv>

#include "base/error.hpp"

namespace ukey::ledger {

namespace {

[[noreturn]] void refuse() { throw base::Error{base::Code::ledger}; }

unsigned number_of(const std::string& text) {
  unsigned out = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, failed] = std::from_chars(text.data(), end, out);
  if (failed != std::errc{} || stopped != end) refuse();
  return out;
}

base::Time time_in(const std::string& text) {
  const auto out = base::parse_time(text, base::Zone{});
  if (!out) refuse();
  return *out;
}

}  // namespace

Value column(unsigned number) { return std::to_string(number); }
Value column(bool truth) { return truth ? "1" : "0"; }
Value column(base::Time time) { return base::rfc3339(time); }

Value column(const std::optional<base::Time>& time) { return time ? column(*time) : Value{}; }

Value column(const std::optional<unsigned>& number) { return number ? column(*number) : Value{}; }

const Value& RowReader::next() { return row_.at(at_++); }

std::string RowReader::text() {
  const auto& value = next();
  if (!value) refuse();
  return *value;
}

std::string RowReader::text_or_none() { return next().value_or(""); }

unsigned RowReader::number() { return number_of(text()); }

std::optional<unsigned> RowReader::maybe_number() {
  const auto& value = next();
  if (!value) return std::nullopt;
  return number_of(*value);
}

bool RowReader::truth() { return number() != 0; }

base::Time RowReader::time() { return time_in(text()); }

std::optional<base::Time> RowReader::maybe_time() {
  const auto& value = next();
  if (!value) return std::nullopt;
  return time_in(*value);
}

std::string listed(Names columns, const std::string& prefix) {
  std::string out;
  for (const char* name : columns) out += (out.empty() ? "" : ", ") + prefix + name;
  return out;
}

std::string adding(const std::string& table, Names columns) {
  std::string out = "INSERT INTO " + table + " (" + listed(columns) + ") VALUES (";
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += (i == 0 ? ":v" : ", :v") + std::to_string(i);
  return out + ")";
}

std::string replacing(const std::string& table, Names columns, const std::string& keys,
                      const std::string& newer) {
  std::string out = adding(table, columns) + " ON CONFLICT (" + keys + ") DO UPDATE SET ";
  bool first = true;
  for (const char* name : columns) {
    out += (first ? "" : ", ") + std::string{name} + " = excluded." + name;
    first = false;
  }
  return out + " WHERE " + newer;
}

}  // namespace ukey::ledger
