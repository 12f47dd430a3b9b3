#include "report/table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.hpp"

namespace ukey::report {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLeastValue = 10;

/// Octets of the character at the front of `text`, which is valid UTF-8 and not empty.
std::size_t length(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) ++size;
  return size;
}

bool closes(std::string_view character) {
  static constexpr std::string_view kClosing = "，。；：、！？）》」』】\u2060";
  return character.size() == 3 && kClosing.find(character) != std::string_view::npos;
}

bool opens(std::string_view character) {
  static constexpr std::string_view kOpening = "（《「『【\u2060";
  return character.size() == 3 && kOpening.find(character) != std::string_view::npos;
}

/// Octets of the piece at the front that must stay together: blanks, a word with what closes it, a
/// wide character.
std::size_t piece(std::string_view text) {
  std::size_t size = length(text);
  if (text.front() == ' ') {
    while (size < text.size() && text[size] == ' ') ++size;
    return size;
  }
  bool wide = base::columns(text.substr(0, size)) == 2;
  bool holds = opens(text.substr(0, size));
  while (size < text.size() && text[size] != ' ') {
    const auto next = text.substr(size, length(text.substr(size)));
    const bool next_wide = base::columns(next) == 2;
    if (!closes(next) && !holds && (wide || next_wide)) break;
    holds = opens(next);
    wide = next_wide;
    size += next.size();
  }
  return size;
}

/// The longest beginning of `text` that takes at most `width` columns, at least one character.
std::size_t cut(std::string_view text, std::size_t width) {
  std::size_t size = length(text);
  while (size < text.size()) {
    const std::size_t more = length(text.substr(size));
    if (base::columns(text.substr(0, size + more)) > width) break;
    size += more;
  }
  return size;
}

void trim_end(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

/// `text` after `blanks`; a line that is all blank stays empty.
std::string line_of(const std::string& text) {
  std::string line = text;
  trim_end(line);
  return line + "\n";
}

}  // namespace

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  width = std::max<std::size_t>(width, 2);
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    std::size_t size = piece(text);
    std::size_t room = width - std::min(width, base::columns(lines.back()));
    if (base::columns(text.substr(0, size)) > room) {
      if (text.front() == ' ') {
        text.remove_prefix(size);
        if (!text.empty()) lines.emplace_back();
        continue;
      }
      if (!lines.back().empty()) lines.emplace_back();
      size = std::min(size, cut(text, width));
    }
    if (text.front() != ' ' || !lines.back().empty() || lines.size() == 1)
      lines.back() += text.substr(0, size);
    text.remove_prefix(size);
  }
  for (auto& line : lines) trim_end(line);
  return lines;
}

std::string paragraph(std::string_view text, std::size_t indent, const Style& style, Tone tone) {
  std::string out;
  const std::size_t room = style.width > indent ? style.width - indent : 1;
  for (const auto& line : wrapped(text, room))
    out += line_of(std::string(indent, ' ') + painted(line, tone, style));
  return out;
}

void Table::add(std::vector<Cell> row) {
  row.resize(columns_.size());
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t room) const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    out.push_back(base::columns(columns_[i].title));
    for (const auto& row : rows_) out[i] = std::max(out[i], base::columns(row[i].text));
  }
  const std::size_t gaps = kGap * (columns_.size() - 1);
  room = room > gaps ? room - gaps : 1;
  std::size_t taken = std::accumulate(out.begin(), out.end(), std::size_t{0});
  while (taken > room) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (out[i] > columns_[i].least && (widest == columns_.size() || out[i] > out[widest]))
        widest = i;
    if (widest == columns_.size()) break;
    --out[widest];
    --taken;
  }
  return out;
}

std::string Table::text(const Style& style, std::size_t indent) const {
  const auto wide = widths(style.width > indent ? style.width - indent : 1);
  const std::size_t last = columns_.size() - 1;
  const auto line = [&](const std::vector<Cell>& row) {
    const auto tail = wrapped(row[last].text, wide[last]);
    std::string out;
    for (std::size_t part = 0; part < tail.size(); ++part) {
      std::string text(indent, ' ');
      for (std::size_t i = 0; i < last; ++i) {
        const std::string whole = part == 0 ? fitted(row[i].text, wide[i], style) : std::string{};
        const std::string blanks(wide[i] - std::min(wide[i], base::columns(whole)), ' ');
        const std::string shown = painted(whole, row[i].tone, style);
        text += (columns_[i].to_right ? blanks + shown : shown + blanks) + std::string(kGap, ' ');
      }
      out += line_of(text + painted(tail[part], row[last].tone, style));
    }
    return out;
  };
  std::vector<Cell> titles;
  bool titled = false;
  for (const auto& column : columns_) {
    titles.push_back({column.title, Tone::quiet});
    titled = titled || !column.title.empty();
  }
  std::string out = titled ? line(titles) : std::string{};
  for (const auto& row : rows_) out += line(row);
  return out;
}

void Block::add(std::string_view label, std::string_view value, Tone tone) {
  if (!value.empty()) rows_.push_back({std::string{label}, {std::string{value}, tone}});
}

std::string Block::text(const Style& style) const {
  std::size_t width = label_width_;
  if (width == 0) {
    for (const auto& row : rows_) width = std::max(width, base::columns(row.label));
    width = std::min(width, style.width / 2);
  }
  const std::size_t start = indent_ + width + kGap;
  const std::size_t room = style.width > start + kLeastValue ? style.width - start : kLeastValue;
  std::string out;
  for (const auto& row : rows_) {
    std::string label = base::padded(fitted(row.label, width, style), width);
    for (const auto& part : wrapped(row.value.text, room)) {
      const bool blank = label.find_first_not_of(' ') == std::string::npos;
      out += line_of(std::string(indent_, ' ') +
                     painted(label, blank ? Tone::plain : Tone::quiet, style) +
                     std::string(kGap, ' ') + painted(part, row.value.tone, style));
      label.assign(width, ' ');
    }
  }
  return out;
}

}  // namespace ukey::report
