#include "ledger/symbol.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

#include "tests/ledger/fixture.hpp"

namespace {

using namespace ukey;

/// That these are stored by exactly these words, in whatever order they are declared, and that no
/// other enumerator is there without one: as many as the last one's number says.
template <class Enum>
void check_stored(std::initializer_list<std::pair<Enum, std::string_view>> rows) {
  std::size_t last = 0;
  for (const auto& [value, symbol] : rows) {
    CHECK(ledger::symbol_of(value) == symbol);
    CHECK(ledger::value_of<Enum>(symbol) == value);
    last = std::max(last, static_cast<std::size_t>(value));
  }
  CHECK(last + 1 == rows.size());
  CHECK_THROWS_AS((void)ledger::symbol_of(static_cast<Enum>(last + 1)), base::Error);
  CHECK_THROWS_AS((void)ledger::value_of<Enum>("none of these"), base::Error);
}

}  // namespace

TEST_CASE("what is stored of an enumeration is a word that never changes, whatever its order") {
  using namespace model;
  using ledger::Stage;
  check_stored<Stage>({{Stage::begun, "begun"},
                       {Stage::submitted, "submitted"},
                       {Stage::answered, "answered"},
                       {Stage::committed, "committed"},
                       {Stage::handed_over, "handed_over"},
                       {Stage::renewed, "renewed"},
                       {Stage::undone, "undone"},
                       {Stage::lost, "lost"}});
  check_stored<Route>({{Route::file, "file"}, {Route::cmp, "cmp"}, {Route::command, "command"}});
  check_stored<CmpCommand>(
      {{CmpCommand::kur, "kur"}, {CmpCommand::cr, "cr"}, {CmpCommand::p10cr, "p10cr"}});
  check_stored<BidAnswer>({{BidAnswer::none_open, "none_open"},
                           {BidAnswer::withdrawn, "withdrawn"},
                           {BidAnswer::open, "open"}});
  check_stored<Role>({{Role::sign, "sign"},
                      {Role::encrypt, "encrypt"},
                      {Role::sign_encrypt, "sign_encrypt"},
                      {Role::ca, "ca"},
                      {Role::other, "other"}});
  check_stored<AttemptKind>(
      {{AttemptKind::renewal, "renewal"}, {AttemptKind::pin_unlock, "pin_unlock"}});
  check_stored<AttemptResult>({{AttemptResult::running, "running"},
                               {AttemptResult::renewed, "renewed"},
                               {AttemptResult::requested, "requested"},
                               {AttemptResult::undone, "undone"},
                               {AttemptResult::unlocked, "unlocked"},
                               {AttemptResult::skipped, "skipped"},
                               {AttemptResult::failed, "failed"}});
  check_stored<HolderKind>({{HolderKind::enterprise, "enterprise"},
                            {HolderKind::individual, "individual"},
                            {HolderKind::unknown, "unknown"}});
  check_stored<LockKind>({{LockKind::master, "master"},
                          {LockKind::partial_master, "partial_master"},
                          {LockKind::sub, "sub"},
                          {LockKind::blank, "blank"},
                          {LockKind::undetermined, "undetermined"}});
  check_stored<Verdict>({{Verdict::no_certificate, "no_certificate"},
                         {Verdict::not_yet_valid, "not_yet_valid"},
                         {Verdict::revoked, "revoked"},
                         {Verdict::ca_not_renewable, "ca_not_renewable"},
                         {Verdict::expired, "expired"},
                         {Verdict::too_early, "too_early"},
                         {Verdict::open, "open"}});
  check_stored<ItemState>({{ItemState::waiting, "waiting"},
                           {ItemState::running, "running"},
                           {ItemState::renewed, "renewed"},
                           {ItemState::skipped, "skipped"},
                           {ItemState::failed, "failed"}});
}
