#include "policy/identity.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/text.hpp"
#include "policy/window.hpp"

namespace ukey::policy {

namespace {

using model::PinLevel;

/// How specifically `pattern` fits `text`: absent when it does not, else the number of characters
/// fixed by it.
std::optional<std::size_t> fit(std::string_view pattern, std::string_view text) {
  if (!pattern.empty() && pattern.back() == '*') {
    pattern.remove_suffix(1);
    if (!text.starts_with(pattern)) return std::nullopt;
    return pattern.size();
  }
  if (pattern != text) return std::nullopt;
  return pattern.size() + 1;
}

std::string_view last_part(std::string_view path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

bool has_part(const model::Certificate& certificate,
              const std::pair<std::string, std::string>& wanted) {
  return std::ranges::any_of(certificate.issuer_parts, [&wanted](const auto& part) {
    return part.first == wanted.first &&
           base::ascii_lower(part.second) == base::ascii_lower(wanted.second);
  });
}

PinLevel level(bool locked, bool final_try, bool low, bool not_set, bool to_be_changed) {
  if (locked) return PinLevel::locked;
  if (final_try) return PinLevel::final_try;
  if (low) return PinLevel::count_low;
  if (not_set) return PinLevel::not_set;
  return to_be_changed ? PinLevel::to_be_changed : PinLevel::ok;
}

using Numbers = std::vector<std::size_t>;

/// Whether tokens in two slots of one module are among these.
bool share_module(std::span<const TokenPlace> places, const Numbers& some) {
  return std::ranges::any_of(some, [&](std::size_t one) {
    return std::ranges::any_of(some, [&](std::size_t other) {
      return places[one].module == places[other].module && places[one].slot != places[other].slot;
    });
  });
}

}  // namespace

std::vector<std::size_t> first_places(std::span<const TokenPlace> places) {
  std::vector<std::size_t> out;
  std::map<model::TokenIdentity, Numbers> carriers;
  for (std::size_t i = 0; i < places.size(); ++i) {
    out.push_back(i);
    if (places[i].info != nullptr) carriers[places[i].info->identity()].push_back(i);
  }
  for (const auto& [identity, some] : carriers) {
    const bool means = model::is_telling(identity.serial) && !share_module(places, some);
    const auto same = [&](const TokenPlace& one, const TokenPlace& other) {
      const bool same_place = one.module == other.module && one.slot == other.slot;
      return same_place || (means && model::same_names(*one.info, *other.info));
    };
    for (const auto i : some)
      out[i] = *std::ranges::find_if(
          some, [&, i](std::size_t other) { return same(places[i], places[other]); });
  }
  return out;
}

const model::TokenProfile* token_profile(const model::Profiles& profiles,
                                         const model::TokenInfo& token) {
  const model::TokenProfile* best = nullptr;
  std::size_t most = 0;
  for (const auto& profile : profiles.tokens) {
    for (const auto& match : profile.match) {
      const auto manufacturer = fit(match.manufacturer, token.manufacturer);
      const auto model = fit(match.model, token.model);
      if (!manufacturer || !model) continue;
      const std::size_t specific = *manufacturer + *model + 1;
      if (specific > most) {
        most = specific;
        best = &profile;
      }
    }
  }
  return best;
}

base::Error advised(const model::Profiles& profiles, std::string_view file,
                    const base::Error& error) {
  for (const auto& profile : profiles.tokens) {
    const auto advice = profile.hints.find(error.code());
    if (advice == profile.hints.end()) continue;
    const auto names = [file](const std::string& other) {
      return last_part(other) == last_part(file);
    };
    if (std::ranges::any_of(profile.module_files, names)) return error.advised(advice->second);
  }
  return error;
}

model::CaRef ca_of(const model::Profiles& profiles, const model::Platform& platform,
                   const model::Certificate& certificate) {
  model::CaRef best;
  std::size_t most = 0;
  for (const auto& ca : profiles.cas) {
    for (const auto& pattern : ca.issuers) {
      const bool fits = std::ranges::all_of(
          pattern, [&certificate](const auto& part) { return has_part(certificate, part); });
      if (!fits || pattern.size() <= most) continue;
      most = pattern.size();
      const bool renewable =
          std::ranges::find(platform.renewable_cas, ca.id) != platform.renewable_cas.end();
      best = {ca.id, ca.name, renewable};
    }
  }
  return best;
}

model::Holder holder_of(const std::vector<model::CertificateRow>& rows) {
  if (const auto* row = deciding_row(rows)) return row->certificate.holder;
  for (const auto& row : rows)
    if (!row.error && row.certificate.role != model::Role::ca) return row.certificate.holder;
  return {};
}

model::PinState pin_state(const model::TokenInfo& token, const model::TokenProfile* profile) {
  const auto& flags = token.flags;
  model::PinState out;
  out.user = level(flags.user_locked, flags.user_final_try, flags.user_count_low,
                   !flags.user_pin_set, flags.user_to_be_changed);
  out.so =
      level(flags.so_locked, flags.so_final_try, flags.so_count_low, false, flags.so_to_be_changed);
  constexpr unsigned long kUnavailable = ~0UL;
  if (token.max_pin > 0 && token.max_pin != kUnavailable && token.max_pin >= token.min_pin) {
    out.min_length = token.min_pin;
    out.max_length = token.max_pin;
  }
  if (profile != nullptr) out.retry_limit = profile->retry_limit;
  return out;
}

}  // namespace ukey::policy
