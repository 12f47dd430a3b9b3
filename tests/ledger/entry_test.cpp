#include "ledger/entry.hpp"

#include <set>

#include "ledger/json_parts.hpp"
#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Entry;

model::Supersession whole_supersession() {
  return {"590bee135b071e59", "窗口一", "clerk", at("2026-11-22T02:00:00Z"), true};
}

std::vector<Entry> whole_entries() {
  return {whole_attempt(), whole_batch(), whole_item(ledger::new_id(), 7), whole_supersession()};
}

void no_value_is_a_default(const ledger::Json& json, const std::string& path) {
  CAPTURE(path);
  CHECK_FALSE((json.is_null() || json == "" || json == 0));
  if (json.is_structured())
    for (const auto& [key, part] : json.items()) no_value_is_a_default(part, path + "/" + key);
}

}  // namespace

TEST_CASE("an entry of each kind comes back from its text with everything in it") {
  for (const auto& entry : whole_entries()) {
    const auto text = ledger::entry_text(entry);
    CAPTURE(text);
    const auto back = ledger::read_entry(text);
    CHECK(back.index() == entry.index());
    CHECK(ledger::entry_text(back) == text);
  }
}

TEST_CASE("an attempt's fields come back as themselves") {
  const auto attempt = whole_attempt();
  const auto back = std::get<model::Attempt>(ledger::read_entry(ledger::entry_text(attempt)));
  CHECK(back.token == attempt.token);
  CHECK(back.label == attempt.label);
  CHECK(back.lock == model::LockKind::master);
  CHECK(back.verdict == model::Verdict::open);
  CHECK(back.bids->unread == std::vector<std::string>{"说明.pdf"});
  CHECK(back.judged == at("2026-12-01T00:00:00Z"));
  REQUIRE(back.steps.size() == 2);
  CHECK(back.steps[1].step == "bids");
  REQUIRE(back.certificates.size() == 2);
  CHECK(back.certificates[0].fresh.sha256 == std::string(64, 'b'));
  CHECK(back.certificates[1].fresh.sha256.empty());
  REQUIRE(back.error.has_value());
  CHECK(back.error->code() == base::Code::token_refused);
  CHECK(back.error->cause() == base::Cause::unsure);
  CHECK(back.error->answer()->rv == 0x800000A0UL);
  CHECK(back.error->command() == "renew run");
  CHECK(back.error->concerns_so());
}

TEST_CASE("what an attempt and an item do not hold comes back as absent") {
  const auto attempt =
      std::get<model::Attempt>(ledger::read_entry(ledger::entry_text(model::Attempt{})));
  CHECK_FALSE(attempt.verdict.has_value());
  CHECK_FALSE(attempt.bids.has_value());
  CHECK_FALSE(attempt.judged.has_value());
  CHECK_FALSE(attempt.error.has_value());
  CHECK(attempt.begun == base::Time{});
  const auto item =
      std::get<model::BatchItem>(ledger::read_entry(ledger::entry_text(model::BatchItem{})));
  CHECK_FALSE(item.line.has_value());
}

TEST_CASE("the sample entries leave nothing at its default, so that a lost field shows") {
  auto attempt = whole_attempt();
  attempt.reason = "not_due";
  attempt.certificates[1].fresh = attempt.certificates[0].fresh;
  attempt.error = base::Error{base::Code::token_refused, "x", base::Pkcs11Answer{"C", 1, "K", {}}}
                      .because(base::Cause::unsure)
                      .of_command("renew run");
  for (const Entry& entry : {Entry{attempt}, Entry{whole_batch()},
                             Entry{whole_item(ledger::new_id(), 7)}, Entry{whole_supersession()}})
    no_value_is_a_default(ledger::Json::parse(ledger::entry_text(entry)), "");
}

