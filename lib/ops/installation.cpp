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
    if (!object.error) seen_.push_back({object.handle, std::move(object.der)});
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
  const auto* former = find(item.former);
  if (item.role != Role::sign || former == nullptr)
    throw Error{Code::token_full, serial_of(item.fresh)};
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

/// Never one with encryption usage, and never a key.
void Installation::remove_former() {
  for (const auto& item : journal_.record().items) {
    if (item.role != Role::sign || item.former.empty()) continue;
    if (const auto* former = find(item.former))
      p11::destroy_object(visit_.session(), former->handle);
  }
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

void Installation::remove_pair(const Item& item) const {
  if (!item.new_key) return;
  const auto pair = p11::find_pair(visit_.session(), item.key_id);
  if (!pair) return;
  for (const unsigned long handle : {pair->private_handle, pair->public_handle})
    if (handle != 0) p11::destroy_object(visit_.session(), handle);
}

void Installation::undo() {
  look();
  for (const auto& item : journal_.record().items) {
    if (item.fresh.empty() || item.was_there) continue;
    if (const auto* fresh = find(item.fresh)) p11::destroy_object(visit_.session(), fresh->handle);
  }
  for (const auto& item : journal_.record().items) restore(item);
  for (const auto& item : journal_.record().items) remove_pair(item);
  look();
  for (const auto& item : journal_.record().items)
    if (!item.former.empty() && find(item.former) == nullptr)
      throw Error{Code::token_refused, serial_of(item.former)};
  advance(Stage::undone);
}

}  // namespace ukey::ops
