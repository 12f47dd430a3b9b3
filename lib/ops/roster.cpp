#include "ops/roster.hpp"

#include <algorithm>
#include <utility>

#include "ops/slot_reading.hpp"

namespace ukey::ops {

namespace {

auto is_at(std::size_t module, unsigned long slot) {
  return [=](const auto& place) { return place.module == module && place.slot == slot; };
}

auto has_place(std::size_t module, unsigned long slot) {
  return [=](const auto& guest) { return std::ranges::any_of(guest.places, is_at(module, slot)); };
}

}  // namespace

const Present* Roster::at(std::size_t module, unsigned long slot) const {
  const auto found = std::ranges::find_if(guests_, has_place(module, slot));
  return found == guests_.end() ? nullptr : &found->token;
}

std::vector<unsigned long> Roster::slots(std::size_t module) const {
  std::vector<unsigned long> out;
  for (const auto& guest : guests_)
    for (const auto& place : guest.places)
      if (place.module == module) out.push_back(place.slot);
  return out;
}

void Roster::come(std::size_t module, Present token, bool shown, bool announced) {
  const Place place{module, token.slot, announced};
  for (auto& guest : guests_) {
    if (token.error || guest.token.error || !same_token(guest.token.info, token.info)) continue;
    join(guest.token, token);
    guest.places.push_back(place);
    return;
  }
  guests_.push_back({std::move(token), {place}, shown});
}

bool Roster::announce(std::size_t module, unsigned long slot) {
  const auto guest = std::ranges::find_if(guests_, has_place(module, slot));
  if (guest == guests_.end()) return false;
  const auto place = std::ranges::find_if(guest->places, is_at(module, slot));
  return std::exchange(place->announced, true);
}

std::optional<Present> Roster::go(std::size_t module, unsigned long slot) {
  const auto guest = std::ranges::find_if(guests_, has_place(module, slot));
  if (guest == guests_.end()) return std::nullopt;
  std::erase_if(guest->places, is_at(module, slot));
  if (!guest->places.empty()) return std::nullopt;
  auto gone = guest->told ? std::optional{std::move(guest->token)} : std::nullopt;
  guests_.erase(guest);
  return gone;
}

void Roster::forget(std::size_t module) {
  for (auto& guest : guests_)
    std::erase_if(guest.places, [module](const Place& place) { return place.module == module; });
  std::erase_if(guests_, [](const Guest& guest) { return guest.places.empty(); });
}

std::optional<Present> Roster::newcomer() {
  const auto guest =
      std::ranges::find_if(guests_, [](const Guest& one) { return one.shown && !one.told; });
  if (guest == guests_.end()) return std::nullopt;
  guest->told = true;
  return guest->token;
}

}  // namespace ukey::ops
