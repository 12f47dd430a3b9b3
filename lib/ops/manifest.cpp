#include "ops/manifest.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "ops/csv.hpp"

namespace ukey::ops {

namespace {

namespace fs = std::filesystem;
using base::Cause;
using base::Code;
using base::Error;

constexpr std::size_t kLargest = 16U << 20;  // octets
constexpr std::size_t kMostRows = 100'000;

enum class Column { serial, label, years, pin_file, pin_env, no_open_bids, note, unused };

constexpr std::array<std::string_view, 7> kColumns{"serial",  "label",        "years", "pin_file",
                                                   "pin_env", "no_open_bids", "note"};

/// What people and spreadsheets write; matched, never shown.
constexpr std::array<std::string_view, 4> kConfirmed{"yes", "true", "1", "是"};
constexpr std::array<std::string_view, 4> kDenied{"no", "false", "0", "否"};

Error bad(const std::string& place, Cause cause) {
  return Error{Code::bad_input, place}.because(cause);
}

/// The whole file as UTF-8, without its byte-order mark.
std::string text_of(const std::string& path, const std::string& name) {
  base::Bytes octets;
  try {
    octets = base::read_file(path, kLargest);
  } catch (const Error& error) {
    throw error.code() == Code::bad_input ? bad(name, Cause::too_large) : error.about(name);
  }
  constexpr std::string_view kMark{"\xef\xbb\xbf"};
  const bool marked = base::as_text(octets).starts_with(kMark);
  const auto rest = base::ByteView{octets}.subspan(marked ? kMark.size() : 0);
  const bool has_nul = std::ranges::find(rest, 0) != rest.end();  // UTF-16, or no text at all
  const bool broken = marked && !base::is_utf8(base::as_text(rest));
  auto text = has_nul || broken ? std::nullopt : base::readable(rest);
  if (!text) throw bad(name, Cause::not_text);
  return std::move(*text);
}

/// A title as an error may name it: one with a digit in it may be data of a file without titles.
std::string title_in_error(const std::string& title, std::size_t place) {
  const bool has_digit = title.find_first_of("0123456789") != std::string::npos;
  return has_digit ? std::to_string(place + 1) : title;
}

std::vector<Column> read_titles(const CsvRecord& record, const std::string& place) {
  std::vector<Column> out;
  for (const auto& title : record.fields) {
    const auto known = std::ranges::find(kColumns, base::ascii_lower(title));
    const auto column = static_cast<Column>(known - kColumns.begin());
    if (column == Column::unused && !title.empty())
      throw bad(place + ": " + title_in_error(title, out.size()), Cause::unknown_column);
    if (column != Column::unused && std::ranges::find(out, column) != out.end())
      throw bad(place + ": " + title, Cause::repeated_column);
    out.push_back(column);
  }
  const auto has = [&out](Column column) { return std::ranges::find(out, column) != out.end(); };
  if (!has(Column::serial) && !has(Column::label)) throw bad(place, Cause::missing_column);
  return out;
}

/// What a spreadsheet puts around a text so that it stays one: ="0012" or '0012.
std::string_view unguarded(std::string_view text) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"'))
    text = text.substr(2, text.size() - 3);
  else if (text.starts_with('\''))
    text.remove_prefix(1);
  return base::trimmed(text);
}

/// "1.23457E+12": a spreadsheet took a serial for a number, and its last digits are lost. A serial
/// such as 12E5 has no sign in it.
bool is_rounded(std::string_view text) {
  const auto mark = text.find_first_of("eE");
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789.,") == std::string_view::npos;
  };
  return mark != std::string_view::npos && text.substr(mark + 1).starts_with('+') &&
         digits(text.substr(0, mark)) && digits(text.substr(mark + 2));
}

bool is_variable(std::string_view name) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
  return kLetters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(std::string{kLetters} + "0123456789") == std::string_view::npos;
}

/// Turns records into rows; a value that cannot be used is thrown with its column as the subject.
class Rows {
 public:
  Rows(const model::Platform& platform, fs::path folder, std::vector<Column> columns)
      : platform_(platform), folder_(std::move(folder)), columns_(std::move(columns)) {}

