// What a Module's copies share. For this room only.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "p11/door.hpp"
#include "p11/module.hpp"

namespace ukey::p11 {

/// A loaded and initialised module; its end finalises and closes it, in this order, as far as it
/// got.
struct Library {
  Library(std::string module_file, std::shared_ptr<Door> shared_door)
      : file(std::move(module_file)),
        door(shared_door ? std::move(shared_door) : std::make_shared<Door>()) {}
  ~Library();
  Library(const Library&) = delete;  // it finalises once
  Library& operator=(const Library&) = delete;

  std::string file;
  std::shared_ptr<Door> door;
  void* handle = nullptr;  ///< of dlopen; null for an adopted function list
  _CK_FUNCTION_LIST* functions = nullptr;
  bool finalise = false;  ///< we initialised it, so we finalise it

  std::mutex mutex;
  /// How many Login guards of this process hold the login of a slot as a CKU_… user.
  std::map<std::pair<unsigned long, unsigned long>, int> logins;
};

}  // namespace ukey::p11
