#include "report/csv.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/value.hpp"

namespace ukey::report {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

constexpr std::array<std::string_view, 17> kPlanColumns{"line",
                                                        "verdict",
                                                        "selector",
                                                        "token.serial",
                                                        "token.label",
                                                        "holder.name",
                                                        "holder.organisation",
                                                        "holder.uscc",
                                                        "ca.id",
                                                        "lock.kind",
                                                        "pin.user",
                                                        "renewal.opens",
                                                        "renewal.closes",
                                                        "renewal.days_left",
                                                        "note",
                                                        "error.code",
                                                        "error.subject"};

const Json& value_at(const Json& row, std::string_view path) {
  const Json* out = &row;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    out = &at(*out, path.substr(0, dot));
    path.remove_prefix(dot + 1);
  }
  return at(*out, path);
}

std::string guarded(const std::string& text) {
  static constexpr std::string_view kFormula = "=+-@\t\r";
  const bool risky = !text.empty() && kFormula.find(text.front()) != std::string_view::npos;
  return risky ? "'" + text : text;
}

/// What could steer a terminal is escaped; a table may have lines and tabs in its fields.
std::string harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\t\r\n"), text.size());
    out += base::printable(text.substr(0, end));
    text.remove_prefix(end);
    if (text.empty()) break;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

std::string field(const Json& value) {
  if (value.is_null() || value.is_structured()) return {};
  const auto text = value.is_string() ? guarded(harmless(value.get<std::string>())) : value.dump();
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string(2, c) : std::string(1, c);
  return out + "\"";
}

}  // namespace

std::string csv_text(const Json& rows, std::span<const std::string_view> columns) {
  std::string out{kByteOrderMark};
  for (std::size_t i = 0; i < columns.size(); ++i) out.append(i > 0 ? "," : "").append(columns[i]);
  out += "\r\n";
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      out.append(i > 0 ? "," : "").append(field(value_at(row, columns[i])));
    out += "\r\n";
  }
  return out;
}

std::string plan_csv(const Json& document) {
  return csv_text(list_at(document, "items"), kPlanColumns);
}

}  // namespace ukey::report