TEST_CASE("every error code and cause comes back as itself") {
  std::vector<base::Error> errors;
#define UKEY_ROW(name, status) errors.emplace_back(base::Code::name, "x");
  UKEY_ERROR_CODES(UKEY_ROW)
#undef UKEY_ROW
#define UKEY_ROW(name) errors.push_back(base::Error{base::Code::usage}.because(base::Cause::name));
  UKEY_ERROR_CAUSES(UKEY_ROW)
#undef UKEY_ROW
  for (const auto& error : errors) {
    model::Attempt attempt;
    attempt.error = error;
    const auto back = std::get<model::Attempt>(ledger::read_entry(ledger::entry_text(attempt)));
    REQUIRE(back.error.has_value());
    CHECK(back.error->code() == error.code());
    CHECK(back.error->cause() == error.cause());
    CHECK_FALSE(back.error->answer().has_value());
  }
}

TEST_CASE("a cause of a newer program is left out, and a code of one says nothing") {
  auto text = ledger::entry_text(whole_attempt());
  text.replace(text.find("\"unsure\""), 8, "\"novel\"");
  auto attempt = std::get<model::Attempt>(ledger::read_entry(text));
  CHECK(attempt.error->code() == base::Code::token_refused);
  CHECK_FALSE(attempt.error->cause().has_value());
  text.replace(text.find("\"token_refused\""), 15, "\"novel\"");
  attempt = std::get<model::Attempt>(ledger::read_entry(text));
  CHECK_FALSE(attempt.error.has_value());
  CHECK(attempt.result == model::AttemptResult::failed);
}

TEST_CASE("a text that is no entry is refused, cut anywhere or of another schema") {
  const auto text = ledger::entry_text(whole_attempt());
  for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
    const auto error =
        thrown([&] { static_cast<void>(ledger::read_entry(text.substr(0, length))); });
    REQUIRE(error.has_value());
    CHECK(error->code() == base::Code::ledger);
  }
  for (const char* word : {"ukey-ledger/1", "\"attempt\"", "\"renewal\"", "\"failed\"",
                           "2026-11-22", "\"revision\": 3"}) {
    auto other = text;
    other.replace(other.find(word), std::string{word}.size(), "\"x");
    CAPTURE(word);
    CHECK(thrown([&] { static_cast<void>(ledger::read_entry(other)); }).has_value());
  }
}

TEST_CASE("a text that no database takes is kept in a form that every database takes") {
  model::Batch batch;
  batch.options = {"\xcd\xb6\xb1\xea.zip", "\xff\xfe", std::string{"a\0b", 3}};
  const auto back = std::get<model::Batch>(ledger::read_entry(ledger::entry_text(batch)));
  CHECK(back.options == std::vector<std::string>{"投标.zip", "\\xff\\xfe", "a\\x00b"});
}

TEST_CASE("a key is one of this revision of this entry alone, and a file name") {
  std::set<std::string> keys;
  std::size_t made = 0;
  const auto add = [&](const Entry& entry) {
    const auto key = ledger::entry_key(entry);
    CAPTURE(key);
    CHECK(key.size() < 120);
    CHECK(
        key.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
        std::string::npos);
    keys.insert(key);
    ++made;
  };
  auto attempt = whole_attempt();
  add(attempt);
  attempt.revision = 4;
  add(attempt);
  attempt.id = "../../etc/passwd";
  add(attempt);
  auto item = whole_item(attempt.id, 1);
  add(item);
  item.number = 11;
  add(item);
  item.revision = 11;
  add(item);
  add(whole_batch());
  for (const char* serial : {"590b/ee", "590b_ee", "练习"})
    for (const bool withdrawn : {false, true})
      add(model::Supersession{serial, "", "", at("2026-11-22T02:00:00Z"), withdrawn});
  CHECK(keys.size() == made);
}

TEST_CASE("keys of one entry are sorted as their revisions are") {
  auto attempt = whole_attempt();
  attempt.revision = 9;
  const auto former = ledger::entry_key(attempt);
  attempt.revision = 10;
  CHECK(former < ledger::entry_key(attempt));
}

TEST_CASE("a new id is 32 hexadecimal digits, each time others") {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(ledger::new_id());
  CHECK(ids.size() == 1000);
  for (const auto& id : ids) {
    REQUIRE(id.size() == 32);
    REQUIRE(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}
