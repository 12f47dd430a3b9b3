#include "ops/renewal_record.hpp"

#include <algorithm>

#include "x509/certificate.hpp"

namespace ukey::ops {

namespace {

using base::Bytes;
using base::Code;
using base::Error;
using ledger::Item;
using ledger::Stage;

/// Both are there and are not the same.
bool differs(const std::optional<std::string>& one, const std::optional<std::string>& other) {
  return one && other && *one != *other;
}

bool is_sound(const Item& item, Stage stage) {
  if (!model::is_end_entity(item.role)) return false;
  if (item.swapped && item.swapped->value != item.former) return false;
  const bool came = stage == Stage::answered || stage == Stage::committed;
  if (item.fresh.empty()) return !came;
  const auto fresh = x509::parse_certificate(item.fresh);
  if (fresh.role != item.role) return false;
  if (item.former.empty()) return true;
  const auto former = x509::parse_certificate(item.former);
  return former.role == item.role && former.not_after < fresh.not_after &&
         !differs(former.holder.uscc, fresh.holder.uscc) &&
         !differs(former.holder.person_id, fresh.holder.person_id);
}

bool is_among(const std::vector<Bytes>& held, const Bytes& certificate) {
  return !certificate.empty() && std::ranges::find(held, certificate) != held.end();
}

/// The one that this was to follow is neither on the token nor kept.
bool lacks_former(const Item& item, const std::vector<Bytes>& held) {
  return !item.former.empty() && !item.swapped && !is_among(held, item.former);
}

}  // namespace

void require_own(const ledger::Record& record, const std::vector<Bytes>& held) {
  for (const auto& item : record.items)
    if (lacks_former(item, held) && !is_among(held, item.fresh))
      throw Error{Code::token_removed, x509::parse_certificate(item.former).serial};
}

void require_former(const ledger::Record& record, const std::vector<Bytes>& held) {
  for (const auto& item : record.items)
    if (lacks_former(item, held) && !item.was_there && is_among(held, item.fresh))
      throw Error{Code::token_refused, x509::parse_certificate(item.former).serial}.because(
          base::Cause::no_former);
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
  const auto& items = record.items;
  const auto fresh = [&held](const Item& item) { return is_among(held, item.fresh); };
  const auto former = [&held](const Item& item) {
    return item.former.empty() || is_among(held, item.former);
  };
  if (!items.empty() && std::ranges::all_of(items, fresh)) return model::Generation::renewed;
  const bool untouched = std::ranges::none_of(items, fresh) && std::ranges::all_of(items, former);
  return untouched ? model::Generation::former : model::Generation::unknown;
}

}  // namespace ukey::ops
