// What the tests of this room work with: the nine practice tokens, stores that a test fills itself,
// a bench over them, and demands on the practice module.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
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
#include "practice/writer.hpp"
#include "profile/reader.hpp"
#include "tests/p11/caught.hpp"
#include "tests/practice/fixture.hpp"
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
  [[nodiscard]] static const practice::Drawer& drawer() {
    static const TempFolder folder;
    static const practice::Drawer drawer = [] {
      practice::Drawer fresh(folder.path() / "drawer");
      practice::CreateRequest request;
      request.now = made();
      (void)fresh.create(request);
      return fresh;
    }();
    return drawer;
  }

 private:
  BorrowedVariable folder_{"UKEY_PRACTICE", drawer().folder().string()};
};

/// A store that the test fills, known to the practice module and to SoftHSM itself meanwhile.
class OwnStore {
 public:
  using Fill = std::function<void(Writer&)>;
  /// One token for each label; `fill` puts the objects on each.
  explicit OwnStore(const std::vector<std::string>& labels, const Fill& fill = {}) {
    std::filesystem::create_directories(practice::store_path(path()));
    std::filesystem::create_directories(path() / "state");
    Writer writer(path());
    for (const auto& label : labels) {
      serials.push_back(writer.begin_token(label));
      if (fill) fill(writer);
    }
    std::ofstream{path() / "plain.conf"}
        << "directories.tokendir = " << practice::store_path(path()).string()
        << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    practice_.emplace("UKEY_PRACTICE", path().string());
    softhsm_.emplace("SOFTHSM2_CONF", (path() / "plain.conf").string());
  }

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] practice::TokenState state(std::size_t token = 0) const {
    return practice::read_state(practice::state_path(path(), serials.at(token)));
  }
  /// Takes a token out, or puts it in, as another program would.
  void plug(bool in, std::size_t token = 0) const {
    practice::HeldState held(practice::state_path(path(), serials.at(token)));
    held.state.plugged = in;
    if (in) ++held.state.insertions;
    held.save();
  }
  void set_user_failures(unsigned long failures, std::size_t token = 0) const {
    practice::HeldState held(practice::state_path(path(), serials.at(token)));
    held.state.user_failures = failures;
    held.save();
  }

  std::vector<std::string> serials;

 private:
  TempFolder folder_;
  std::optional<BorrowedVariable> practice_, softhsm_;
};

/// SoftHSM's own module: it shows one more token that is not initialised.
inline std::string softhsm() { return practice::find_softhsm({}).value().string(); }

/// A bench over these modules with the profiles that ship.
inline std::shared_ptr<Bench> bench_over(const std::vector<std::string>& files = {kModule}) {
  static const auto profiles = std::make_shared<const model::Profiles>(
      profile::read_profiles({UKEY_SOURCE_DIR "/pkcs11-profiles"}));
  auto bench = std::make_shared<Bench>();
  bench->profiles = profiles;
  bench->platform = &*std::ranges::find(profiles->platforms, "qinghai", &model::Platform::id);
  bench->as_of = made();
  for (const auto& file : files) bench->modules.push_back({file, {}, true});
  bench->limits = p11::Limits::all(std::chrono::seconds(20));
  static const TempFolder state;
  bench->state_folder = (state.path() / "state").string();
  return bench;
}

/// A copy of the practice module in a folder of its own: another module to the loader.
class CopiedModule {
 public:
  CopiedModule() { std::filesystem::copy_file(kModule, folder_.path() / "ukey-practice.so"); }
  [[nodiscard]] std::string file() const { return folder_.path() / "ukey-practice.so"; }

 private:
  TempFolder folder_;
};

/// The bench of one token by its label or serial.
inline std::shared_ptr<Bench> bench_of(std::string_view token) {
  auto bench = bench_over();
  bench->selector = p11::Selector::parse(token);
  return bench;
}

/// The calls that a bench makes, from now on.
class Calls {
 public:
  explicit Calls(Bench& bench) {
    bench.observer = [names = names_](const model::CallRecord& call) {
      names->push_back(call.call);
    };
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return *names_; }
  [[nodiscard]] long count(std::string_view name) const {
    return std::ranges::count(*names_, name);
  }

 private:
  std::shared_ptr<std::vector<std::string>> names_ = std::make_shared<std::vector<std::string>>();
};

inline base::Secret secret(std::string_view text) {
  base::Secret out;
  for (const char c : text) REQUIRE(out.push(static_cast<std::uint8_t>(c)));
  return out;
}

/// Gives a bench a PIN source and remembers for which tokens (by serial) it was asked.
class Asked {
 public:
  explicit Asked(Bench& bench, std::string pin = std::string{practice::kUserPin}) {
    bench.pin = [serials = serials_, pin = std::move(pin)](const model::TokenInfo& token) {
      serials->push_back(token.serial);
      return secret(pin);
    };
  }
  [[nodiscard]] const std::vector<std::string>& serials() const { return *serials_; }

 private:
  std::shared_ptr<std::vector<std::string>> serials_ = std::make_shared<std::vector<std::string>>();
};

/// The practice module's own function list; it stays loaded.
inline CK_FUNCTION_LIST& module_functions() {
  static CK_FUNCTION_LIST* const functions = [] {
    void* const handle = ::dlopen(kModule, RTLD_LOCAL | RTLD_NOW);
    REQUIRE(handle != nullptr);
    const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
    CK_FUNCTION_LIST* out = nullptr;
    REQUIRE(list(&out) == CKR_OK);
    return out;
  }();
  return *functions;
}

/// A demand on the practice module (UKEY_PRACTICE_FAULT). Afterwards the module is as new, also
/// when C_Finalize was refused or a thread hangs in it.
class Demand {
 public:
  explicit Demand(const std::string& text)
      : variable_(std::in_place, "UKEY_PRACTICE_FAULT", text) {}
  ~Demand() {
    variable_.reset();
    module_functions().C_Initialize(nullptr);
    module_functions().C_Finalize(nullptr);
  }
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

/// The card of the token with this label; fails the test when there is none.
inline const model::Card& card_of(const model::Survey& survey, std::string_view label) {
  for (const auto& card : survey.cards)
    if (card.token.label == label) return card;
  FAIL("no card of " << std::string{label});
  return survey.cards.front();
}

/// What the practice tokens of the catalogue are called.
inline std::string label_of(std::string_view name) {
  return std::string{practice::find_entry(name)->label};
}

}  // namespace ukey::ops::test
