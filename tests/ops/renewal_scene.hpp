// A token in the middle of a renewal, and the record of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "contents.hpp"
#include "fixture.hpp"
#include "ledger/journal.hpp"
#include "new_pin.hpp"
#include "ops/installation.hpp"
#include "p11/object.hpp"

namespace ukey::ops::test {

/// A certificate of key 0 that ends in the given year; `number` is the holder's USCC.
inline base::Bytes ending(int year, bool signs = true, const std::string& number = {}) {
  auto request = ukey::test::leaf_request(ukey::test::key(x509::KeyKind::ec_p256, 0));
  request.serial = {static_cast<std::uint8_t>(year - 2000)};
  request.not_after = at(std::to_string(year) + "-01-31T15:59:59Z");
  if (!number.empty()) request.subject.push_back({"OU", number});
  if (!signs) request.key_usage = {x509::KeyUsage::key_encipherment};
  return x509::issue(request, ukey::test::key(x509::KeyKind::ec_p256, 0));
}

inline ledger::Item item_of(model::Role role, base::Bytes former, base::Bytes fresh) {
  ledger::Item out;
  out.role = role;
  out.key_id = octets("1");
  out.former = std::move(former);
  out.fresh = std::move(fresh);
  return out;
}

/// A token with the key and these certificates, and a renewal's record about it.
struct Scene {
  explicit Scene(const std::vector<base::Bytes>& held)
      : store({"one"}, [&held](Writer& writer) {
          for (const bool hidden : {false, true}) put_key(writer, hidden, "1", 0);
          for (const auto& der : held) put_certificate(writer, "one", "1", der);
        }) {
    bench->pin = source_of(std::string{practice::kUserPin});
  }

  ledger::Journal journal(ledger::Stage stage, ledger::Item item) const {
    const auto info = only_token(bench).info;
    ledger::Record record;
    record.manufacturer = info.manufacturer;
    record.model = info.model;
    record.serial = info.serial;
    record.label = info.label;
    record.begun = record.changed = made();
    record.stage = stage;
    record.remove_former = true;
    record.items = {std::move(item)};
    return ledger::Journal::begin(folder.path().string(), record);
  }

  /// The journal as another run finds it.
  ledger::Journal reopened() const {
    return ledger::Journal::open(folder.path().string(), only_token(bench).ref).value();
  }

  /// Takes the journal's renewal back; what the token holds afterwards.
  std::vector<base::Bytes> undone(ledger::Journal journal) const {
    const Visit visit{*bench, only_token(bench), Access::read_write};
    Installation work{visit, journal, made, {}};
    work.undo();
    CHECK(journal.record().stage == ledger::Stage::undone);
    CHECK(work.generation() == model::Generation::former);
    std::vector<base::Bytes> out;
    for (auto& object : p11::read_certificates(visit.session())) out.push_back(object.der);
    return out;
  }

  /// Finishes the journal's renewal; what the token holds afterwards.
  std::vector<base::Bytes> finished(ledger::Journal journal) const {
    const Visit visit{*bench, only_token(bench), Access::read_write};
    Installation{visit, journal, made, [](model::RenewalStep) {}}.finish();
    CHECK(journal.record().stage == ledger::Stage::renewed);
    std::vector<base::Bytes> out;
    for (auto& object : p11::read_certificates(visit.session())) out.push_back(object.der);
    return out;
  }

  OwnStore store;
  TempFolder folder;
  std::shared_ptr<Bench> bench = bench_over();
};

}  // namespace ukey::ops::test
