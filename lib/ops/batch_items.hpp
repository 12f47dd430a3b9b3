// What a batch has to do: an item for each token that is there, or for each row of the manifest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/batch.hpp"

namespace ukey::ops {

/// An item before anything was done.
struct DraftItem {
  model::BatchItem item;  ///< `waiting`, or at its end already: then `verdict` or `error` says why
  std::optional<model::PlanVerdict> verdict;
  std::optional<base::Error> error;
  const model::ManifestRow* row = nullptr;    ///< of the manifest
  const model::SeenSlot* sighting = nullptr;  ///< of `sightings`
};

/// Without a manifest an item for each initialised token, with one an item for each row in their
/// order, then one for each initialised token that no row names (skipped). A slot that cannot be
/// read is a failed item. Numbered from 1. What they point to lives as long as the arguments.
[[nodiscard]] std::vector<DraftItem> draft_items(const std::vector<model::SeenSlot>& sightings,
                                                 const std::optional<model::Manifest>& manifest,
                                                 const std::string& batch);

/// The sightings that may be of this item's token: those with its identity and label. What is
/// remembered of an item keeps no person's number of its label.
[[nodiscard]] std::vector<const model::SeenSlot*> find_sightings(
    const model::BatchItem& item, const std::vector<model::SeenSlot>& sightings);

}  // namespace ukey::ops
