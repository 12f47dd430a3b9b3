// Plain data for the judgement tests: a platform with Qinghai's numbers, certificates with exact
// dates.
#pragma once

#include <string>

#include "base/time.hpp"
#include "model/certificate.hpp"
#include "model/profile.hpp"

namespace ukey::policy_test {

/// "2027-01-31T15:59:59Z" as a time. Precondition: well-formed.
inline base::Time at(const char* text) { return *base::parse_time(text, base::Zone{}); }

inline model::Platform qinghai() {
  using model::SealRole;
  model::Platform out;
  out.id = "qinghai";
  out.zone = base::Zone{std::chrono::hours{8}};
  out.window = std::chrono::days{30};
  out.renewable_cas = {"bjca", "hbca"};
  out.required_seals[model::HolderKind::enterprise] = {SealRole::unit, SealRole::legal_rep,
                                                       SealRole::signature};
  out.required_seals[model::HolderKind::individual] = {SealRole::signature};
  return out;
}

inline model::CertificateRow row(model::Role role, const char* not_before, const char* not_after) {
  model::CertificateRow out;
  out.certificate.role = role;
  out.certificate.not_before = at(not_before);
  out.certificate.not_after = at(not_after);
  return out;
}

inline model::CaRef bjca() { return {"bjca", {"北京CA", "Beijing CA"}, true}; }

}  // namespace ukey::policy_test
