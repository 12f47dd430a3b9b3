#include "practice/module/copies.hpp"

#include <utility>

namespace ukey::practice {

CK_FUNCTION_LIST* Copies::over(const std::filesystem::path& store, CK_RV& rv) {
  if (const auto found = by_store_.find(store); found != by_store_.end())
    return &found->second->functions();
  auto copy = std::exchange(spare_, nullptr);
  if (!copy) copy = std::make_unique<SoftHsm>(library_);
  rv = copy->initialise(store);
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
