// The symbols that the ledger's files and tables write for enumerations, and back. A symbol stands
// for ever and is its enumerator's name: neither is renamed, their order means nothing.
#pragma once

#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "ledger/record.hpp"
#include "model/attempt.hpp"
#include "model/batch.hpp"

namespace ukey::ledger {

template <class Enum>
struct Symbols;

// clang-format off
#define UKEY_STORED(Type, rows) \
  template <> struct Symbols<Type> { using E = Type; static constexpr std::pair<E, const char*> kAll[]{rows}; };
#define UKEY_ROW(name) {E::name, #name},
UKEY_STORED(Stage, UKEY_ROW(begun) UKEY_ROW(submitted) UKEY_ROW(answered) UKEY_ROW(committed) UKEY_ROW(handed_over)
  UKEY_ROW(renewed) UKEY_ROW(undone) UKEY_ROW(lost))
UKEY_STORED(model::Route, UKEY_ROW(file) UKEY_ROW(cmp) UKEY_ROW(command))
UKEY_STORED(model::CmpCommand, UKEY_ROW(kur) UKEY_ROW(cr) UKEY_ROW(p10cr))
UKEY_STORED(model::BidAnswer, UKEY_ROW(none_open) UKEY_ROW(withdrawn) UKEY_ROW(open))
UKEY_STORED(model::Role, UKEY_ROW(sign) UKEY_ROW(encrypt) UKEY_ROW(sign_encrypt) UKEY_ROW(ca) UKEY_ROW(other))
UKEY_STORED(model::AttemptKind, UKEY_ROW(renewal) UKEY_ROW(pin_unlock))
UKEY_STORED(model::AttemptResult, UKEY_ROW(running) UKEY_ROW(renewed) UKEY_ROW(requested) UKEY_ROW(undone)
  UKEY_ROW(unlocked) UKEY_ROW(skipped) UKEY_ROW(failed))
UKEY_STORED(model::HolderKind, UKEY_ROW(enterprise) UKEY_ROW(individual) UKEY_ROW(unknown))
UKEY_STORED(model::LockKind, UKEY_ROW(master) UKEY_ROW(partial_master) UKEY_ROW(sub) UKEY_ROW(blank)
  UKEY_ROW(undetermined))
UKEY_STORED(model::Verdict, UKEY_ROW(no_certificate) UKEY_ROW(not_yet_valid) UKEY_ROW(revoked)
  UKEY_ROW(ca_not_renewable) UKEY_ROW(expired) UKEY_ROW(too_early) UKEY_ROW(open))
UKEY_STORED(model::ItemState, UKEY_ROW(waiting) UKEY_ROW(running) UKEY_ROW(renewed) UKEY_ROW(skipped)
  UKEY_ROW(failed))
#undef UKEY_ROW
#undef UKEY_STORED
// clang-format on

/// Throws Error bug for an enumerator that has none.
template <class Enum>
[[nodiscard]] const char* symbol_of(Enum value) {
  for (const auto& [known, symbol] : Symbols<Enum>::kAll)
    if (known == value) return symbol;
  throw base::Error{base::Code::bug, "symbol"};
}

/// Throws Error ledger without subject for a symbol that is none.
template <class Enum>
[[nodiscard]] Enum value_of(std::string_view symbol) {
  for (const auto& [value, known] : Symbols<Enum>::kAll)
    if (known == symbol) return value;
  throw base::Error{base::Code::ledger};
}

}  // namespace ukey::ledger
