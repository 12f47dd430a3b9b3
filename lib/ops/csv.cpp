#include "ops/csv.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace ukey::ops {

namespace {

constexpr std::size_t kLongestField = 4096;  // octets

/// What stands most often in the first line outside quotation marks; of equals the first here.
char separator_of(std::string_view text) {
  constexpr std::array kSeparators{',', ';', '\t'};
  std::array<std::size_t, kSeparators.size()> counts{};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (std::size_t i = 0; i < kSeparators.size(); ++i) counts[i] += kSeparators[i] == c ? 1 : 0;
  }
  const auto most = std::ranges::max_element(counts);
  return kSeparators[static_cast<std::size_t>(most - counts.begin())];
}

unsigned lines_in(std::string_view text) {
  unsigned out = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool of_pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    out += (text[i] == '\n' || text[i] == '\r') && !of_pair ? 1 : 0;
  }
  return out;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
}

}  // namespace

bool CsvRecord::empty() const {
  return !fault && std::ranges::all_of(fields, [](const auto& field) { return field.empty(); });
}

CsvReader::CsvReader(std::string_view text, std::string name)
    : rest_(text), name_(std::move(name)), separator_(separator_of(text)) {}

std::string CsvReader::plain_field() {
  const char ends[] = {separator_, '\r', '\n'};
  const auto size = std::min(rest_.find_first_of({ends, sizeof ends}), rest_.size());
  std::string out{rest_.substr(0, size)};
  rest_.remove_prefix(size);
  return out;
}

std::string CsvReader::quoted_field(CsvRecord& record) {
  const auto opened = name_ + ":" + std::to_string(line_);
  std::string out;
  for (;;) {
    rest_.remove_prefix(1);
    const auto end = rest_.find('"');
    if (end == std::string_view::npos)
      throw base::Error{base::Code::bad_input, opened}.because(base::Cause::bad_quote);
    out += rest_.substr(0, end);
    line_ += lines_in(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    if (!rest_.starts_with('"')) break;
    out += '"';  // doubled, it stands for itself
  }
  skip_blanks(rest_);
  const auto more = plain_field();
  if (!more.empty()) record.fault = base::Cause::bad_quote;
  return out + more;
}

void CsvReader::end_line() {
  if (rest_.empty()) return;
  rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
  ++line_;
}

std::optional<CsvRecord> CsvReader::next() {
  if (rest_.empty()) return std::nullopt;
  CsvRecord out;
  out.line = line_;
  for (bool more = true; more;) {
    skip_blanks(rest_);
    auto field = rest_.starts_with('"') ? quoted_field(out) : plain_field();
    if (field.size() > kLongestField) {
      out.fault = base::Cause::too_large;
      field.clear();
    }
    out.fields.emplace_back(base::trimmed(field));
    more = rest_.starts_with(separator_);
    if (more) rest_.remove_prefix(1);
  }
  end_line();
  return out;
}

}  // namespace ukey::ops
