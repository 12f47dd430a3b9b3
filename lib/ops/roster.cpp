#include "ops/roster.hpp"

#include <algorithm>

#include "ops/slot_reading.hpp"

namespace ukey::ops {

namespace {

auto is_at(std::size_t module, unsigned long slot) {
  return [=](const auto& place) { return place.module == module && place.token.slot == slot; };
}

auto is_news = [](const auto& place) { return place.shown && !place.told; };

}  // namespace

const Present* Roster::at(std::size_t module, unsigned long slot) const {
  const auto place = std::ranges::find_if(places_, is_at(module, slot));
  return place == places_.end() ? nullptr : &place->token;
}

std::vector<unsigned long> Roster::slots(std::size_t module) const {
  std::vector<unsigned long> out;
  for (const auto& place : places_)
    if (place.module == module) out.push_back(place.token.slot);
  return out;
}

void Roster::come(std::size_t module, Present token, bool shown, bool announced) {
  places_.push_back({module, std::move(token), shown, announced, {}});
}

bool Roster::announce(std::size_t module, unsigned long slot) {
  const auto place = std::ranges::find_if(places_, is_at(module, slot));
  return place != places_.end() && std::exchange(place->announced, true);
}

std::optional<Present> Roster::go(std::size_t module, unsigned long slot) {
  const auto place = std::ranges::find_if(places_, is_at(module, slot));
  if (place == places_.end()) return std::nullopt;
  const auto first = joined().second;
  const auto gone = static_cast<std::size_t>(place - places_.begin());
  const bool only = std::ranges::count(first, first[gone]) == 1;
  auto told = std::move(place->told);
  places_.erase(place);
  return only ? told : std::nullopt;
}

void Roster::forget(std::size_t module) {
  std::erase_if(places_, [module](const Place& place) { return place.module == module; });
}

std::optional<Present> Roster::newcomer() {
  if (std::ranges::none_of(places_, is_news)) return std::nullopt;
  const auto [tokens, first] = joined();
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i].told) tell(first, i, *places_[i].told);
  const auto news = std::ranges::find_if(places_, is_news);
  if (news == places_.end()) return std::nullopt;
  const auto place = static_cast<std::size_t>(news - places_.begin());
  tell(first, place, tokens[first[place]]);
  return news->told;
}

std::pair<std::vector<Present>, std::vector<std::size_t>> Roster::joined() const {
  std::vector<Present> seen;
  for (const auto& place : places_) seen.push_back(place.token);
  auto first = join_places(seen);
  return {std::move(seen), std::move(first)};
}

void Roster::tell(const std::vector<std::size_t>& first, std::size_t place, const Present& token) {
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (first[i] == first[place] && !places_[i].told) places_[i].told = token;
}

}  // namespace ukey::ops
