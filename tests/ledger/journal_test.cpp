#include "ledger/journal.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "tests/ledger/fixture.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ukey;
using namespace ukey::ledger_test;
using ledger::Journal;
using ledger::Stage;

model::TokenRef token(const char* serial = "PRACTICE0001") {
  model::TokenRef out;
  out.manufacturer = "ukey";
  out.model = "practice UKey";
  out.serial = serial;
  out.label = "练习";
  return out;
}

ledger::Record whole_record(const model::TokenRef& of = token()) {
  ledger::Record out;
  out.manufacturer = of.manufacturer;
  out.model = of.model;
  out.serial = of.serial;
  out.label = of.label;
  out.ca = "bjca";
  out.begun = out.changed = at("2026-11-22T02:00:00Z");
  out.real_time = at("2026-11-23T02:00:00Z");
  out.stage = Stage::answered;
  out.way.service = {model::Route::command,
                     "http://127.0.0.1:1/pkix/",
                     model::CmpCommand::p10cr,
                     "CN=x",
                     "ask --serial {serial}",
                     std::chrono::seconds{7},
                     true};
  out.way.secret_file = "/secret";
  out.way.reference = "ref";
  out.years = 2;
  out.remove_former = true;
  out.bids = model::BidStatement{
      model::BidAnswer::withdrawn, true, at("2026-11-22T01:59:00Z"), {"投标.zip"}, {"说明.pdf"}};
  out.fee_receipt = "收据 1";
  out.answer = {{7, 8}, {9}};
  ledger::Item item;
  item.role = model::Role::encrypt;
  item.key_id = {1, 2};
  item.new_key = true;
  item.former = {3};
  item.request = {4};
  item.fresh = {5, 0, 255};
  item.was_there = true;
  item.swapped = ledger::SavedObject{{1}, {2}, {3}, {4}, {5}, {0xd6, 0xd0}};
  out.items = {item, ledger::Item{}};
  return out;
}

}  // namespace

TEST_CASE("a record comes back from its text with everything in it") {
  const auto text = ledger::record_text(whole_record());
  const auto back = ledger::read_record(text);
  CHECK(ledger::record_text(back) == text);
  CHECK(back.stage == Stage::answered);
  CHECK(back.way.service.command == "ask --serial {serial}");
  CHECK(back.way.service.timeout == std::chrono::seconds{7});
  CHECK(back.way.service.implicit_confirm);
  CHECK(back.years == 2U);
  REQUIRE(back.items.size() == 2);
  CHECK(back.items[0].fresh == base::Bytes{5, 0, 255});
  CHECK(back.items[0].swapped->label == base::Bytes{0xd6, 0xd0});
  CHECK_FALSE(back.items[1].swapped.has_value());
  CHECK(back.answer == std::vector<base::Bytes>{{7, 8}, {9}});
  CHECK(back.bids->unread == std::vector<std::string>{"说明.pdf"});
  CHECK(back.bids->files == std::vector<std::string>{"投标.zip"});
}

TEST_CASE("every stage comes back as itself") {
  for (const auto stage : {Stage::begun, Stage::submitted, Stage::answered, Stage::committed,
                           Stage::handed_over, Stage::renewed, Stage::undone}) {
    auto record = whole_record();
    record.stage = stage;
    CHECK(ledger::read_record(ledger::record_text(record)).stage == stage);
  }
}

TEST_CASE("a text that is no record, or not of this schema, is refused") {
  const auto text = ledger::record_text(whole_record());
  auto other = text;
  other.replace(other.find("ukey-renewal/1"), 14, "ukey-renewal/2");
  auto odd = text;
  odd.replace(odd.find("\"0102\""), 6, "\"010\"");
  for (const auto& bad :
       {std::string{}, std::string{"{}"}, std::string{"[1]"}, text.substr(0, 99), other, odd})
    CHECK(thrown([&] { (void)ledger::read_record(bad); }).value().code() == base::Code::ledger);
}

TEST_CASE("an open journal is found by its token, and by no other") {
  const Folder folder;
  const auto begun = Journal::begin(folder.path, whole_record());
  const auto found = Journal::open(folder.path, token());
  REQUIRE(found.has_value());
  CHECK(found->path() == begun.path());
  CHECK_FALSE(Journal::open(folder.path, token("PRACTICE0002")).has_value());
  CHECK_FALSE(Journal::open(folder.path, token("PRACTICE_0001")).has_value());
}

TEST_CASE("a journal that is over is not found any more, and stays as history") {
  for (const auto end : {Stage::renewed, Stage::undone, Stage::handed_over}) {
    const Folder folder;
    auto journal = Journal::begin(folder.path, whole_record());
    auto record = journal.record();
    record.stage = end;
    journal.put(record);
    CHECK_FALSE(Journal::open(folder.path, token()).has_value());
    CHECK(fs::exists(journal.path()));
  }
}

TEST_CASE("two renewals begun in one second have two files") {
  const Folder folder;
  const auto one = Journal::begin(folder.path, whole_record());
  const auto other = Journal::begin(folder.path, whole_record());
  CHECK(one.path() != other.path());
}

