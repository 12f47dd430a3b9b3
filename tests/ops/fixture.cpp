#include "fixture.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "profile/reader.hpp"

namespace ukey::ops::test {

const practice::Drawer& NineTokens::drawer() {
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

OwnStore::OwnStore(const std::vector<std::string>& labels, const Fill& fill) {
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

practice::TokenState OwnStore::state(std::size_t token) const {
  return practice::read_state(practice::state_path(path(), serials.at(token)));
}

void OwnStore::plug(bool in, std::size_t token) const {
  practice::HeldState held(practice::state_path(path(), serials.at(token)));
  held.state.plugged = in;
  if (in) ++held.state.insertions;
  held.save();
}

void OwnStore::set_user_failures(unsigned long failures, std::size_t token) const {
  practice::HeldState held(practice::state_path(path(), serials.at(token)));
  held.state.user_failures = failures;
  held.save();
}

std::string softhsm() { return practice::find_softhsm({}).value().string(); }

std::shared_ptr<Bench> bench_over(const std::vector<std::string>& files) {
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

CopiedModule::CopiedModule() {
  std::filesystem::copy_file(kModule, folder_.path() / "ukey-practice.so");
}

std::shared_ptr<Bench> bench_of(std::string_view token) {
  auto bench = bench_over();
  bench->selector = p11::Selector::parse(token);
  return bench;
}

Calls::Calls(Bench& bench) {
  bench.observer = [names = names_](const model::CallRecord& call) { names->push_back(call.call); };
}

long Calls::count(std::string_view name) const { return std::ranges::count(*names_, name); }

base::Secret secret(std::string_view text) {
  base::Secret out;
  for (const char c : text) REQUIRE(out.push(static_cast<std::uint8_t>(c)));
  return out;
}

Asked::Asked(Bench& bench, std::string pin) {
  bench.pin = [serials = serials_, pin = std::move(pin)](const model::TokenInfo& token) {
    serials->push_back(token.serial);
    return secret(pin);
  };
}

CK_FUNCTION_LIST& module_functions() {
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

Demand::Demand(const std::string& text) : variable_(std::in_place, "UKEY_PRACTICE_FAULT", text) {}

Demand::~Demand() {
  variable_.reset();
  module_functions().C_Initialize(nullptr);
  module_functions().C_Finalize(nullptr);
}

const model::Card& card_of(const model::Survey& survey, std::string_view label) {
  for (const auto& card : survey.cards)
    if (card.token.label == label) return card;
  FAIL("no card of " << std::string{label});
  return survey.cards.front();
}

std::string label_of(std::string_view name) {
  return std::string{practice::find_entry(name)->label};
}

}  // namespace ukey::ops::test
