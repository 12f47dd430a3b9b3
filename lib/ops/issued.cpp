#include <algorithm>

#include "ops/issuance.hpp"
#include "p11/object.hpp"
#include "policy/identity.hpp"
#include "policy/successor.hpp"
#include "x509/certificate.hpp"
#include "x509/key.hpp"

namespace ukey::ops {

namespace {

using base::Bytes;
using base::Code;
using base::Error;
using model::Certificate;
using model::CertificateRow;
using model::Role;

/// Public halves of the token's keys, and which private ones are there.
struct Keys {
  std::vector<model::PublicKey> publics;
  std::vector<Bytes> private_ids;
};

Keys keys_of(const Visit& visit) {
  Keys out{p11::read_public_keys(visit.session()), p11::private_key_ids(visit.session())};
  for (auto& key : p11::read_private_key_publics(visit.session()))
    out.publics.push_back(std::move(key));
  return out;
}

bool is_of(const Certificate& certificate, const model::PublicKey& key) {
  return x509::same_key(certificate, key).value_or(false);
}

/// The key on the token, private half and all, that the certificate is of; nullptr when there is
/// none.
const model::PublicKey* key_of(const Certificate& certificate, const Keys& keys) {
  for (const auto& key : keys.publics) {
    if (key.id.empty() || !is_of(certificate, key)) continue;
    if (std::ranges::find(keys.private_ids, key.id) != keys.private_ids.end()) return &key;
  }
  return nullptr;
}

bool is_ca(const Certificate& certificate) { return certificate.role == Role::ca; }

/// True when current certificates are of this key, and all of them of another role.
bool serves_others(const model::PublicKey& key, Role role,
                   const std::vector<CertificateRow>& rows) {
  bool any = false;
  for (const auto& row : rows) {
    if (row.error || !row.current || !is_of(row.certificate, key)) continue;
    if (row.certificate.role == role) return false;
    any = true;
  }
  return any;
}

/// CA certificates that came along count only as links: an anchor is what was trusted before, or
/// what the CA's profile knows by its SHA-256.
x509::Trust trust_for(const RenewalCase& renewal, const std::vector<Certificate>& came) {
  x509::Trust out;
  if (renewal.order.trust) out = renewal.order.trust(renewal.token.ref.profile);
  const auto anchored = [](const Bytes& der) {
    const auto certificate = x509::parse_certificate(der);
    return certificate.subject == certificate.issuer;
  };
  const bool has_root = std::ranges::any_of(out.certificates, anchored);
  const auto* ca = renewal.ca();
  for (const auto& certificate : came) {
    if (!is_ca(certificate)) continue;
    const bool self_signed = certificate.subject == certificate.issuer;
    const bool known = ca != nullptr && std::ranges::find(ca->trust_sha256, certificate.sha256) !=
                                            ca->trust_sha256.end();
    if (known || (has_root && !self_signed)) out.certificates.push_back(certificate.der);
  }
  return out;
}

model::CheckResult chain_of(const Certificate& certificate, const x509::Trust& trust,
                            base::Time at) {
  for (const auto& row : x509::verify(certificate, trust, at))
    if (row.check == model::Check::chain) return row.result;
  return model::CheckResult::not_checked;
}

/// A certificate that came along and is none of this token's affair, as a CA's own for its answers.
bool strange(const Certificate& fresh, const model::PublicKey* key, const model::Holder& holder) {
  if (key != nullptr) return false;
  const auto& other = fresh.holder;
  if (other.uscc && holder.uscc) return *other.uscc != *holder.uscc;
  if (other.person_id && holder.person_id) return *other.person_id != *holder.person_id;
  return other.name != holder.name;
}

struct Judge {
  RenewalCase& renewal;
  const std::vector<CertificateRow>& rows;
  x509::Trust trust;

