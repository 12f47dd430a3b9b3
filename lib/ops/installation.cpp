#include "ops/installation.hpp"

#include <algorithm>

#include "p11/evp_key.hpp"
#include "p11/key_pair.hpp"
#include "p11/object.hpp"
#include "p11/writing.hpp"
#include "x509/certificate.hpp"
#include "x509/proof.hpp"

namespace ukey::ops {

namespace {

using base::Bytes;
using base::Code;
using base::Error;
using ledger::Item;
using ledger::Stage;
using model::RenewalStep;
using model::Role;

Bytes octets(const std::string& text) {
  const auto view = base::as_bytes(text);
  return {view.begin(), view.end()};
}

std::string serial_of(const Bytes& certificate) {
  return x509::parse_certificate(certificate).serial;
}

bool signs(Role role) { return role == Role::sign || role == Role::sign_encrypt; }
bool decrypts(Role role) { return role == Role::encrypt || role == Role::sign_encrypt; }

ledger::SavedObject saved(const p11::NewCertificate& object) {
  return {object.der, object.subject, object.issuer, object.serial, object.id, object.label};
}

bool is_sound(const Item& item, Stage stage) {
  if (!signs(item.role) && !decrypts(item.role)) return false;
  if (item.swapped && item.swapped->value != item.former) return false;
  const bool came = stage == Stage::answered || stage == Stage::committed;
  if (item.fresh.empty()) return !came;
  const auto fresh = x509::parse_certificate(item.fresh);
  if (fresh.role != item.role) return false;
  if (item.former.empty()) return true;
  const auto former = x509::parse_certificate(item.former);
  return former.role == item.role && former.not_after < fresh.not_after;
}

p11::NewCertificate object_of(const ledger::SavedObject& saved) {
  return {saved.value, saved.subject, saved.issuer, saved.serial, saved.id, saved.label};
}

}  // namespace

Installation::Installation(const Visit& visit, ledger::Journal& journal,
                           std::function<base::Time()> now, std::function<void(RenewalStep)> done)
    : visit_(visit), journal_(journal), now_(std::move(now)), done_(std::move(done)) {}

void Installation::look() {
  seen_.clear();
  for (auto& object : p11::read_certificates(visit_.session()))
    if (!object.error)
      seen_.push_back({object.handle, std::move(object.der), std::move(object.id)});
}

const Installation::OnToken* Installation::find(const Bytes& value) const {
  const auto row = std::ranges::find(seen_, value, &OnToken::value);
  return row == seen_.end() ? nullptr : &*row;
}

void Installation::advance(Stage stage) {
  auto record = journal_.record();
  record.stage = stage;
  record.changed = now_();
  journal_.put(record);
}

void Installation::write(std::size_t index) {
  const Item& item = journal_.record().items[index];
  if (find(item.fresh) != nullptr) return;
  const auto fields = x509::fields_of(item.fresh);
  p11::NewCertificate object{item.fresh,    fields.subject, fields.issuer,
                             fields.serial, item.key_id,    {}};
  if (const auto* former = find(item.former))
    object.label = p11::read_certificate(visit_.session(), former->handle).label;
  else if (item.swapped)
    object.label = item.swapped->label;
  else
    object.label = octets(serial_of(item.fresh));
  try {
    (void)p11::write_certificate(visit_.session(), object);
  } catch (const Error& error) {
    if (error.code() != Code::token_full || item.swapped) throw;
    make_room(index);
    (void)p11::write_certificate(visit_.session(), object);
  }
}

/// Only a certificate for signing may go: one for encryption tells which old files the token opens.
void Installation::make_room(std::size_t index) {
  auto record = journal_.record();
  Item& item = record.items[index];
  const auto* former = superseded_by(item);
  if (former == nullptr) throw Error{Code::token_full, serial_of(item.fresh)};
  item.swapped = saved(p11::read_certificate(visit_.session(), former->handle));
  record.changed = now_();
  journal_.put(record);
  p11::destroy_object(visit_.session(), former->handle);
  look();
}

void Installation::require_there(const Item& item) const {
  if (find(item.fresh) == nullptr) throw Error{Code::token_refused, serial_of(item.fresh)};
}

void Installation::try_key(const Item& item) const {
  const auto key = p11::TokenKey::open(visit_.session(), item.key_id);
  const bool good = (!signs(item.role) || x509::proves_signing(key.get(), item.fresh)) &&
                    (!decrypts(item.role) || x509::proves_decryption(key.get(), item.fresh));
  if (good) return;
  if (const auto failure = key.failure()) throw Error{*failure};
  throw Error{Code::token_refused, serial_of(item.fresh)};
}

/// The one that may go for `item`, by what the certificates themselves say: never one with
/// encryption usage, and never the one that was to be put there, for a certificate that was on the
/// token before follows itself.
const Installation::OnToken* Installation::superseded_by(const Item& item) const {
  const auto* former = find(item.former);
  if (former == nullptr) return nullptr;
  const auto fresh = x509::parse_certificate(item.fresh);
  const auto old = x509::parse_certificate(item.former);
  const bool follows =
      fresh.role == Role::sign && old.role == Role::sign && old.not_after < fresh.not_after;
  return follows ? former : nullptr;
}

void Installation::remove_former() {
  for (const auto& item : journal_.record().items)
    if (const auto* former = superseded_by(item))
      p11::destroy_object(visit_.session(), former->handle);
}

void Installation::finish() {
  look();
  if (journal_.record().stage == Stage::answered) {
    for (std::size_t i = 0; i < journal_.record().items.size(); ++i) write(i);
    done_(RenewalStep::write);
    look();
    for (const auto& item : journal_.record().items) require_there(item);
    done_(RenewalStep::read_back);
    for (const auto& item : journal_.record().items) try_key(item);
    done_(RenewalStep::key_test);
    advance(Stage::committed);
  }
  for (const auto& item : journal_.record().items) require_there(item);
  if (journal_.record().remove_former) {
    remove_former();
    done_(RenewalStep::retire);
  }
  advance(Stage::renewed);
}

void Installation::restore(const Item& item) {
  if (item.swapped && find(item.former) == nullptr)
    (void)p11::write_certificate(visit_.session(), object_of(*item.swapped));
}

/// A record is a file: what it says is believed only as far as the token bears it out.
bool Installation::may_go(const Item& item) const {
  if (item.fresh.empty() || item.former.empty() || item.was_there) return false;
  const auto fresh = x509::parse_certificate(item.fresh);
  const auto former = x509::parse_certificate(item.former);
  return fresh.not_after > former.not_after && (item.swapped || find(item.former) != nullptr);
}

void Installation::remove_pair(const Item& item) const {
  const bool in_use = std::ranges::find(seen_, item.key_id, &OnToken::id) != seen_.end();
  if (!item.new_key || in_use) return;
  const auto pair = p11::find_pair(visit_.session(), item.key_id);
  if (!pair) return;
  for (const unsigned long handle : {pair->private_handle, pair->public_handle})
    if (handle != 0) p11::destroy_object(visit_.session(), handle);
}

void Installation::undo() {
  look();
  for (const auto& item : journal_.record().items) {
    const auto* fresh = find(item.fresh);
    if (fresh != nullptr && may_go(item)) p11::destroy_object(visit_.session(), fresh->handle);
  }
  for (const auto& item : journal_.record().items) restore(item);
  look();
  for (const auto& item : journal_.record().items) remove_pair(item);
  for (const auto& item : journal_.record().items)
    if (item.swapped && find(item.former) == nullptr)
      throw Error{Code::token_refused, serial_of(item.former)};
  advance(Stage::undone);
}

model::Generation Installation::generation() const {
  std::vector<Bytes> values;
  for (const auto& object : seen_) values.push_back(object.value);
  return generation_of(journal_.record(), values);
}

void require_sound(const ledger::Journal& journal) {
  const auto& record = journal.record();
  const auto sound = [&record](const Item& item) { return is_sound(item, record.stage); };
  try {
    if (std::ranges::all_of(record.items, sound)) return;
  } catch (const Error&) {  // a certificate that cannot be read
  }
  throw Error{Code::ledger, journal.path()};
}

model::Generation generation_of(const ledger::Record& record, const std::vector<Bytes>& held) {
  const auto there = [&held](const Bytes& value) {
    return !value.empty() && std::ranges::find(held, value) != held.end();
  };
  const auto& items = record.items;
  const auto fresh = [&](const Item& item) { return there(item.fresh); };
  const auto former = [&](const Item& item) { return item.former.empty() || there(item.former); };
  if (!items.empty() && std::ranges::all_of(items, fresh)) return model::Generation::renewed;
  const bool untouched = std::ranges::none_of(items, fresh) && std::ranges::all_of(items, former);
  return untouched ? model::Generation::former : model::Generation::unknown;
}

}  // namespace ukey::ops
