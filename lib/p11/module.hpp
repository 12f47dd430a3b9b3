// A PKCS#11 module in this process, and its slots. It keeps the module loaded while any copy lives;
// it refuses to trust the numbers that a module gives back.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/token.hpp"
#include "p11/door.hpp"

struct _CK_FUNCTION_LIST;  // of <p11-kit/pkcs11.h>, which no other room sees

namespace ukey::p11 {

struct Library;

/// A shared handle: copies are cheap, the last one finalises and unloads the module. Load a file
/// once in a process and copy the handle: PKCS#11 initialises and finalises a module for the whole
/// process.
class Module {
 public:
  /// More slots, objects or mechanisms than this in one list are not believed.
  static constexpr std::size_t kMostEntries = 4096;

  /// Loads and initialises the module `file`. Throws Error about `file`: no_module when it is
  /// missing (no answer), is not loadable (answer "dlopen", CKR_LIBRARY_LOAD_FAILED) or is no
  /// PKCS#11 module (answer "C_GetFunctionList", CKR_FUNCTION_NOT_SUPPORTED), the two values being
  /// ours; module_broken with its answer when it does not initialise. A null `door` is one that
  /// nobody watches.
  [[nodiscard]] static Module load(const std::string& file, std::shared_ptr<Door> door);

  /// Initialises a module that is in the process already, given by its function list, which must
  /// outlive every copy. `file` is what errors call it. Throws as `load`.
  [[nodiscard]] static Module adopt(_CK_FUNCTION_LIST* functions, const std::string& file,
                                    std::shared_ptr<Door> door);

  [[nodiscard]] const std::string& file() const;
  [[nodiscard]] const std::shared_ptr<Door>& door() const;

  /// The slots that hold a token, as the module knows them (C_GetSlotList, v3.0 5.5.1): one call
  /// when there are at most 64. Throws Error module_broken when the list is not to be believed.
  [[nodiscard]] std::vector<unsigned long> slots_with_token() const;

  /// Every slot, with a token or without, as the module knows them. Throws as `slots_with_token`.
  [[nodiscard]] std::vector<unsigned long> slots() const;

  /// Makes the module take note of slots that came or went since it was initialised: by v3.0 5.5.1
  /// it may wait for the call that asks for the number only.
  void look_again() const;

  /// What the token in `slot` says of itself now, in one call (C_GetTokenInfo, v3.0 5.5.3).
  [[nodiscard]] model::TokenInfo token_info(unsigned long slot) const;

  /// For this room: what the copies share.
  [[nodiscard]] Library& library() const { return *library_; }

 private:
  explicit Module(std::shared_ptr<Library> library) : library_(std::move(library)) {}
  [[nodiscard]] std::vector<unsigned long> list_slots(unsigned char with_token) const;

  std::shared_ptr<Library> library_;
};

/// True of an error after which the module answers nothing any more: it was given up in mid-call,
/// or after a general failure of the device it does not even list its slots.
[[nodiscard]] bool is_lost(const base::Error& error);

}  // namespace ukey::p11
