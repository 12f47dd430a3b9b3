#include "practice/module/copies.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include "practice/module/slot.hpp"

namespace ukey::practice {

namespace {

/// How often a store is read before a token that is not seen in it counts as damaged, and the pause
/// between.
constexpr int kReadings = 10;
constexpr std::chrono::milliseconds kPause{20};

/// SoftHSM (2.6.1, ObjectStore) passes in silence over a token whose file another process is just
/// writing, and does not look again before it is initialised anew.
CK_RV read(const SoftHsm& copy, const std::filesystem::path& store, const std::string& serial) {
  for (int reading = 1;; ++reading) {
    if (const auto rv = copy.initialise(store); rv != CKR_OK) return rv;
    CK_SLOT_ID slot = 0;
    const bool seen = find_slot(copy.functions(), serial, slot) == CKR_OK;
    if (seen || reading == kReadings) return CKR_OK;
    copy.functions().C_Finalize(nullptr);
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

CK_FUNCTION_LIST* Copies::over(const std::filesystem::path& store, const std::string& serial,
                               CK_RV& rv) {
  if (const auto found = by_store_.find(store); found != by_store_.end())
    return &found->second->functions();
  auto copy = std::exchange(spare_, nullptr);
  if (!copy) copy = std::make_unique<SoftHsm>(library_);
  rv = read(*copy, store, serial);
  if (rv != CKR_OK) return nullptr;
  return &by_store_.emplace(store, std::move(copy)).first->second->functions();
}

CK_RV Copies::finish() {
  CK_RV first = CKR_OK;
  for (const auto& [store, copy] : by_store_) {
    const auto rv = copy->functions().C_Finalize(nullptr);
    if (first == CKR_OK) first = rv;
  }
  return first;
}

}  // namespace ukey::practice
