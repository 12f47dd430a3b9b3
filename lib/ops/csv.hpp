// Comma-separated values as spreadsheets write them (RFC 4180 and its variants), taken apart. It
// refuses to know what a column means.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace ukey::ops {

/// One record of the text.
struct CsvRecord {
  unsigned line = 0;                 ///< of its first character, from 1
  std::vector<std::string> fields;   ///< unquoted, blanks at both ends gone
  std::optional<base::Cause> fault;  ///< bad_quote, too_large: the fields may not be what was meant

  /// True when nothing stands in it.
  [[nodiscard]] bool empty() const;
};

class CsvReader {
 public:
  /// `text` is UTF-8, the contents of the file `name`, and outlives this. The separator is the one
  /// of `,`, `;` and TAB that stands most often in its first line.
  CsvReader(std::string_view text, std::string name);

  /// The next record; absent at the end. Lines end with LF, CRLF or CR. Throws Error bad_input
  /// (subject: "NAME:LINE"; cause bad_quote) when a quoted field has no end: what follows it cannot
  /// be told from it.
  [[nodiscard]] std::optional<CsvRecord> next();

 private:
  [[nodiscard]] std::string quoted_field(CsvRecord& record);
  [[nodiscard]] std::string plain_field();
  void end_line();

  std::string_view rest_;
  std::string name_;
  char separator_ = ',';
  unsigned line_ = 1;
};

}  // namespace ukey::ops