  [[nodiscard]] model::ManifestRow read(const CsvRecord& record, const std::string& place) const {
    model::ManifestRow out;
    out.line = record.line;
    try {
      if (record.fault) throw bad("", *record.fault);
      for (std::size_t i = 0; i < record.fields.size(); ++i) set(out, i, record.fields[i]);
      if (out.serial.empty() && out.label.empty()) throw bad("", Cause::no_selector);
      if (!out.pin_file.empty() && !out.pin_env.empty()) throw bad("", Cause::two_sources);
    } catch (const Error& error) {
      const auto& column = error.subject();
      out.error = error.about(column.empty() ? place : place + ": " + column);
    }
    return out;
  }

 private:
  void set(model::ManifestRow& row, std::size_t place, const std::string& text) const {
    if (text.empty()) return;
    const auto column = place < columns_.size() ? columns_[place] : Column::unused;
    switch (column) {
      case Column::serial:
        row.serial = unguarded(text);
        if (is_rounded(row.serial)) throw bad("serial", Cause::rounded_number);
        return;
      case Column::label:
        row.label = unguarded(text);
        return;
      case Column::years:
        row.years = years(text);
        return;
      case Column::pin_file:
        row.pin_file = (folder_ / text).lexically_normal().string();
        return;
      case Column::pin_env:
        if (!is_variable(text)) throw bad("pin_env", Cause::bad_value);
        row.pin_env = text;
        return;
      case Column::no_open_bids:
        row.no_open_bids = truth(text);
        return;
      case Column::note:
        row.note = text;
        return;
      case Column::unused:
        throw bad(std::to_string(place + 1), Cause::extra_field);
    }
  }

  [[nodiscard]] unsigned years(const std::string& text) const {
    unsigned out = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, failed] = std::from_chars(text.data(), end, out);
    const bool allowed = std::ranges::find(platform_.term_years, out) != platform_.term_years.end();
    if (failed != std::errc{} || stopped != end || !allowed)
      throw bad(fmt::format("years ({})", fmt::join(platform_.term_years, ",")), Cause::bad_value);
    return out;
  }

  [[nodiscard]] static bool truth(const std::string& text) {
    const auto said = base::ascii_lower(text);
    if (std::ranges::find(kConfirmed, said) != kConfirmed.end()) return true;
    if (std::ranges::find(kDenied, said) != kDenied.end()) return false;
    throw bad("no_open_bids (yes,no)", Cause::bad_value);
  }

  const model::Platform& platform_;
  fs::path folder_;  // where relative PIN files are
  std::vector<Column> columns_;
};

fs::path folder_of(const std::string& path) {
  return fs::is_regular_file(path) ? fs::absolute(path).parent_path() : fs::current_path();
}

std::string place_of(const std::string& name, unsigned line) {
  return name + ":" + std::to_string(line);
}

model::Manifest read_rows(const std::string& name, CsvReader& reader,
                          const model::Platform& platform, const fs::path& folder) {
  auto titles = reader.next();
  while (titles && titles->empty()) titles = reader.next();
  if (!titles) throw bad(name, Cause::missing_column);
  const auto first = place_of(name, titles->line);
  if (titles->fault) throw bad(first, *titles->fault);
  const Rows rows{platform, folder, read_titles(*titles, first)};
  model::Manifest out;
  out.file = name;
  while (const auto record = reader.next()) {
    if (record->empty()) continue;
    if (out.rows.size() == kMostRows) throw bad(name, Cause::too_large);
    out.rows.push_back(rows.read(*record, place_of(name, record->line)));
  }
  return out;
}

}  // namespace

model::Manifest read_manifest(const std::string& path, const model::Platform& platform) {
  const auto name = base::decoded(base::as_bytes(path));
  const auto text = text_of(path, name);
  CsvReader reader{text, name};
  try {
    return read_rows(name, reader, platform, folder_of(path));
  } catch (const fs::filesystem_error&) {
    throw Error{Code::file_io, name};
  }
}

}  // namespace ukey::ops
