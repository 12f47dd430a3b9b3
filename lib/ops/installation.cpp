#include "ops/installation.hpp"

#include <algorithm>

#include "ops/renewal_record.hpp"
#include "p11/evp_key.hpp"
#include "p11/object.hpp"
#include "p11/removal.hpp"
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

std::string serial_of(const Bytes& certificate) {
  return x509::parse_certificate(certificate).serial;
}

ledger::SavedObject saved(const p11::NewCertificate& object) {
  return {object.der, object.subject, object.issuer, object.serial, object.id, object.label};
}

/// A read that fails once may have failed in passing, and a certificate that is taken for missing
/// would be written twice. What fails again is an object that nobody can read.
std::vector<model::CertificateObject> read_twice(const p11::Session& session) {
  auto objects = p11::read_certificates(session);
  const auto refused = [](const model::CertificateObject& object) {
    return object.error && object.error->code() != Code::bad_input;
  };
  if (std::ranges::none_of(objects, refused)) return objects;
  return p11::read_certificates(session);
}

p11::NewCertificate object_of(const ledger::SavedObject& saved) {
  return {saved.value, saved.subject, saved.issuer, saved.serial, saved.id, saved.label};
}

}  // namespace

Installation::Installation(const Visit& visit, ledger::Journal& journal,
                           std::function<base::Time()> now, std::function<void(RenewalStep)> done)
    : visit_(visit), journal_(journal), now_(std::move(now)), done_(std::move(done)) {}

void Installation::look() {
  std::vector<OnToken> found;
  for (auto& object : read_twice(visit_.session()))
    if (!object.error)
      found.push_back({object.handle, std::move(object.der), std::move(object.id)});
  seen_ = std::move(found);
  in_doubt_ = false;
}

std::vector<Bytes> Installation::held() const {
  std::vector<Bytes> out;
  for (const auto& object : seen_) out.push_back(object.value);
  return out;
}

bool Installation::holds(const Bytes& certificate) const { return find(certificate) != nullptr; }

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
    object.label = base::bytes_of(serial_of(item.fresh));
  in_doubt_ = true;
  try {
    (void)p11::write_certificate(visit_.session(), object);
  } catch (const Error& error) {
    if (error.code() != Code::token_full || !holds(item.former)) throw;
    make_room(index);
    (void)p11::write_certificate(visit_.session(), object);
  }
}

/// A token that loses what it was not told to remove is asked to remove nothing more, neither by a
/// resume nor by an undoing.
void Installation::end_lost(const Error& loss) {
  try {
    look();
  } catch (const Error&) {
    in_doubt_ = true;
  }
  advance(Stage::lost);
  throw Error{loss};
}

/// The refusal of what is still there, as `removal` returns it.
std::optional<Error> Installation::remove(const std::function<std::optional<Error>()>& removal) {
  in_doubt_ = true;
  try {
    const auto refusal = removal();
    look();
    return refusal;
  } catch (const Error& error) {
    if (p11::is_loss(error)) end_lost(error);
    throw;
  }
}

std::optional<Error> Installation::remove_certificate(unsigned long handle,
                                                      base::ByteView expendable) {
  return remove([&] { return p11::remove_certificate(visit_.session(), handle, expendable); });
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
  if (const auto refusal = remove_certificate(former->handle, {})) throw Error{*refusal};
  in_doubt_ = true;
}

void Installation::require_there(const Item& item) const {
  if (find(item.fresh) == nullptr) throw Error{Code::token_refused, serial_of(item.fresh)};
}

void Installation::try_key(const Item& item) const {
  const auto key = p11::TokenKey::open(visit_.session(), item.key_id);
  const bool good = (!model::signs(item.role) || x509::proves_signing(key.get(), item.fresh)) &&
                    (!model::decrypts(item.role) || x509::proves_decryption(key.get(), item.fresh));
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

/// What is about to go can be put back from the journal.
void Installation::keep_former() {
  auto record = journal_.record();
  bool any = false;
  for (auto& item : record.items) {
    const auto* former = superseded_by(item);
    if (former == nullptr) continue;
    item.swapped = saved(p11::read_certificate(visit_.session(), former->handle));
    any = true;
  }
  if (!any) return;
  record.changed = now_();
  journal_.put(record);
}

/// The last word on a key, after all that was removed.
void Installation::try_again(const Item& item) {
  require_there(item);
  try {
    try_key(item);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
    end_lost(error.because(base::Cause::key_lost));
  }
}

void Installation::retire() {
  keep_former();
  for (const auto& item : journal_.record().items) {
    const auto* former = superseded_by(item);
    if (former == nullptr) continue;
    if (const auto refusal = remove_certificate(former->handle, {}))
      leftovers_.push_back(
          {model::ObjectClass::certificate, refusal->about(serial_of(item.former))});
  }
  for (const auto& item : journal_.record().items) try_again(item);
  if (leftovers_.empty()) done_(RenewalStep::retire);
}

void Installation::finish() {
  look();
  require_own(journal_.record(), held());
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
  if (journal_.record().remove_former) retire();
  advance(Stage::renewed);
}

void Installation::restore() {
  for (const auto& item : journal_.record().items) {
    if (!item.swapped || holds(item.former)) continue;
    const auto handle = p11::write_certificate(visit_.session(), object_of(*item.swapped));
    seen_.push_back({handle, item.former, item.swapped->id});
  }
}

/// A record is a file: what it says is believed only as far as the token bears it out.
bool Installation::may_go(const Item& item) const {
  if (item.fresh.empty() || item.former.empty() || item.was_there) return false;
  const auto fresh = x509::parse_certificate(item.fresh);
  const auto former = x509::parse_certificate(item.former);
  return fresh.not_after > former.not_after && (item.swapped || find(item.former) != nullptr);
}

void Installation::remove_pair(const Item& item) {
  const bool in_use = std::ranges::find(seen_, item.key_id, &OnToken::id) != seen_.end();
  if (!item.new_key || in_use) return;
  if (const auto refusal = remove([&] { return p11::remove_pair(visit_.session(), item.key_id); }))
    leftovers_.push_back({model::ObjectClass::private_key, refusal->about(base::hex(item.key_id))});
}

void Installation::remove_fresh(bool decrypts) {
  for (const auto& item : journal_.record().items) {
    const auto* fresh = find(item.fresh);
    if (fresh == nullptr || model::decrypts(item.role) != decrypts || !may_go(item)) continue;
    const auto expendable = item.new_key ? base::ByteView{item.key_id} : base::ByteView{};
    if (const auto refusal = remove_certificate(fresh->handle, expendable)) throw Error{*refusal};
  }
}

/// A former one is written before the new one goes, unless there is no room for both; those for
/// encryption go last, so that a driver that takes keys along shows it on one that opens no files.
void Installation::undo() {
  look();
  require_own(journal_.record(), held());
  require_former(journal_.record(), held());
  if (journal_.record().stage == Stage::committed) advance(Stage::answered);
  in_doubt_ = true;
  try {
    restore();
  } catch (const Error& error) {
    if (error.code() != Code::token_full) throw;
  }
  for (const bool decrypts : {false, true}) remove_fresh(decrypts);
  in_doubt_ = true;
  restore();
  look();
  for (const auto& item : journal_.record().items) remove_pair(item);
  for (const auto& item : journal_.record().items)
    if (item.swapped && find(item.former) == nullptr)
      throw Error{Code::token_refused, serial_of(item.former)};
  advance(Stage::undone);
}

model::Generation Installation::generation() const {
  return in_doubt_ ? model::Generation::unknown : generation_of(journal_.record(), held());
}

}  // namespace ukey::ops
