#include "witness.hpp"

#include <map>

namespace ukey::ops::test {

/// Enough for a module without events to list its slots, and for each of a few slots to have its
/// turn.
static constexpr int kWhile = 16;

Witness::Witness() {
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

std::vector<std::string> Witness::story() const {
  static const std::map<WatchEvent, std::string> words{{WatchEvent::present, "present "},
                                                       {WatchEvent::plugged, "plugged "},
                                                       {WatchEvent::unplugged, "unplugged "},
                                                       {WatchEvent::failed, "failed "}};
  std::vector<std::string> out;
  for (const auto& one : heard)
    out.push_back(words.at(one.event) + (one.card ? one.card->token.label : one.module->file));
  return out;
}

Witness watched(const SharedBench& bench, std::vector<std::function<void()>> acts) {
  Witness witness;
  Watch watch{bench};
  witness.acts = std::move(acts);
  watch.run(witness.watcher);
  return witness;
}

}  // namespace ukey::ops::test
