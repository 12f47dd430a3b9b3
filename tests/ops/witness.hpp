// Who hears what a watch tells, and changes what is plugged in meanwhile.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fixture.hpp"
#include "ops/watch.hpp"

namespace ukey::ops::test {

using model::WatchEvent;

/// Enough for a module without events to list its slots, and for each of a few slots to have its
/// turn.
inline constexpr int kWhile = 16;

/// A watcher that hears all, and acts between the looks of the watch.
struct Witness {
  std::vector<model::Sighting> heard;
  std::vector<std::function<void()>> acts;  ///< one after each while
  Watcher watcher;

  Witness() {
    watcher.pause = [this](std::chrono::milliseconds) {
      if (++looks_ % kWhile != 0) return true;
      if (next_ == acts.size()) return false;
      acts[next_++]();
      return true;
    };
    watcher.tell = [this](const model::Sighting& sighting) {
      heard.push_back(sighting);
      return true;
    };
  }

  /// "present LABEL", "plugged LABEL" and so on.
  [[nodiscard]] std::vector<std::string> story() const {
    static const std::map<WatchEvent, std::string> words{{WatchEvent::present, "present "},
                                                         {WatchEvent::plugged, "plugged "},
                                                         {WatchEvent::unplugged, "unplugged "},
                                                         {WatchEvent::failed, "failed "}};
    std::vector<std::string> out;
    for (const auto& one : heard)
      out.push_back(words.at(one.event) + (one.card ? one.card->token.label : one.module->file));
    return out;
  }

 private:
  int looks_ = 0;
  std::size_t next_ = 0;
};

using Story = std::vector<std::string>;

/// What a watch over the bench tells while these things are done.
inline Witness watched(const SharedBench& bench, std::vector<std::function<void()>> acts) {
  Witness witness;
  Watch watch{bench};
  witness.acts = std::move(acts);
  watch.run(witness.watcher);
  return witness;
}

}  // namespace ukey::ops::test
