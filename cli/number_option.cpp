#include "cli/number_option.hpp"

#include <charconv>
#include <string>

#include "base/error.hpp"

namespace ukey::cli {

std::optional<unsigned> number_option(const Arguments& arguments, std::string_view option,
                                      unsigned least, unsigned most) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  unsigned number = 0;
  const auto* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end || number < least || number > most)
    throw base::Error{base::Code::usage, std::string{option} + " " + *text}.because(
        base::Cause::bad_value);
  return number;
}

}  // namespace ukey::cli
