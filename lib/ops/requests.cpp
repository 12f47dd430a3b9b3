#include <algorithm>
#include <random>

#include "ops/certificates.hpp"
#include "ops/issuance.hpp"
#include "p11/evp_key.hpp"
#include "p11/key_pair.hpp"
#include "p11/object.hpp"
#include "policy/successor.hpp"
#include "x509/certificate.hpp"
#include "x509/request.hpp"

namespace ukey::ops {

namespace {

using base::Bytes;
using base::Code;
using base::Error;
using ledger::Stage;
using model::CertificateRow;
using model::RenewalStep;
using model::Role;

/// As long as the usual CKA_ID, a SHA-1.
Bytes fresh_id() {
  std::random_device source;
  Bytes out(20);
  for (auto& octet : out) octet = static_cast<std::uint8_t>(source());
  return out;
}

bool same_certificates(const std::vector<CertificateRow>& some,
                       const std::vector<CertificateRow>& others) {
  return std::ranges::is_permutation(
      some, others, {}, [](const auto& row) { return row.certificate.sha256; },
      [](const auto& row) { return row.certificate.sha256; });
}

ledger::Item item_of(const CertificateRow& row, bool new_key) {
  ledger::Item out;
  out.role = row.certificate.role;
  out.new_key = new_key;
  out.key_id = new_key ? fresh_id() : base::unhex(row.key_id).value_or(Bytes{});
  out.former = row.certificate.der;
  return out;
}

void make_pair(const Visit& visit, const CertificateRow& row, const ledger::Item& item) {
  p11::KeyPairRequest request;
  request.algorithm = row.certificate.algorithm;
  request.id = item.key_id;
  request.label = base::bytes_of(row.label);
  request.signs = true;  // its own request, whatever it is for afterwards
  request.decrypts = item.role != Role::sign;
  (void)p11::generate_pair(visit.session(), request);
}

Bytes request_for(const Visit& visit, const Bytes& key_id, const Bytes& former) {
  const auto key = p11::TokenKey::open(visit.session(), key_id);
  try {
    return x509::make_request(former, key.get());
  } catch (const Error&) {
    if (const auto failure = key.failure()) throw Error{*failure};
    throw;
  }
}

/// The key that speaks for the holder to the CA: of a current certificate for signing, else the
/// request's own.
const CertificateRow* speaker(const std::vector<CertificateRow>& rows, const Bytes& former) {
  const CertificateRow* own = nullptr;
  for (const auto& row : rows) {
    if (row.error || !row.current || !row.has_private_key.value_or(false)) continue;
    if (row.certificate.der == former) own = &row;
  }
  if (own != nullptr && own->certificate.role != Role::encrypt) return own;
  for (const auto& row : rows)
    if (!row.error && row.current && row.has_private_key.value_or(false) &&
        row.certificate.role != Role::encrypt)
      return &row;
  return own;
}

ca::Facts facts_of(const RenewalCase& renewal, const ledger::Item& item) {
  ca::Facts out;
  out.token = renewal.token.ref;
  out.holder = renewal.card.holder;
  out.ca_id = renewal.card.ca.id;
  out.role = item.role;
  out.years = renewal.journal->record().years.value_or(0);
  return out;
}

std::vector<Bytes> ask_for(RenewalCase& renewal, const Visit& visit,
                           const std::vector<CertificateRow>& rows, const ledger::Item& item) {
  const auto* by = speaker(rows, item.former);
  if (by == nullptr) throw Error{Code::not_found, renewal.subject()};
  const auto old_id = base::unhex(by->key_id).value_or(Bytes{});
  const auto old_key = p11::TokenKey::open(visit.session(), old_id);
  const auto new_key =
      item.key_id == old_id ? old_key : p11::TokenKey::open(visit.session(), item.key_id);
  ca::Request request;
  request.pkcs10 = item.request;
  request.old_certificate = item.former;
  request.signer_certificate = by->certificate.der;
  request.judge = [&](const ca::Answer& answer) {
    judge_answer(renewal, visit, rows, answer.certificates);
  };
  request.facts = facts_of(renewal, item);
  request.old_key = old_key.get();
  request.new_key = new_key.get();
  try {
    return renewal.order.submit(renewal.journal->record().way, request).certificates;
  } catch (const Error&) {
    if (const auto failure = old_key.failure()) throw Error{*failure};
    if (const auto failure = new_key.failure()) throw Error{*failure};
    throw;
  }
}

}  // namespace

std::vector<CertificateRow> read_again(const RenewalCase& renewal, const Visit& visit) {
  auto rows = read_rows(*renewal.bench, visit);
  if (!same_certificates(rows, renewal.card.certificates))
    throw Error{Code::token_removed, renewal.subject()};
  return rows;
}

void require_untouched(const RenewalCase& renewal, const Visit& visit,
                       const std::vector<CertificateRow>& rows) {
  const auto now = p11::read_certificates(visit.session());
  const auto there = [&now](const CertificateRow& row) {
    return row.error ||
           std::ranges::find(now, row.certificate.der, &model::CertificateObject::der) != now.end();
  };
  if (now.size() != rows.size() || !std::ranges::all_of(rows, there))
    throw Error{Code::busy, renewal.subject()};
}

void make_requests(RenewalCase& renewal, const Visit& visit,
                   const std::vector<CertificateRow>& rows) {
  const auto* ca = renewal.ca();
  const auto kind = ca == nullptr ? model::CertificateKind::each_key : ca->certificates;
  const auto wanted = policy::rows_to_request(rows, kind);
  if (wanted.empty()) throw Error{Code::not_found, renewal.subject()};
  const bool new_keys = renewal.order.new_keys;
  if (renewal.order.dry_run && new_keys) return;
  auto record = renewal.record();
  for (const auto* row : wanted) record.items.push_back(item_of(*row, new_keys));
  if (!renewal.order.dry_run)
    renewal.journal = ledger::Journal::begin(renewal.bench->state_folder, record);
  if (new_keys) {
    for (std::size_t i = 0; i < wanted.size(); ++i) make_pair(visit, *wanted[i], record.items[i]);
    renewal.done(RenewalStep::key_pair);
  }
  for (auto& item : record.items) {
    item.request = request_for(visit, item.key_id, item.former);
    renewal.job.requests.push_back({item.role, base::hex(item.key_id), item.request});
  }
  renewal.done(RenewalStep::request);
  if (!renewal.order.dry_run) renewal.journal->put(record);
}

std::vector<Bytes> ask_ca(RenewalCase& renewal, const Visit& visit,
                          const std::vector<CertificateRow>& rows) {
  auto record = renewal.journal->record();
  if (record.answer.empty()) {
    record.stage = Stage::submitted;
    record.changed = renewal.now();
    renewal.journal->put(record);
    for (const auto& item : record.items)
      for (auto& der : ask_for(renewal, visit, rows, item)) record.answer.push_back(std::move(der));
    record.changed = renewal.now();
    renewal.journal->put(record);
  }
  renewal.done(RenewalStep::submit);
  return record.answer;
}

}  // namespace ukey::ops
