// Every word there is, in both languages.
#include <doctest/doctest.h>

#include <set>

#include "report/keys.hpp"
#include "report/phrases.hpp"
#include "report/words.hpp"

using namespace ukey;
using namespace ukey::report;

namespace {

template <class Enum>
void check_table() {
  std::set<std::string_view> symbols;
  CHECK(!enumerators<Enum>().empty());
  for (const Enum value : enumerators<Enum>()) {
    CAPTURE(symbol(value));
    CHECK(!word(value, Lang::zh).empty());
    CHECK(!word(value, Lang::en).empty());
    CHECK(word(value, Lang::zh) != word(value, Lang::en));
    CHECK(symbols.insert(symbol(value)).second);
    CHECK(enumerator<Enum>(symbol(value)) == value);
  }
  CHECK(!enumerator<Enum>("no such symbol"));
  CHECK(!enumerator<Enum>(""));
}

}  // namespace

TEST_CASE("every enumerator has a symbol of its own and different words in both languages") {
#define UKEY_CHECK(Enum, table) check_table<Enum>();
  UKEY_VOCABULARIES(UKEY_CHECK)
#undef UKEY_CHECK
}

TEST_CASE("a symbol is the enumerator as scripts know it") {
  CHECK(symbol(model::LockKind::partial_master) == "partial_master");
  CHECK(symbol(model::Verdict::ca_not_renewable) == "ca_not_renewable");
  CHECK(symbol(model::SealFormat::ses_v4) == "ses_v4");
}

TEST_CASE("the technician's words for locks and verdicts") {
  CHECK(word(model::LockKind::master, Lang::zh) == "主锁");
  CHECK(word(model::LockKind::master, Lang::en) == "main lock");
  CHECK(word(model::LockKind::sub, Lang::zh) == "副锁");
  CHECK(word(model::LockKind::sub, Lang::en) == "sub-lock");
  CHECK(word(model::LockKind::undetermined, Lang::zh) == "未能判定");
  CHECK(word(model::Verdict::open, Lang::zh) == "可以续期");
  CHECK(word(model::Verdict::open, Lang::en) == "RENEW NOW");
}

TEST_CASE("a symbol without a known enumeration still has a word, and an unknown one is its own") {
  CHECK(any_word("partial_master", Lang::zh) == "缺章的主锁");
  CHECK(any_word("unwrap", Lang::zh) == "解包");
  CHECK(any_word("never heard of", Lang::zh) == "never heard of");
}

TEST_CASE("every key has words in both languages and stands in the table once") {
  std::set<std::string_view> seen;
  for (const auto& key : keys()) {
    CAPTURE(key.key);
    CHECK(!key.zh.empty());
    CHECK(!key.en.empty());
    CHECK(seen.insert(key.key).second);
  }
  CHECK(key_word("recommended_by", Lang::zh) == "建议最晚");
}

TEST_CASE("a key without words is shown by its own name without steering the terminal") {
  CHECK(key_word("some_new_key", Lang::zh) == "some new key");
  CHECK(key_word("evil\x1b[2J", Lang::en) == "evil\\x1b[2J");
}

TEST_CASE("no phrase of the English table holds a character outside ASCII") {
#define UKEY_CHECK(name, zh, en)                 \
  for (const char c : std::string_view{en}) {    \
    CAPTURE(#name);                              \
    CHECK(static_cast<unsigned char>(c) < 0x80); \
  }
  UKEY_PHRASES(UKEY_CHECK)
#undef UKEY_CHECK
}
