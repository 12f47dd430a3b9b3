// The sentences and headings of the text output. Words of enumerations are in words.hpp, those of
// keys in keys.hpp.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "report/phrase_table.hpp"
#include "report/words.hpp"

namespace ukey::report {

enum class Phrase {
#define UKEY_ROW(name, zh, en) name,
  UKEY_PHRASES(UKEY_ROW)
#undef UKEY_ROW
};

/// The phrase as the table has it, with its "{}".
[[nodiscard]] std::string_view phrase(Phrase phrase, Lang lang);

/// The phrase with its data filled in, which must be printable already.
template <class... Data>
[[nodiscard]] std::string say(Phrase which, Lang lang, const Data&... data) {
  return fmt::vformat(phrase(which, lang), fmt::make_format_args(data...));
}

}  // namespace ukey::report
