#include "ops/batch_items.hpp"

#include "base/privacy.hpp"
#include "policy/matching.hpp"

namespace ukey::ops {

namespace {

using model::ItemState;
using model::PlanVerdict;
using model::SeenSlot;

bool usable(const SeenSlot& sighting) { return !sighting.error && sighting.initialised; }

void set_token(DraftItem& draft, const SeenSlot& sighting) {
  const auto& token = sighting.token;
  draft.sighting = &sighting;
  draft.item.token = token.identity();
  draft.item.label = token.label;
  if (draft.item.selector.empty()) draft.item.selector = token.selector;
}

void end(DraftItem& draft, PlanVerdict verdict) {
  draft.item.state = verdict == PlanVerdict::bad_row ? ItemState::failed : ItemState::skipped;
  draft.verdict = verdict;
}

DraftItem of_row(const model::ManifestRow& row, const policy::RowMatch& match,
                 const std::vector<const SeenSlot*>& tokens) {
  DraftItem out;
  out.row = &row;
  out.item.line = row.line;
  out.item.note = row.note;
  out.item.selector = row.serial.empty() ? row.label : row.serial;
  if (row.serial.empty()) out.item.label = row.label;
  out.error = row.error;
  if (match.fits == 1) set_token(out, *tokens[match.token]);
  if (row.error)
    end(out, PlanVerdict::bad_row);
  else if (match.fits == 0)
    end(out, PlanVerdict::not_present);
  else if (match.fits > 1)
    end(out, PlanVerdict::ambiguous);
  else if (match.repeated)
    end(out, PlanVerdict::repeated);
  return out;
}

DraftItem of_token(const SeenSlot& sighting, bool named) {
  DraftItem out;
  set_token(out, sighting);
  if (!named) end(out, PlanVerdict::unknown_token);
  return out;
}

DraftItem of_failed(const SeenSlot& sighting) {
  DraftItem out;
  out.item.selector = sighting.error->subject();
  out.item.state = ItemState::failed;
  out.item.reason = base::name(sighting.error->code());
  out.error = sighting.error;
  return out;
}

}  // namespace

std::vector<DraftItem> draft_items(const std::vector<SeenSlot>& sightings,
                                   const std::optional<model::Manifest>& manifest,
                                   const std::string& batch) {
  std::vector<const SeenSlot*> tokens;
  std::vector<const model::TokenRef*> refs;
  for (const auto& sighting : sightings) {
    if (!usable(sighting)) continue;
    tokens.push_back(&sighting);
    refs.push_back(&sighting.token);
  }
  std::vector<DraftItem> out;
  std::vector<bool> named(tokens.size(), !manifest);
  if (manifest) {
    const auto matches = policy::match_rows(manifest->rows, refs);
    for (std::size_t i = 0; i < matches.size(); ++i) {
      out.push_back(of_row(manifest->rows[i], matches[i], tokens));
      if (matches[i].fits == 1) named[matches[i].token] = true;
    }
  }
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (!manifest || !named[i]) out.push_back(of_token(*tokens[i], named[i]));
  for (const auto& sighting : sightings)
    if (sighting.error) out.push_back(of_failed(sighting));
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].item.batch = batch;
    out[i].item.number = static_cast<unsigned>(i + 1);
  }
  return out;
}

std::vector<const SeenSlot*> find_sightings(const model::BatchItem& item,
                                            const std::vector<SeenSlot>& sightings) {
  std::vector<const SeenSlot*> out;
  for (const auto& sighting : sightings) {
    const auto& token = sighting.token;
    const bool called = token.label == item.label || base::masked_text(token.label) == item.label;
    if (usable(sighting) && token.identity() == item.token && called) out.push_back(&sighting);
  }
  return out;
}

}  // namespace ukey::ops
