// Who hears what a watch tells, and changes what is plugged in meanwhile.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "ops/watch.hpp"

namespace ukey::ops::test {

using model::WatchEvent;

/// A watcher that hears all, and acts between the looks of the watch.
struct Witness {
  std::vector<model::Sighting> heard;
  std::vector<std::function<void()>> acts;  ///< one after each while
  Watcher watcher;

  Witness();

  /// "present LABEL", "plugged LABEL" and so on.
  [[nodiscard]] std::vector<std::string> story() const;

 private:
  int looks_ = 0;
  std::size_t next_ = 0;
};

using Story = std::vector<std::string>;

/// What a watch over the bench tells while these things are done.
Witness watched(const SharedBench& bench, std::vector<std::function<void()>> acts);

}  // namespace ukey::ops::test
