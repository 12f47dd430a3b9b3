// A document's list as comma-separated values that a spreadsheet opens with its Chinese intact, and
// without taking any text for a formula.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace ukey::report {

/// `rows` with a title line: UTF-8 with a byte-order mark, lines end with CRLF, fields quoted where
/// RFC 4180 has it. A column is the path of a value in each row ("token.serial"), and its own
/// title; null and what is not there are empty. A text that begins with = + - @ TAB or CR gets a '
/// before it.
[[nodiscard]] std::string csv_text(const nlohmann::ordered_json& rows,
                                   std::span<const std::string_view> columns);

/// The items of the document of a plan.
[[nodiscard]] std::string plan_csv(const nlohmann::ordered_json& document);

}  // namespace ukey::report
