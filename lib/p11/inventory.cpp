#include <p11-kit/pkcs11.h>

#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "p11/attributes.hpp"
#include "p11/ckr.hpp"
#include "p11/object.hpp"
#include "p11/search.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;
using model::Object;
using model::ObjectClass;

// All that any class may have: what an object lacks costs nothing, while asking for the class first
// costs a call.
constexpr std::array kOfEachObject{Wanted{CKA_CLASS, sizeof(unsigned long), true},
                                   Wanted{CKA_LABEL, 256, true},
                                   Wanted{CKA_PRIVATE, 1, false},
                                   Wanted{CKA_MODIFIABLE, 1, false},
                                   Wanted{CKA_VALUE, 0, false},
                                   Wanted{CKA_ID, 256, false},
                                   Wanted{CKA_APPLICATION, 256, false},
                                   Wanted{CKA_CERTIFICATE_TYPE, sizeof(unsigned long), false},
                                   Wanted{CKA_KEY_TYPE, sizeof(unsigned long), false},
                                   Wanted{CKA_SENSITIVE, 1, false},
                                   Wanted{CKA_EXTRACTABLE, 1, false},
                                   Wanted{CKA_MODULUS, 1024, false},
                                   Wanted{CKA_EC_PARAMS, 256, false},
                                   Wanted{CKA_VALUE_LEN, sizeof(unsigned long), false},
                                   Wanted{CKA_SIGN, 1, false},
                                   Wanted{CKA_DECRYPT, 1, false},
                                   Wanted{CKA_UNWRAP, 1, false},
                                   Wanted{CKA_DERIVE, 1, false},
                                   Wanted{CKA_VERIFY, 1, false},
                                   Wanted{CKA_ENCRYPT, 1, false},
                                   Wanted{CKA_WRAP, 1, false}};

constexpr std::array<std::pair<unsigned long, std::string_view>, 7> kKeyUsages{
    {{CKA_SIGN, "sign"},
     {CKA_DECRYPT, "decrypt"},
     {CKA_UNWRAP, "unwrap"},
     {CKA_DERIVE, "derive"},
     {CKA_VERIFY, "verify"},
     {CKA_ENCRYPT, "encrypt"},
     {CKA_WRAP, "wrap"}}};

constexpr std::array<std::pair<unsigned long, std::string_view>, 11> kKeyTypes{
    {{CKK_RSA, "rsa"},
     {CKK_DSA, "dsa"},
     {CKK_DH, "dh"},
     {CKK_EC, "ec"},
     {CKK_GENERIC_SECRET, "generic_secret"},
     {CKK_DES, "des"},
     {CKK_DES2, "des2"},
     {CKK_DES3, "des3"},
     {CKK_AES, "aes"},
     {CKK_EC_EDWARDS, "ec_edwards"},
     {0x41, "ec_montgomery"}}};  // CKK_EC_MONTGOMERY, new in v3.0

struct Curve {
  std::string_view oid;  // DER, hexadecimal
  unsigned long bits;
};
constexpr std::array<Curve, 4> kCurves{{{"06082a8648ce3d030107", 256},    // P-256
                                        {"06052b81040022", 384},          // P-384
                                        {"06052b81040023", 521},          // P-521
                                        {"06082a811ccf5501822d", 256}}};  // SM2, GM/T 0006

ObjectClass class_of(unsigned long number) {
  switch (number) {
    case CKO_DATA:
      return ObjectClass::data;
    case CKO_CERTIFICATE:
      return ObjectClass::certificate;
    case CKO_PUBLIC_KEY:
      return ObjectClass::public_key;
    case CKO_PRIVATE_KEY:
      return ObjectClass::private_key;
    case CKO_SECRET_KEY:
      return ObjectClass::secret_key;
    default:
      return ObjectClass::other;
  }
}

std::string key_type(unsigned long number) {
  for (const auto& [value, name] : kKeyTypes)
    if (value == number) return std::string{name};
  return base::hex_number(number);
}

/// Length of a big-endian number in bits, absent for none.
std::optional<unsigned long> bits(base::ByteView number) {
  while (!number.empty() && number.front() == 0) number = number.subspan(1);
  if (number.empty()) return std::nullopt;
  return number.size() * 8 - static_cast<unsigned long>(std::countl_zero(number.front()));
}

std::optional<unsigned long> key_size(const Attributes& read) {
  if (const auto modulus = bits(read.value(CKA_MODULUS))) return modulus;
  const auto parameters = base::hex(read.value(CKA_EC_PARAMS));
  for (const auto& curve : kCurves)
    if (parameters == curve.oid) return curve.bits;
  if (const auto octets = read.number(CKA_VALUE_LEN)) return *octets * 8;
  return std::nullopt;
}

void fill(Object& object, const Attributes& read) {
  object.label = read.text(CKA_LABEL);
  object.id = read.value(CKA_ID);
  object.is_private = read.flag(CKA_PRIVATE);
  object.modifiable = read.flag(CKA_MODIFIABLE);
  const auto number = read.number(CKA_CLASS);
  if (!number)
    throw Error(Code::bad_input, object.label,
                answer_of("C_GetAttributeValue", read.rv(CKA_CLASS)));
  object.class_number = *number;
  object.object_class = class_of(*number);
  const bool is_key = object.object_class == ObjectClass::public_key ||
                      object.object_class == ObjectClass::private_key ||
                      object.object_class == ObjectClass::secret_key;
  if (!is_key) {
    object.size = read.size(CKA_VALUE);
    object.application = read.text(CKA_APPLICATION);
    const auto type = read.number(CKA_CERTIFICATE_TYPE);
    if (object.object_class == ObjectClass::certificate && type)
      object.key_type = *type == CKC_X_509 ? "x509" : base::hex_number(*type);
    return;
  }
  object.sensitive = read.flag(CKA_SENSITIVE);
  object.extractable = read.flag(CKA_EXTRACTABLE);
  object.size = key_size(read);
  if (const auto type = read.number(CKA_KEY_TYPE)) object.key_type = key_type(*type);
  for (const auto& [type, word] : kKeyUsages)
    if (read.flag(type).value_or(false)) object.usage.emplace_back(word);
}

}  // namespace

std::vector<Object> list_objects(const Session& session) {
  std::vector<Object> out;
  for (const unsigned long handle : find(session, std::nullopt)) {
    Object object;
    object.handle = handle;
    try {
      fill(object, Attributes{session, handle, kOfEachObject});
    } catch (const Error& error) {
      if (ends_session(error)) throw;
      object.error = error;
    }
    out.push_back(std::move(object));
  }
  return out;
}

}  // namespace ukey::p11
