// The copies of SoftHSM that one initialisation of the module works with: one for each store, made
// when a token in it is first used, so that a process pays for the tokens it uses alone.
#pragma once

#include <p11-kit/pkcs11.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "practice/softhsm.hpp"

namespace ukey::practice {

class Copies {
 public:
  /// Loads the first copy of the library (empty: the usual one); it reads no store yet. Throws
  /// std::runtime_error where there is no library or it cannot be loaded.
  explicit Copies(std::filesystem::path library)
      : library_(std::move(library)), spare_(std::make_unique<SoftHsm>(library_)) {}

  /// The copy over `store`, initialised; null, with `rv`, when it refuses. A new copy has read the
  /// token `serial` unless that is damaged.
  [[nodiscard]] CK_FUNCTION_LIST* over(const std::filesystem::path& store,
                                       const std::string& serial, CK_RV& rv);

  /// Finalises all; the first refusal, or CKR_OK.
  CK_RV finish();

 private:
  std::filesystem::path library_;
  std::unique_ptr<SoftHsm> spare_;
  std::map<std::filesystem::path, std::unique_ptr<SoftHsm>> by_store_;
};

}  // namespace ukey::practice
