#include "report/keys.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "report/key_table.hpp"

namespace ukey::report {

namespace {

#define UKEY_FILLED(key, zh, en, how, tone) \
  static_assert(sizeof(zh) > 1 && sizeof(en) > 1, "a word of the key " #key " is empty");
UKEY_KEYS(UKEY_FILLED)
#undef UKEY_FILLED

#define UKEY_ROW(key, zh, en, how, tone) {#key, zh, en, Shown::how, Tone::tone},
constexpr Key kKeys[] = {UKEY_KEYS(UKEY_ROW)};
#undef UKEY_ROW

}  // namespace

std::span<const Key> keys() { return kKeys; }

Key key_row(std::string_view key) {
  const auto found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                  [&](const Key& row) { return row.key == key; });
  return found == std::end(kKeys) ? Key{key, {}, {}, Shown::text, Tone::plain} : *found;
}

std::string key_word(std::string_view key, Lang lang) {
  const Key row = key_row(key);
  if (!row.zh.empty()) return std::string{pick(lang, row.zh, row.en)};
  std::string word = base::printable(key);
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

}  // namespace ukey::report
