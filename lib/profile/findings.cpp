#include "profile/findings.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ukey::profile {

base::Error bad_profile(const std::string& file, const Place& place) {
  std::string subject = file + ":" + std::to_string(place.line);
  if (!place.key.empty()) subject += ": " + base::printable(place.key);
  return base::Error(base::Code::bad_profile, std::move(subject));
}

std::vector<base::Error> Findings::errors() const {
  auto sorted = places_;
  std::ranges::stable_sort(sorted, {}, &Place::line);
  std::vector<base::Error> out;
  for (const auto& place : sorted) out.push_back(bad_profile(file_, place));
  return out;
}

void Findings::throw_first() const {
  const auto all = errors();
  if (!all.empty()) throw all.front();
}

}  // namespace ukey::profile
