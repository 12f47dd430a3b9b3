// The ledger keeps nobody's number.
#include "ledger/impersonal.hpp"

#include "base/file.hpp"
#include "ledger/book.hpp"
#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;
using namespace ukey::ledger_test;

const std::string kId = "63010119800101123X";
const std::string kLikeId = "1234567890123456";  // a serial that looks like a person's number

bool names_person(const ledger::Entry& entry) {
  return text_of(ledger::impersonal(entry)).find(kId) != std::string::npos;
}

model::BatchItem item_of(const std::string& selector) {
  auto out = whole_item(ledger::new_id(), 1);
  out.selector = selector;
  return out;
}

}  // namespace

TEST_CASE("a person's number in a note, a holder or a label is masked before it is kept") {
  auto attempt = whole_attempt();
  attempt.holder = "专家 " + kId;
  attempt.label = kId;
  CHECK_FALSE(names_person(attempt));
  auto item = item_of(kId);
  item.note = "身份证 " + kId;
  item.holder = item.label = kId;
  CHECK_FALSE(names_person(item));
  item.token = {};
  CHECK_FALSE(names_person(item));
}

TEST_CASE("a serial stays whole, with a token and without one") {
  auto item = item_of(kLikeId);
  item.token.serial = kLikeId;
  CHECK(text_of(ledger::impersonal(item)) == text_of(item));
  item.token = {};
  CHECK(text_of(ledger::impersonal(item)) == text_of(item));
}

TEST_CASE("a token without a serial keeps the label that it is known by") {
  auto item = item_of(kId);
  item.token.serial = "";
  item.label = kId;
  CHECK(std::get<model::BatchItem>(ledger::impersonal(item)).label == kId);
}

TEST_CASE("neither the store nor the spool of a book gets a person's number") {
  const Folder folder;
  auto attempt = whole_attempt();
  attempt.holder = kId;
  ledger::Book book{folder.file("ledger.db"), folder.file("spool"), {}};
  book.record(attempt);
  CHECK(book.store()->attempt(attempt.id).value().holder == "630***********123X");
  ledger::Book away{"postgresql://127.0.0.1:1/ukey", folder.file("spool"), {}};
  away.record(attempt);
  for (const auto& file : std::filesystem::recursive_directory_iterator{folder.file("spool")})
    if (file.is_regular_file())
      CHECK(base::as_text(base::read_file(file.path().string(), 1U << 20)).find(kId) ==
            std::string::npos);
}
