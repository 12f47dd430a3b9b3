#include "p11/keyhole.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "p11/attributes.hpp"
#include "p11/call.hpp"
#include "p11/search.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr std::array kRsa{CKA_MODULUS, CKA_PUBLIC_EXPONENT};
constexpr std::array kEc{CKA_EC_PARAMS, CKA_EC_POINT};

base::Bytes octets_of(unsigned long number) {
  base::Bytes out(sizeof number);
  std::memcpy(out.data(), &number, sizeof number);
  return out;
}

bool same(const base::Bytes& one, base::ByteView other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end());
}

Error about_key(Code code, base::ByteView id) { return Error(code, base::hex(id)); }

}  // namespace

Keyhole::Keyhole(const Session& session, base::ByteView id)
    : session_(Session::open(session.module(), session.slot(), false)) {
  read_key(id);
  if (!complete()) add_public(id);
  if (!complete()) throw about_key(Code::not_found, id);
}

void Keyhole::read_key(base::ByteView id) {
  constexpr std::array kWanted{Wanted{CKA_ID, kUsualText, true},
                               Wanted{CKA_KEY_TYPE, sizeof(unsigned long), true},
                               Wanted{CKA_ALWAYS_AUTHENTICATE, 1, false},
                               Wanted{CKA_MODULUS, kUsualNumber, false},
                               Wanted{CKA_PUBLIC_EXPONENT, kUsualNumber, false},
                               Wanted{CKA_EC_PARAMS, kUsualNumber, false},
                               Wanted{CKA_EC_POINT, kUsualNumber, false}};
  for (const unsigned long handle : find(session_, CKO_PRIVATE_KEY, id)) {
    const Attributes key{session_, handle, kWanted};
    if (!same(key.value(CKA_ID), id)) continue;  // a module that looks at the class only
    const auto type = key.number(CKA_KEY_TYPE);
    if ((type != CKK_RSA && type != CKK_EC) || key.flag(CKA_ALWAYS_AUTHENTICATE) == true)
      throw about_key(Code::not_supported, id);
    key_ = handle;
    for (const auto attribute : type == CKK_RSA ? kRsa : kEc)
      values_[attribute] = key.value(attribute);
    values_[CKA_CLASS] = octets_of(CKO_PRIVATE_KEY);
    values_[CKA_KEY_TYPE] = octets_of(*type);
    values_[CKA_ID] = key.value(CKA_ID);
    values_[CKA_LABEL] = {};
    values_[CKA_ALWAYS_AUTHENTICATE] = {CK_FALSE};
    return;
  }
  throw about_key(Code::not_found, id);
}

void Keyhole::add_public(base::ByteView id) {
  constexpr std::array kWanted{
      Wanted{CKA_ID, kUsualText, true}, Wanted{CKA_MODULUS, kUsualNumber, false},
      Wanted{CKA_PUBLIC_EXPONENT, kUsualNumber, false}, Wanted{CKA_EC_PARAMS, kUsualNumber, false},
      Wanted{CKA_EC_POINT, kUsualNumber, false}};
  for (const unsigned long handle : find(session_, CKO_PUBLIC_KEY, id)) {
    const Attributes key{session_, handle, kWanted};
    if (!same(key.value(CKA_ID), id)) continue;
    for (auto& [type, value] : values_)
      if (value.empty()) value = key.value(type);
    return;
  }
}

base::ByteView Keyhole::value(unsigned long type) const {
  const auto read = values_.find(type);
  return read == values_.end() ? base::ByteView{} : base::ByteView{read->second};
}

bool Keyhole::complete() const {
  const auto told = [this](unsigned long type) { return !value(type).empty(); };
  return std::all_of(kRsa.begin(), kRsa.end(), told) || std::all_of(kEc.begin(), kEc.end(), told);
}

std::optional<Error> Keyhole::failure() const {
  const std::lock_guard guard{mutex_};
  return failure_;
}

void Keyhole::keep(std::optional<Error> failure) {
  const std::lock_guard guard{mutex_};
  failure_ = std::move(failure);
}

unsigned long Keyhole::number() const { return reinterpret_cast<unsigned long>(this); }

unsigned long Keyhole::give(CK_ATTRIBUTE& asked) const {
  const auto value = values_.find(asked.type);
  const unsigned long room = std::exchange(asked.ulValueLen, CK_UNAVAILABLE_INFORMATION);
  if (value == values_.end()) return CKR_ATTRIBUTE_TYPE_INVALID;
  const auto& octets = value->second;
  if (asked.pValue && room < octets.size()) return CKR_BUFFER_TOO_SMALL;
  if (asked.pValue)
    std::copy(octets.begin(), octets.end(), static_cast<std::uint8_t*>(asked.pValue));
  asked.ulValueLen = octets.size();
  return CKR_OK;
}

unsigned long Keyhole::note(std::string_view call, unsigned long rv, unsigned long length,
                            unsigned long room) {
  if (rv == CKR_OK && length > room) {
    keep(broken(session_.module(), call, rv));
    return CKR_GENERAL_ERROR;
  }
  if (rv == CKR_OK)
    keep(std::nullopt);
  else
    keep(refused(session_.module(), call, rv, session_.module().file()));
  return rv;
}

void Keyhole::note(const Error& error) { keep(error); }

}  // namespace ukey::p11
