#include "report/words.hpp"

#include <array>

namespace ukey::report {

#define UKEY_FILLED(name, zh, en) \
  static_assert(sizeof(zh) > 1 && sizeof(en) > 1, "a word of " #name " is empty");
#define UKEY_FILLED_TABLE(Enum, table) table(UKEY_FILLED)
UKEY_VOCABULARIES(UKEY_FILLED_TABLE)
UKEY_USAGES(UKEY_FILLED)
#undef UKEY_FILLED_TABLE
#undef UKEY_FILLED

#define UKEY_SYMBOL_ROW(name, zh, en) \
  case Here::name:                    \
    return #name;
#define UKEY_WORD_ROW(name, zh, en) \
  case Here::name:                  \
    return pick(lang, zh, en);
#define UKEY_VALUE_ROW(name, zh, en) Here::name,
#define UKEY_DEFINE(Enum, table)                            \
  std::string_view symbol(Enum value) {                     \
    using Here = Enum;                                      \
    switch (value) { table(UKEY_SYMBOL_ROW) }               \
    return "unknown";                                       \
  }                                                         \
  std::string_view word(Enum value, Lang lang) {            \
    using Here = Enum;                                      \
    switch (value) { table(UKEY_WORD_ROW) }                 \
    return "?";                                             \
  }                                                         \
  template <>                                               \
  std::span<const Enum> enumerators<Enum>() {               \
    using Here = Enum;                                      \
    static constexpr Enum kAll[] = {table(UKEY_VALUE_ROW)}; \
    return kAll;                                            \
  }
UKEY_VOCABULARIES(UKEY_DEFINE)
#undef UKEY_DEFINE
#undef UKEY_VALUE_ROW
#undef UKEY_WORD_ROW
#undef UKEY_SYMBOL_ROW

std::string_view any_word(std::string_view symbol_text, Lang lang) {
#define UKEY_TRY(Enum, table) \
  if (const auto value = enumerator<Enum>(symbol_text)) return word(*value, lang);
  UKEY_VOCABULARIES(UKEY_TRY)
#undef UKEY_TRY
  return usage_word(symbol_text, lang);
}

std::string_view usage_word(std::string_view usage, Lang lang) {
#define UKEY_USAGE_ROW(name, zh, en) \
  if (usage == #name) return pick(lang, zh, en);
  UKEY_USAGES(UKEY_USAGE_ROW)
#undef UKEY_USAGE_ROW
  return usage;
}

}  // namespace ukey::report
