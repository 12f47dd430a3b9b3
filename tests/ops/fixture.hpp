// What the tests of this room work with: the nine practice tokens, stores that a test fills itself,
// a bench over them, and demands on the practice module.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ops/bench.hpp"
#include "ops/card.hpp"
#include "practice/drawer.hpp"
#include "practice/state_file.hpp"
#include "practice/writer.hpp"
#include "tests/p11/caught.hpp"
#include "tests/practice/temp_folder.hpp"
#include "tests/x509/makers.hpp"

namespace ukey::ops::test {

using practice::BorrowedVariable;
using practice::Writer;
using practice::test::TempFolder;
using tests::error_of;
using ukey::test::at;

inline constexpr const char* kModule = UKEY_PRACTICE_MODULE;
inline constexpr unsigned long kVendorCode = 0x800000a0;  // of its last 23 bits: PIN incorrect

/// When the practice tokens were made: noon in Beijing on 22 November 2026.
inline base::Time made() { return at("2026-11-22T04:00:00Z"); }

/// The nine practice tokens, made once for all tests, and known to the module while this lives.
class NineTokens {
 public:
  [[nodiscard]] static const practice::Drawer& drawer();

 private:
  BorrowedVariable folder_{"UKEY_PRACTICE", drawer().folder().string()};
};

/// A store that the test fills, known to the practice module and to SoftHSM itself meanwhile.
class OwnStore {
 public:
  using Fill = std::function<void(Writer&)>;
  /// One token for each label; `fill` puts the objects on each.
  explicit OwnStore(const std::vector<std::string>& labels, const Fill& fill = {});

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] practice::TokenState state(std::size_t token = 0) const;
  /// Takes a token out, or puts it in, as another program would.
  void plug(bool in, std::size_t token = 0) const;
  void set_user_failures(unsigned long failures, std::size_t token = 0) const;

  std::vector<std::string> serials;

 private:
  TempFolder folder_;
  std::optional<BorrowedVariable> practice_, softhsm_;
};

/// SoftHSM's own module: it shows one more token that is not initialised.
std::string softhsm();

/// A bench over these modules with the profiles that ship.
std::shared_ptr<Bench> bench_over(const std::vector<std::string>& files = {kModule});

/// A copy of the practice module in a folder of its own: another module to the loader.
class CopiedModule {
 public:
  CopiedModule();
  [[nodiscard]] std::string file() const { return folder_.path() / "ukey-practice.so"; }

 private:
  TempFolder folder_;
};

/// The bench of one token by its label or serial.
std::shared_ptr<Bench> bench_of(std::string_view token);

/// The calls that a bench makes, from now on.
class Calls {
 public:
  explicit Calls(Bench& bench);
  [[nodiscard]] const std::vector<std::string>& names() const { return *names_; }
  [[nodiscard]] long count(std::string_view name) const;

 private:
  std::shared_ptr<std::vector<std::string>> names_ = std::make_shared<std::vector<std::string>>();
};

base::Secret secret(std::string_view text);

/// Gives a bench a PIN source and remembers for which tokens (by serial) it was asked.
class Asked {
 public:
  explicit Asked(Bench& bench, std::string pin = std::string{practice::kUserPin});
  [[nodiscard]] const std::vector<std::string>& serials() const { return *serials_; }

 private:
  std::shared_ptr<std::vector<std::string>> serials_ = std::make_shared<std::vector<std::string>>();
};

/// The practice module's own function list; it stays loaded.
CK_FUNCTION_LIST& module_functions();

/// A demand on the practice module (UKEY_PRACTICE_FAULT). Afterwards the module is as new, also
/// when C_Finalize was refused or a thread hangs in it.
class Demand {
 public:
  explicit Demand(const std::string& text);
  ~Demand();
  Demand(const Demand&) = delete;             // undone once
  Demand& operator=(const Demand&) = delete;  // same

 private:
  std::optional<BorrowedVariable> variable_;
};

/// A function of the test in place of the practice module's while this lives.
template <auto Member>
class Tap {
 public:
  using Function = std::remove_reference_t<decltype(module_functions().*Member)>;
  explicit Tap(Function function) : original(std::exchange(module_functions().*Member, function)) {}
  ~Tap() { module_functions().*Member = original; }
  Tap(const Tap&) = delete;             // undone once
  Tap& operator=(const Tap&) = delete;  // same

  const Function original;
};

/// Every token says this serial number, and this label unless it is "", while this lives.
class Renamed {
 public:
  explicit Renamed(std::string serial, std::string label = {}) : tap_(&token_info) {
    serial_ = std::move(serial);
    label_ = std::move(label);
    original_ = tap_.original;
  }

 private:
  static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
    const auto rv = original_(slot, info);
    const auto say = [](auto& field, const std::string& text) {
      std::fill(std::begin(field), std::end(field), ' ');
      std::copy(text.begin(), text.end(), std::begin(field));
    };
    say(info->serialNumber, serial_);
    if (!label_.empty()) say(info->label, label_);
    return rv;
  }

  static inline std::string serial_, label_;
  static inline CK_C_GetTokenInfo original_ = nullptr;
  Tap<&CK_FUNCTION_LIST::C_GetTokenInfo> tap_;
};

/// The card of the token with this label; fails the test when there is none.
const model::Card& card_of(const model::Survey& survey, std::string_view label);

/// What the practice tokens of the catalogue are called.
std::string label_of(std::string_view name);

}  // namespace ukey::ops::test
