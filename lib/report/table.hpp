// Columns and labelled rows that line up with Chinese text and fit a width. It refuses to know what
// it shows.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/style.hpp"

namespace ukey::report {

/// `text` in lines of at most `width` columns: broken at blanks and between Chinese characters,
/// never before closing punctuation; a longer word is cut. At least one line.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// `text` wrapped, every line after `indent` blanks and with its line end.
[[nodiscard]] std::string paragraph(std::string_view text, std::size_t indent, const Style& style,
                                    Tone tone = Tone::plain);

struct Cell {
  std::string text;  ///< printable
  Tone tone = Tone::plain;
};

struct Column {
  std::string title;
  std::size_t least =
      6;  ///< columns it keeps when the table must shrink; SIZE_MAX: it never shrinks
  bool to_right = false;  ///< numbers
};

/// A column that never shrinks.
inline constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

/// A table with a line of titles. Columns shrink, the widest first, until a line fits; the last one
/// wraps instead.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Missing cells at the end are empty.
  void add(std::vector<Cell> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// Every line begins with `indent` blanks and ends with a line end.
  [[nodiscard]] std::string text(const Style& style, std::size_t indent = 2) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t room) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Rows of label and value; all values begin in the same column and wrap there.
class Block {
 public:
  /// Values begin `label_width` + 2 columns after `indent`; 0: as the widest label needs (at most
  /// half of a line).
  explicit Block(std::size_t label_width = 0, std::size_t indent = 2)
      : label_width_(label_width), indent_(indent) {}

  /// A row; an empty label continues the row above. An empty value is left out.
  void add(std::string_view label, std::string_view value, Tone tone = Tone::plain);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text(const Style& style) const;

 private:
  struct Row {
    std::string label;
    Cell value;
  };
  std::size_t label_width_;
  std::size_t indent_;
  std::vector<Row> rows_;
};

}  // namespace ukey::report
