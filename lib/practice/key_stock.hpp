// RSA keys made ahead on all processors, because making them is most of the work of a large drawer.
// It refuses to make more than it was told.
#pragma once

#include <atomic>
#include <cstddef>
#include <future>
#include <thread>
#include <vector>

#include "x509/key.hpp"

namespace ukey::practice {

class KeyStock {
 public:
  /// Begins to make so many keys.
  explicit KeyStock(std::size_t count);
  /// Waits for the keys that are in the making.
  ~KeyStock();
  KeyStock(const KeyStock&) = delete;             // its threads know where it lies
  KeyStock& operator=(const KeyStock&) = delete;  // same

  /// The next key; waits for it. Throws what making it threw, and Error{bug} for one too many.
  [[nodiscard]] x509::Key take();

 private:
  void work();

  std::vector<std::promise<x509::Key>> keys_;
  std::atomic<std::size_t> next_ = 0;
  std::size_t taken_ = 0;
  std::vector<std::thread> workers_;
};

}  // namespace ukey::practice
