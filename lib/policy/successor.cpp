#include "policy/successor.hpp"

#include <algorithm>

namespace ukey::policy {

namespace {

using model::Certificate;
using model::CheckResult;
using model::Fitness;
using model::Role;

CheckResult result_of(bool kept) { return kept ? CheckResult::ok : CheckResult::failed; }

/// What a holder's number says when both have one.
std::optional<bool> same_number(const std::optional<std::string>& one,
                                const std::optional<std::string>& other) {
  if (!one || !other) return std::nullopt;
  return *one == *other;
}

bool same_holder(const Certificate& fresh, const Certificate* former, const model::Holder& holder) {
  const auto uscc = same_number(fresh.holder.uscc, holder.uscc);
  const auto person = same_number(fresh.holder.person_id, holder.person_id);
  if (uscc || person) return uscc.value_or(true) && person.value_or(true);
  return former != nullptr && fresh.subject == former->subject;
}

bool has_term(const Candidate& candidate, std::optional<unsigned> years,
              const model::Platform& platform) {
  const Certificate& fresh = *candidate.fresh;
  const auto lasts = [&](unsigned count) {
    return (candidate.former != nullptr &&
            is_term(candidate.former->not_after, fresh.not_after, count, platform)) ||
           is_term(fresh.not_before, fresh.not_after, count, platform);
  };
  const bool allowed = std::ranges::any_of(platform.term_years, lasts);
  return allowed && (!years || lasts(*years));
}

bool same(const Certificate& one, const Certificate& other) {
  return !one.sha256.empty() && one.sha256 == other.sha256;
}

/// What came before a certificate that is on the token already.
const model::CertificateRow* latest_other(const Certificate& fresh,
                                          const std::vector<model::CertificateRow>& rows) {
  const model::CertificateRow* found = nullptr;
  for (const auto& row : rows) {
    if (row.error || row.certificate.role != fresh.role) continue;
    if (same(row.certificate, fresh)) continue;
    if (found == nullptr || row.certificate.not_after > found->certificate.not_after) found = &row;
  }
  return found;
}

}  // namespace

std::vector<const model::CertificateRow*> rows_to_request(
    const std::vector<model::CertificateRow>& rows, model::CertificateKind kind) {
  std::vector<const model::CertificateRow*> out;
  for (const auto& row : rows) {
    if (row.error || !row.current || !model::is_end_entity(row.certificate.role)) continue;
    if (!row.has_private_key.value_or(false)) continue;
    if (kind == model::CertificateKind::dual && row.certificate.role == Role::encrypt) continue;
    out.push_back(&row);
  }
  return out;
}

const model::CertificateRow* predecessor_of(const Certificate& fresh, const std::string& key_id,
                                            const std::vector<model::CertificateRow>& rows) {
  const model::CertificateRow* found = nullptr;
  const model::CertificateRow* itself = nullptr;
  for (const auto& row : rows) {
    if (row.error || !row.current || row.certificate.role != fresh.role) continue;
    if (same(row.certificate, fresh))
      itself = &row;
    else if (found == nullptr || row.key_id == key_id)
      found = &row;
  }
  if (itself == nullptr) return found;
  const auto* before = latest_other(fresh, rows);
  return before == nullptr ? itself : before;
}

bool is_term(base::Time from, base::Time to, unsigned years, const model::Platform& platform) {
  const std::chrono::year_month_day day{base::date_in(from, platform.zone)};
  const auto month = (day.year() + std::chrono::years(static_cast<int>(years))) / day.month();
  const auto last = (month / std::chrono::last).day();
  const base::Date due{std::chrono::local_days{month / std::min(day.day(), last)}};
  const auto off = base::date_in(to, platform.zone) - due;
  return std::chrono::abs(off) <= platform.term_tolerance;
}

std::vector<model::FitnessRow> fitness_of(const Candidate& candidate, std::optional<unsigned> years,
                                          base::Time at, const model::Platform& platform) {
  const Certificate& fresh = *candidate.fresh;
  const Certificate* former = candidate.former;
  const bool same_ca = candidate.ca.renewable && candidate.ca.id == candidate.former_ca.id;
  return {{Fitness::key, result_of(candidate.key_on_token)},
          {Fitness::role, result_of(former != nullptr && !candidate.key_of_other_role)},
          {Fitness::holder, result_of(same_holder(fresh, former, candidate.holder))},
          {Fitness::ca, result_of(same_ca)},
          {Fitness::chain, candidate.chain},
          {Fitness::begins, result_of(fresh.not_before <= at && at <= fresh.not_after)},
          {Fitness::later, result_of(former != nullptr && fresh.not_after > former->not_after)},
          {Fitness::term, result_of(has_term(candidate, years, platform))}};
}

bool fit(const std::vector<model::FitnessRow>& rows) {
  return !rows.empty() && std::ranges::all_of(rows, [](const model::FitnessRow& row) {
    return row.result == CheckResult::ok;
  });
}

}  // namespace ukey::policy