  /// The row of one certificate, with every rule looked at.
  model::SuccessionRow row_of(const Certificate& fresh, const model::PublicKey* key) const {
    model::SuccessionRow out;
    out.role = fresh.role;
    out.key_id = key != nullptr ? base::hex(key->id) : "";
    out.fresh = fresh;
    const auto* former = policy::predecessor_of(fresh, out.key_id, rows);
    if (former != nullptr) out.former = former->certificate;
    const auto& bench = *renewal.bench;
    policy::Candidate candidate;
    candidate.fresh = &fresh;
    candidate.former = former == nullptr ? nullptr : &former->certificate;
    candidate.holder = renewal.card.holder;
    candidate.key_on_token = key != nullptr;
    candidate.key_of_other_role = key != nullptr && serves_others(*key, fresh.role, rows);
    candidate.ca = policy::ca_of(*bench.profiles, *bench.platform, fresh);
    candidate.former_ca = renewal.card.ca;
    candidate.chain = chain_of(fresh, trust, renewal.now());
    const auto years = renewal.journal ? renewal.journal->record().years : renewal.order.years;
    out.fitness = policy::fitness_of(candidate, years, renewal.now(), *bench.platform);
    return out;
  }
};

ledger::Item item_of(const RenewalCase& renewal, const model::SuccessionRow& row,
                     const std::vector<CertificateRow>& rows) {
  ledger::Item out;
  out.role = row.role;
  out.key_id = base::unhex(row.key_id).value_or(Bytes{});
  if (row.former) out.former = row.former->der;
  if (renewal.journal)
    for (const auto& item : renewal.journal->record().items)
      if (item.key_id == out.key_id && item.role == out.role) out = item;
  out.fresh = row.fresh->der;
  out.was_there = std::ranges::any_of(
      rows, [&](const CertificateRow& known) { return known.certificate.der == out.fresh; });
  return out;
}

/// What a renewal lacks when it is not answered whole: a row without a new certificate.
[[noreturn]] void lack(RenewalCase& renewal, const Certificate& former) {
  model::SuccessionRow row;
  row.role = former.role;
  row.former = former;
  renewal.job.certificates.push_back(row);
  throw Error{Code::certificate_unfit, former.serial}.because(base::Cause::no_successor);
}

/// Every current certificate has a successor, and every request is answered for its own key.
void require_whole(RenewalCase& renewal, const std::vector<CertificateRow>& rows) {
  const auto& found = renewal.job.certificates;
  for (const auto& row : rows) {
    if (row.error || !row.current) continue;
    const auto same_role = [&row](const auto& next) { return next.role == row.certificate.role; };
    if (std::ranges::none_of(found, same_role)) lack(renewal, row.certificate);
  }
  for (const auto& item : renewal.journal->record().items) {
    const auto answers = [&item](const model::SuccessionRow& next) {
      return next.role == item.role && next.key_id == base::hex(item.key_id);
    };
    if (std::ranges::none_of(found, answers)) lack(renewal, x509::parse_certificate(item.former));
  }
}

/// Rows for the current certificates that none of the issued ones follows.
void add_unrenewed(RenewalCase& renewal, const std::vector<CertificateRow>& rows) {
  auto& found = renewal.job.certificates;
  for (const auto& row : rows) {
    const Role role = row.certificate.role;
    const auto same_role = [role](const auto& next) { return next.role == role; };
    if (row.error || !row.current || !model::is_end_entity(role) ||
        std::ranges::any_of(found, same_role))
      continue;
    model::SuccessionRow lacking;
    lacking.role = role;
    lacking.former = row.certificate;
    found.push_back(std::move(lacking));
  }
}

/// Two for one use cannot both follow: neither is taken.
void refuse_doubles(std::vector<model::SuccessionRow>& found) {
  for (auto& row : found) {
    const auto same_role = [&row](const auto& other) { return other.role == row.role; };
    if (std::ranges::count_if(found, same_role) < 2) continue;
    for (auto& rule : row.fitness)
      if (rule.check == model::Fitness::role) rule.result = model::CheckResult::failed;
  }
}

std::vector<Certificate> parsed(const std::vector<Bytes>& issued) {
  std::vector<Certificate> out;
  for (const auto& der : issued) {
    if (std::ranges::find(out, der, &Certificate::der) != out.end()) continue;
    out.push_back(x509::parse_certificate(der));
  }
  return out;
}

/// The rows of the case's job, all of which fit.
void judge_rows(RenewalCase& renewal, const Visit& visit, const std::vector<CertificateRow>& rows,
                const std::vector<Bytes>& issued, bool strictly) {
  const auto certificates = parsed(issued);
  const auto keys = keys_of(visit);
  const Judge judge{renewal, rows, trust_for(renewal, certificates)};
  auto& found = renewal.job.certificates;
  found.clear();
  for (const auto& fresh : certificates) {
    const auto* key = key_of(fresh, keys);
    if (is_ca(fresh) && key == nullptr) continue;
    if (!strictly && strange(fresh, key, renewal.card.holder)) continue;
    found.push_back(judge.row_of(fresh, key));
  }
  refuse_doubles(found);
  for (const auto& row : found)
    if (!policy::fit(row.fitness)) throw Error{Code::certificate_unfit, row.fresh->serial};
  if (found.empty())
    throw Error{Code::certificate_unfit, renewal.subject()}.because(base::Cause::only_ca);
}

}  // namespace

void judge_answer(RenewalCase& renewal, const Visit& visit, const std::vector<CertificateRow>& rows,
                  const std::vector<Bytes>& answer) {
  judge_rows(renewal, visit, rows, answer, false);
  if (renewal.journal->record().items.size() == 1) require_whole(renewal, rows);
}

std::vector<ledger::Item> judge_issued(RenewalCase& renewal, const Visit& visit,
                                       const std::vector<CertificateRow>& rows,
                                       const std::vector<Bytes>& issued, bool strictly) {
  judge_rows(renewal, visit, rows, issued, strictly);
  if (!strictly) require_whole(renewal, rows);
  std::vector<ledger::Item> items;
  for (auto& row : renewal.job.certificates) {
    items.push_back(item_of(renewal, row, rows));
    row.new_key = items.back().new_key;
    row.was_there = items.back().was_there;
  }
  if (strictly) add_unrenewed(renewal, rows);
  renewal.done(model::RenewalStep::judge);
  return items;
}

}  // namespace ukey::ops
