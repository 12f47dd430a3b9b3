#include "p11/attributes.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/text.hpp"
#include "p11/call.hpp"

namespace ukey::p11 {

namespace {

constexpr const char* kRead = "C_GetAttributeValue";
constexpr unsigned long kNone = CK_UNAVAILABLE_INFORMATION;
// What a buffer holds before the call: shows where a module stopped at the first attribute it did
// not like.
constexpr std::uint8_t kUntouched = 0xa5;

/// v3.0 5.7.5: with these, some attributes may have been given all the same.
bool partial(unsigned long rv) {
  return rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
         rv == CKR_BUFFER_TOO_SMALL;
}

/// No value is as long as that; a module with 32-bit numbers writes its -1 so.
bool absurd(unsigned long size) { return size >= std::numeric_limits<std::uint32_t>::max(); }

unsigned long ask(const Session& session, unsigned long object, CK_ATTRIBUTE* first,
                  unsigned long count) {
  const unsigned long rv = answer(session.module(), kRead, &CK_FUNCTION_LIST::C_GetAttributeValue,
                                  session.handle(), object, first, count);
  if (rv != CKR_OK && !partial(rv))
    throw refused(session.module(), kRead, rv, session.module().file());
  return rv;
}

bool untouched(const base::Bytes& buffer) {
  return std::all_of(buffer.begin(), buffer.end(), [](auto octet) { return octet == kUntouched; });
}

}  // namespace

Attributes::Attributes(const Session& session, unsigned long object, std::span<const Wanted> wanted,
                       std::size_t most) {
  for (const auto& one : wanted)
    entries_.push_back({one, AttributeState::unavailable, CKR_OK, 0, {}});
  const auto again = read_together(session, object);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (again[i]) read_alone(session, object, entries_[i], most);
}

std::vector<bool> Attributes::read_together(const Session& session, unsigned long object) {
  std::vector<CK_ATTRIBUTE> asked;
  for (auto& one : entries_) {
    one.value.assign(one.wanted.room, kUntouched);
    asked.push_back(
        {one.wanted.type, one.value.empty() ? nullptr : one.value.data(), one.value.size()});
  }
  const unsigned long rv = ask(session, object, asked.data(), asked.size());
  std::vector<bool> again(entries_.size(), false);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    auto& one = entries_[i];
    const std::size_t room = one.wanted.room;
    const unsigned long size = asked[i].ulValueLen;
    one.rv = rv;
    one.size = size;
    if (size == kNone || (rv != CKR_OK && absurd(size))) {
      again[i] = rv == CKR_BUFFER_TOO_SMALL ? room > 0 : rv != CKR_OK && one.wanted.needed;
    } else if (absurd(size) || (room > 0 && size > room)) {
      again[i] = rv != CKR_OK;  // some tell the size that they need
      one.state = AttributeState::lied;
    } else if (rv != CKR_OK && (room == 0 ? size == 0 : size == room && untouched(one.value))) {
      again[i] = true;
    } else {
      one.state = AttributeState::present;
      one.rv = CKR_OK;
    }
    one.value.resize(one.state == AttributeState::present && room > 0 ? size : 0);
  }
  const bool none_given = std::none_of(entries_.begin(), entries_.end(), [](const Entry& one) {
    return one.state == AttributeState::present;
  });
  if (rv != CKR_OK && none_given) again.assign(again.size(), true);  // some give all or nothing
  return again;
}

void Attributes::read_alone(const Session& session, unsigned long object, Entry& entry,
                            std::size_t most) {
  CK_ATTRIBUTE asked{entry.wanted.type, nullptr, 0};
  entry.state = AttributeState::unavailable;
  entry.rv = ask(session, object, &asked, 1);
  if (entry.rv != CKR_OK || asked.ulValueLen == kNone) return;
  entry.size = asked.ulValueLen;
  if (absurd(entry.size)) {
    entry.state = AttributeState::lied;
    return;
  }
  if (entry.wanted.room > 0 && entry.size > most) {
    entry.state = AttributeState::too_long;
    return;
  }
  if (entry.wanted.room > 0 && entry.size > 0) {
    entry.value.assign(entry.size, kUntouched);
    asked.pValue = entry.value.data();
    entry.rv = ask(session, object, &asked, 1);
    const bool told = entry.rv == CKR_OK && asked.ulValueLen <= entry.size;
    entry.value.resize(told ? asked.ulValueLen : 0);
    if (!told && entry.rv != CKR_OK) return;
    if (!told) {
      entry.state = AttributeState::lied;
      return;
    }
    entry.size = asked.ulValueLen;
  }
  entry.state = AttributeState::present;
}

const Attributes::Entry& Attributes::entry(unsigned long type) const {
  static const Entry none{};
  for (const auto& one : entries_)
    if (one.wanted.type == type) return one;
  return none;
}

AttributeState Attributes::state(unsigned long type) const { return entry(type).state; }

unsigned long Attributes::rv(unsigned long type) const { return entry(type).rv; }

const base::Bytes& Attributes::value(unsigned long type) const { return entry(type).value; }

std::optional<unsigned long> Attributes::size(unsigned long type) const {
  const auto& one = entry(type);
  if (one.state != AttributeState::present && one.state != AttributeState::too_long)
    return std::nullopt;
  return one.size;
}

std::optional<unsigned long> Attributes::number(unsigned long type) const {
  const auto& octets = value(type);
  if (octets.size() == sizeof(std::uint32_t)) {
    std::uint32_t narrow = 0;
    std::memcpy(&narrow, octets.data(), sizeof narrow);
    return narrow;
  }
  if (octets.size() != sizeof(unsigned long)) return std::nullopt;
  unsigned long number = 0;
  std::memcpy(&number, octets.data(), sizeof number);
  return number;
}

std::optional<bool> Attributes::flag(unsigned long type) const {
  const auto& octets = value(type);
  if (octets.size() != 1) return std::nullopt;
  return octets.front() != CK_FALSE;
}

std::string Attributes::text(unsigned long type) const {
  base::ByteView octets = value(type);
  while (!octets.empty() && (octets.back() == ' ' || octets.back() == 0))
    octets = octets.first(octets.size() - 1);
  return base::decoded(octets);
}

}  // namespace ukey::p11
