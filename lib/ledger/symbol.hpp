// The symbols that the ledger's files and tables write for enumerations, and back. A symbol stands
// for ever: a new one is added at the end, none is renamed.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/error.hpp"
#include "ledger/record.hpp"
#include "model/attempt.hpp"
#include "model/batch.hpp"

namespace ukey::ledger {

template <class Enum>
struct Symbols;
template <>
struct Symbols<Stage> {
  static constexpr std::array<const char*, 7> kAll{
      "begun", "submitted", "answered", "committed", "handed_over", "renewed", "undone"};
};
template <>
struct Symbols<model::Route> {
  static constexpr std::array<const char*, 3> kAll{"file", "cmp", "command"};
};
template <>
struct Symbols<model::CmpCommand> {
  static constexpr std::array<const char*, 3> kAll{"kur", "cr", "p10cr"};
};
template <>
struct Symbols<model::BidAnswer> {
  static constexpr std::array<const char*, 3> kAll{"none_open", "withdrawn", "open"};
};
template <>
struct Symbols<model::Role> {
  static constexpr std::array<const char*, 5> kAll{"sign", "encrypt", "sign_encrypt", "ca",
                                                   "other"};
};
template <>
struct Symbols<model::AttemptKind> {
  static constexpr std::array<const char*, 2> kAll{"renewal", "pin_unlock"};
};
template <>
struct Symbols<model::AttemptResult> {
  static constexpr std::array<const char*, 7> kAll{"running",  "renewed", "requested", "undone",
                                                   "unlocked", "skipped", "failed"};
};
template <>
struct Symbols<model::HolderKind> {
  static constexpr std::array<const char*, 3> kAll{"enterprise", "individual", "unknown"};
};
template <>
struct Symbols<model::LockKind> {
  static constexpr std::array<const char*, 5> kAll{"master", "partial_master", "sub", "blank",
                                                   "undetermined"};
};
template <>
struct Symbols<model::Verdict> {
  static constexpr std::array<const char*, 7> kAll{
      "no_certificate", "not_yet_valid", "revoked", "ca_not_renewable",
      "expired",        "too_early",     "open"};
};
template <>
struct Symbols<model::ItemState> {
  static constexpr std::array<const char*, 5> kAll{"waiting", "running", "renewed", "skipped",
                                                   "failed"};
};

template <class Enum>
[[nodiscard]] const char* symbol_of(Enum value) {
  return Symbols<Enum>::kAll.at(static_cast<std::size_t>(value));
}

/// Throws Error ledger without subject for a symbol that is none.
template <class Enum>
[[nodiscard]] Enum value_of(std::string_view symbol) {
  const auto& all = Symbols<Enum>::kAll;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (symbol == all[i]) return static_cast<Enum>(i);
  throw base::Error{base::Code::ledger};
}

}  // namespace ukey::ledger
