#include "p11/object.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "p11/attributes.hpp"
#include "p11/call.hpp"
#include "p11/search.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr std::size_t kUsualSeal = std::size_t{64} << 10;

/// Each handle's entry by `read`; an error that concerns one object stays in its entry.
template <class Entry, class Read>
std::vector<Entry> each(const Session& session, unsigned long object_class, Read read) {
  std::vector<Entry> out;
  for (const unsigned long handle : find(session, object_class)) {
    Entry entry;
    entry.handle = handle;
    try {
      read(entry);
    } catch (const Error& error) {
      if (ends_session(error)) throw;
      entry.error = error;
    }
    out.push_back(std::move(entry));
  }
  return out;
}

std::vector<model::PublicKey> keys(const Session& session, unsigned long object_class) {
  constexpr std::array kWanted{
      Wanted{CKA_ID, kUsualText, true}, Wanted{CKA_MODULUS, kUsualNumber, false},
      Wanted{CKA_PUBLIC_EXPONENT, kUsualNumber, false}, Wanted{CKA_EC_PARAMS, kUsualNumber, false},
      Wanted{CKA_EC_POINT, kUsualNumber, false}};
  std::vector<model::PublicKey> out;
  for (const unsigned long handle : find(session, object_class)) {
    try {
      const Attributes key{session, handle, kWanted};
      out.push_back({key.value(CKA_ID), key.value(CKA_MODULUS), key.value(CKA_PUBLIC_EXPONENT),
                     key.value(CKA_EC_PARAMS), key.value(CKA_EC_POINT)});
    } catch (const Error& error) {  // a key that cannot be read is one that matches nothing
      if (ends_session(error)) throw;
    }
  }
  return out;
}

}  // namespace

std::vector<model::CertificateObject> read_certificates(const Session& session) {
  constexpr std::array kWanted{Wanted{CKA_LABEL, kUsualText, false},
                               Wanted{CKA_ID, kUsualText, false},
                               Wanted{CKA_VALUE, kUsualCertificate, true}};
  return each<model::CertificateObject>(
      session, CKO_CERTIFICATE, [&](model::CertificateObject& entry) {
        const Attributes read{session, entry.handle, kWanted};
        entry.label = read.text(CKA_LABEL);
        entry.id = read.value(CKA_ID);
        entry.der = read.value(CKA_VALUE);
        if (entry.der.empty())
          entry.error = Error(Code::bad_input, entry.label,
                              answer_of("C_GetAttributeValue", read.rv(CKA_VALUE)));
      });
}

std::vector<model::SealObject> read_data_objects(const Session& session) {
  constexpr std::array kWanted{Wanted{CKA_LABEL, kUsualText, true}, Wanted{CKA_PRIVATE, 1, false},
                               Wanted{CKA_VALUE, 0, false}};
  return each<model::SealObject>(session, CKO_DATA, [&](model::SealObject& entry) {
    const Attributes read{session, entry.handle, kWanted};
    entry.label = read.text(CKA_LABEL);
    entry.is_private = read.flag(CKA_PRIVATE);
    entry.size = read.size(CKA_VALUE);
  });
}

base::Bytes read_value(const Session& session, unsigned long handle, std::size_t most) {
  const std::array wanted{Wanted{CKA_VALUE, std::min(most, kUsualSeal - 1) + 1, true}};
  const Attributes read{session, handle, wanted, most};
  const auto answered = answer_of("C_GetAttributeValue", read.rv(CKA_VALUE));
  switch (read.state(CKA_VALUE)) {
    case AttributeState::present:
      if (read.value(CKA_VALUE).size() <= most) return read.value(CKA_VALUE);
      break;
    case AttributeState::unavailable:
      throw Error(Code::not_found, base::hex_number(handle), answered);
    case AttributeState::too_long:
    case AttributeState::lied:
      break;
  }
  throw Error(Code::bad_input, base::hex_number(handle), answered);
}

std::vector<base::Bytes> private_key_ids(const Session& session) {
  constexpr std::array kWanted{Wanted{CKA_ID, kUsualText, true}};
  std::vector<base::Bytes> out;
  for (const unsigned long handle : find(session, CKO_PRIVATE_KEY))
    out.push_back(Attributes{session, handle, kWanted}.value(CKA_ID));
  return out;
}

std::vector<model::PublicKey> read_public_keys(const Session& session) {
  return keys(session, CKO_PUBLIC_KEY);
}

std::vector<model::PublicKey> read_private_key_publics(const Session& session) {
  return keys(session, CKO_PRIVATE_KEY);
}

}  // namespace ukey::p11