TEST_CASE("only its owner can look into the folder of journals") {
  const Folder folder;
  const auto journal = Journal::begin(folder.path, whole_record());
  struct stat facts {};
  REQUIRE(stat(fs::path{journal.path()}.parent_path().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0700);
}

TEST_CASE("a broken record is an error that names its file, never passed over") {
  const Folder folder;
  const auto journal = Journal::begin(folder.path, whole_record());
  base::write_file(journal.path(), base::as_bytes("{\"schema\":"));
  try {
    (void)Journal::open(folder.path, token());
    FAIL("nothing was thrown");
  } catch (const base::Error& error) {
    CHECK(error.code() == base::Code::ledger);
    CHECK(error.subject() == journal.path());
  }
}

TEST_CASE("what bears a record's name and is no file is refused at once, a pipe too") {
  const Folder folder;
  const auto journal = Journal::begin(folder.path, whole_record());
  fs::remove(journal.path());
  REQUIRE(mkfifo(journal.path().c_str(), 0600) == 0);
  CHECK(thrown([&] { (void)Journal::open(folder.path, token()); }).value().code() ==
        base::Code::ledger);
  fs::remove(journal.path());
  fs::create_directory(journal.path());
  CHECK(thrown([&] { (void)Journal::open(folder.path, token()); }).value().code() ==
        base::Code::ledger);
}

TEST_CASE("where no folder can be, no renewal was ever begun") {
  const Folder folder;
  base::write_file(folder.path + "/file", base::as_bytes("x"));
  CHECK_FALSE(Journal::open(folder.path + "/file", token()).has_value());
}

TEST_CASE("a time limit that no clock can bear is no record") {
  const auto text = ledger::record_text(whole_record());
  const std::string key = "\"timeout_seconds\": ";
  for (const auto& [limit, good] : {std::pair{"1", true},
                                    {"86400", true},
                                    {"0", false},
                                    {"-5", false},
                                    {"86401", false},
                                    {"9223372036854775807", false},
                                    {"1e300", false},
                                    {"18446744073709551615", false}}) {
    auto changed = text;
    changed.replace(changed.find(key), key.size() + 1, key + limit);
    const auto error = thrown([&] { (void)ledger::read_record(changed); });
    CHECK_MESSAGE((!error || error->code() != base::Code::ledger) == good, limit);
  }
}

TEST_CASE("a folder that cannot be made is an error before anything else happens") {
  const Folder folder;
  base::write_file(folder.path + "/file", base::as_bytes("x"));
  CHECK(
      thrown([&] { (void)Journal::begin(folder.path + "/file", whole_record()); }).value().code() ==
      base::Code::ledger);
}

TEST_CASE("a record that cannot be written leaves the former one standing") {
  const Folder folder;
  auto journal = Journal::begin(folder.path, whole_record());
  fs::remove_all(fs::path{journal.path()}.parent_path());
  auto record = journal.record();
  record.stage = Stage::committed;
  CHECK(thrown([&] { journal.put(record); }).value().code() == base::Code::ledger);
  CHECK(journal.record().stage == Stage::answered);
}

namespace {

model::Card card(const char* label, const std::vector<base::Bytes>& certificates) {
  model::Card out;
  out.token = token();
  out.token.label = label;
  for (const auto& der : certificates) out.certificates.emplace_back().certificate.der = der;
  return out;
}

/// A record of a renewal of the certificate {3} by {5}.
ledger::Record record_of(const char* label) {
  auto out = whole_record();
  out.label = label;
  out.items.resize(1);
  out.items[0].fresh = {5};
  out.items[0].swapped.reset();
  return out;
}

}  // namespace

TEST_CASE("of tokens with one serial a journal is that of the one with its certificates") {
  const Folder folder;
  (void)Journal::begin(folder.path, record_of("one"));
  const auto is_found = [&](const model::Card& card) {
    return Journal::open(folder.path, card).has_value();
  };
  CHECK(is_found(card("one", {{3}})));
  CHECK(is_found(card("one", {{7}, {5}})));
  CHECK(is_found(card("renamed", {{3}})));
  CHECK_FALSE(is_found(card("one", {{7}})));
  CHECK_FALSE(is_found(card("two", {{7}})));
  CHECK(is_found(card("one", {})));
  CHECK_FALSE(is_found(card("two", {})));
  CHECK(Journal::open(folder.path, token()).has_value() == (token().label == "one"));
}

TEST_CASE("each of two tokens with the same names finds its own journal, in whatever order") {
  const Folder folder;
  auto second = record_of("one");
  second.begun += std::chrono::hours{1};
  second.items[0].former = {13};
  second.items[0].fresh = {15};
  const auto older = Journal::begin(folder.path, record_of("one"));
  const auto newer = Journal::begin(folder.path, second);
  CHECK(Journal::open(folder.path, card("one", {{3}}))->path() == older.path());
  CHECK(Journal::open(folder.path, card("one", {{13}}))->path() == newer.path());
}

TEST_CASE("a token whose former certificate was taken off finds its journal by its names") {
  const Folder folder;
  auto record = record_of("one");
  record.items[0].swapped = ledger::SavedObject{};
  (void)Journal::begin(folder.path, record);
  CHECK(Journal::open(folder.path, card("one", {{7}})).has_value());
  CHECK_FALSE(Journal::open(folder.path, card("two", {{7}})).has_value());
}

TEST_CASE("journals of tokens whose serial tells nothing lie apart by their labels") {
  const Folder folder;
  auto record = record_of("one");
  record.serial = "0000000000000000";
  const auto one = Journal::begin(folder.path, record);
  record.label = "two";
  const auto two = Journal::begin(folder.path, record);
  CHECK(fs::path{one.path()}.parent_path() != fs::path{two.path()}.parent_path());
}
