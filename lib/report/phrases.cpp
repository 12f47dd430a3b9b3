#include "report/phrases.hpp"

#include <cstddef>

namespace ukey::report {

namespace {

constexpr std::size_t data_in(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", at + 2))
    ++count;
  return count;
}

#define UKEY_ROW(name, zh, en)                                                  \
  static_assert(sizeof(zh) > 1 && sizeof(en) > 1, "phrase " #name " is empty"); \
  static_assert(data_in(zh) == data_in(en), "phrase " #name " differs in its data");
UKEY_PHRASES(UKEY_ROW)
#undef UKEY_ROW

}  // namespace

std::string_view phrase(Phrase phrase, Lang lang) {
  switch (phrase) {
#define UKEY_ROW(name, zh, en) \
  case Phrase::name:           \
    return pick(lang, zh, en);
    UKEY_PHRASES(UKEY_ROW)
#undef UKEY_ROW
  }
  return "?";
}

}  // namespace ukey::report
