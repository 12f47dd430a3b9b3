#include "policy/window.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

namespace ukey::policy {

namespace {

using model::NextStep;
using model::Role;
using model::Verdict;

NextStep next_step_of(Verdict verdict, const model::CaRef& ca, bool more_after_login,
                      bool unreadable) {
  switch (verdict) {
    case Verdict::no_certificate:
      if (unreadable) return NextStep::contact_ca;
      return more_after_login ? NextStep::login : NextStep::first_issue;
    case Verdict::not_yet_valid:
      return NextStep::check_clock;
    case Verdict::revoked:
      return NextStep::contact_ca;
    case Verdict::ca_not_renewable:
      return ca.id == "unknown" ? NextStep::contact_ca : NextStep::first_issue;
    case Verdict::expired:
      return NextStep::first_issue;
    case Verdict::too_early:
      return NextStep::wait;
    case Verdict::open:
      return NextStep::renew_now;
  }
  return NextStep::none;
}

Verdict verdict_of(const model::Certificate& certificate, const Window& window,
                   const model::CaRef& ca, std::optional<bool> revoked, base::Time at,
                   const model::Platform& platform) {
  if (at < certificate.not_before) return Verdict::not_yet_valid;
  if (revoked.value_or(false)) return Verdict::revoked;
  if (!ca.renewable) return Verdict::ca_not_renewable;
  if (at > window.closes + platform.grace) return Verdict::expired;
  if (at < window.opens) return Verdict::too_early;
  return Verdict::open;
}

/// What tells holders apart: the number if there is one, else the name.
std::string holder_key(const model::Holder& holder) {
  if (holder.uscc) return *holder.uscc;
  if (holder.person_id) return *holder.person_id;
  return holder.organisation.value_or("") + "\n" + holder.name.value_or("");
}

bool counts(const model::CertificateRow& row) {
  return !row.error && model::is_end_entity(row.certificate.role);
}

/// The holder of the token: the one with certificates of the most roles, then the one whose
/// certificate for encryption or else any ends last. A stray certificate of somebody else must not
/// decide about the renewal.
std::string main_holder(const std::vector<model::CertificateRow>& rows) {
  std::string best;
  std::tuple<std::size_t, base::Time> most{};
  for (const auto& row : rows) {
    if (!counts(row)) continue;
    const auto key = holder_key(row.certificate.holder);
    std::set<Role> roles;
    base::Time latest{};
    for (const auto& other : rows) {
      if (!counts(other) || holder_key(other.certificate.holder) != key) continue;
      roles.insert(other.certificate.role);
      latest = std::max(latest, other.certificate.not_after);
    }
    const std::tuple weight{roles.size(), latest};
    if (weight > most) {
      most = weight;
      best = key;
    }
  }
  return best;
}

}  // namespace

Window window_of(base::Time not_after, const model::Platform& platform) {
  const base::Date last = base::date_in(not_after, platform.zone);
  return {base::start_of(last - platform.window, platform.zone), not_after};
}

std::chrono::days days_left(base::Time not_after, base::Time at, const model::Platform& platform) {
  return base::days_between(at, not_after, platform.zone);
}

base::Date recommended_by(base::Time not_after, const model::Platform& platform) {
  base::Date day = base::date_in(not_after, platform.zone);
  for (int working_days = 0; working_days < 2;) {
    day -= std::chrono::days{1};
    const unsigned weekday = std::chrono::weekday{day}.iso_encoding();
    if (weekday <= 5) ++working_days;
  }
  return day;
}

model::Validity validity(const model::Certificate& certificate, base::Time at) {
  if (at < certificate.not_before) return model::Validity::not_yet_valid;
  if (at > certificate.not_after) return model::Validity::expired;
  return model::Validity::valid;
}

void judge_rows(std::vector<model::CertificateRow>& rows, base::Time at,
                const model::Platform& platform) {
  const std::string holder = main_holder(rows);
  const auto is_ours = [&holder](const model::CertificateRow& row) {
    return counts(row) && holder_key(row.certificate.holder) == holder;
  };
  for (auto& row : rows) {
    if (row.error) continue;
    row.state = validity(row.certificate, at);
    row.days_left = days_left(row.certificate.not_after, at, platform);
    const auto newer = [&](const model::CertificateRow& other) {
      return is_ours(other) && other.certificate.role == row.certificate.role &&
             other.certificate.not_after > row.certificate.not_after;
    };
    row.current = is_ours(row) && std::ranges::none_of(rows, newer);
  }
}

const model::CertificateRow* deciding_row(const std::vector<model::CertificateRow>& rows) {
  const model::CertificateRow* first = nullptr;
  for (const auto& row : rows) {
    if (row.error || !row.current) continue;
    if (first == nullptr || row.certificate.not_after < first->certificate.not_after) first = &row;
  }
  return first;
}

model::RenewalVerdict judge_renewal(const std::vector<model::CertificateRow>& rows,
                                    const model::CaRef& ca, std::optional<bool> revoked,
                                    bool more_after_login, base::Time at,
                                    const model::Platform& platform) {
  model::RenewalVerdict out;
  const auto* row = deciding_row(rows);
  if (row == nullptr) {
    const bool unreadable =
        std::ranges::any_of(rows, [](const auto& r) { return r.error.has_value(); });
    out.next_step = next_step_of(out.verdict, ca, more_after_login, unreadable);
    return out;
  }
  const Window window = window_of(row->certificate.not_after, platform);
  out.verdict = verdict_of(row->certificate, window, ca, revoked, at, platform);
  out.opens = window.opens;
  out.closes = window.closes;
  out.days_left = row->days_left;
  out.recommended_by = recommended_by(row->certificate.not_after, platform);
  out.next_step = next_step_of(out.verdict, ca, more_after_login, false);
  return out;
}

}  // namespace ukey::policy
