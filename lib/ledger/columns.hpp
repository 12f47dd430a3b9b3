// Values of the model as columns of a row, and back; and the statements made from their names. It
// refuses what no column of ours can hold: reading it throws Error ledger without subject.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "base/time.hpp"
#include "ledger/database.hpp"
#include "ledger/symbol.hpp"

namespace ukey::ledger {

[[nodiscard]] Value column(unsigned number);
[[nodiscard]] Value column(bool truth);
Value column(const char* text) = delete;  // a text is a value as it is, not a truth
[[nodiscard]] Value column(base::Time time);
[[nodiscard]] Value column(const std::optional<base::Time>& time);
[[nodiscard]] Value column(const std::optional<unsigned>& number);

/// Takes the values of a row one after the other.
class RowReader {
 public:
  explicit RowReader(const Row& row) : row_(row) {}

  [[nodiscard]] const Value& next();
  [[nodiscard]] std::string text();
  [[nodiscard]] std::string text_or_none();  ///< "" for NULL
  [[nodiscard]] unsigned number();
  [[nodiscard]] std::optional<unsigned> maybe_number();
  [[nodiscard]] bool truth();
  [[nodiscard]] base::Time time();
  [[nodiscard]] std::optional<base::Time> maybe_time();
  template <class Enum>
  [[nodiscard]] Enum symbol() {
    return value_of<Enum>(text());
  }

 private:
  const Row& row_;
  std::size_t at_ = 0;
};

using Names = std::span<const char* const>;

/// "a, b, c", each after `prefix`.
[[nodiscard]] std::string listed(Names columns, const std::string& prefix = "");

/// A statement that adds a row with these columns.
[[nodiscard]] std::string adding(const std::string& table, Names columns);

/// The same, which takes the place of the row with these `keys` where `newer` is true: a condition
/// on `excluded` (the row to be) and on the table's name (the row that is).
[[nodiscard]] std::string replacing(const std::string& table, Names columns,
                                    const std::string& keys, const std::string& newer);

}  // namespace ukey::ledger
