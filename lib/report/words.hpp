// The words of enumerations in both languages, and their JSON symbols. Sentences are in
// phrases.hpp, the names of keys in keys.hpp; nothing outside report/ chooses a word.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "model/attempt.hpp"
#include "model/batch.hpp"
#include "model/card.hpp"
#include "model/envelope.hpp"
#include "model/object.hpp"
#include "model/pin.hpp"
#include "model/profile.hpp"
#include "model/renewal_job.hpp"
#include "model/sighting.hpp"
#include "report/word_tables.hpp"

namespace ukey::report {

enum class Lang { en, zh };

/// The text of `lang`.
[[nodiscard]] constexpr std::string_view pick(Lang lang, std::string_view zh, std::string_view en) {
  return lang == Lang::zh ? zh : en;
}

/// Every enumerator of `Enum` in the order of its word table.
template <class Enum>
[[nodiscard]] std::span<const Enum> enumerators();

/// symbol(value): the enumerator's name, which is what JSON shows.
/// word(value, lang): what a technician calls it; never empty.
#define UKEY_DECLARE(Enum, table)                             \
  [[nodiscard]] std::string_view symbol(Enum value);          \
  [[nodiscard]] std::string_view word(Enum value, Lang lang); \
  template <>                                                 \
  std::span<const Enum> enumerators<Enum>();
UKEY_VOCABULARIES(UKEY_DECLARE)
#undef UKEY_DECLARE

/// The enumerator whose symbol is `text`; absent when there is none.
template <class Enum>
[[nodiscard]] std::optional<Enum> enumerator(std::string_view text) {
  for (const Enum value : enumerators<Enum>())
    if (symbol(value) == text) return value;
  return std::nullopt;
}

/// The word of a symbol whose enumeration is not known: the first enumeration that has it, else the
/// symbol itself.
[[nodiscard]] std::string_view any_word(std::string_view symbol_text, Lang lang);

/// The word of a key's or mechanism's usage ("generate_key_pair"); an unknown usage is its own
/// word.
[[nodiscard]] std::string_view usage_word(std::string_view usage, Lang lang);

}  // namespace ukey::report
