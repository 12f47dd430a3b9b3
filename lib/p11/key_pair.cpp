#include "p11/key_pair.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "p11/attributes.hpp"
#include "p11/call.hpp"
#include "p11/object_template.hpp"
#include "p11/search.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr const char* kGenerate = "C_GenerateKeyPair";
constexpr std::array<std::uint8_t, 3> kF4{1, 0, 1};
// DER of the curves' names (RFC 5480, 2.1.1.1).
constexpr std::array<std::uint8_t, 10> kP256{0x06, 0x08, 0x2a, 0x86, 0x48,
                                             0xce, 0x3d, 0x03, 0x01, 0x07};
constexpr std::array<std::uint8_t, 7> kP384{0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};

struct Algorithm {
  std::string_view name;
  unsigned long bits;    // of an RSA modulus, else 0
  base::ByteView curve;  // of an EC key
};
constexpr std::array kAlgorithms{Algorithm{"rsa-2048", 2048, {}}, Algorithm{"rsa-3072", 3072, {}},
                                 Algorithm{"rsa-4096", 4096, {}}, Algorithm{"ec-p256", 0, kP256},
                                 Algorithm{"ec-p384", 0, kP384}};

const Algorithm& algorithm_of(const KeyPairRequest& request) {
  const auto found =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                   [&](const Algorithm& one) { return one.name == request.algorithm; });
  if (found == kAlgorithms.end()) throw Error(Code::not_supported, request.algorithm);
  return *found;
}

ObjectTemplate public_half(const KeyPairRequest& request, const Algorithm& algorithm) {
  ObjectTemplate half;
  half.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false);
  half.octets(CKA_ID, request.id).octets(CKA_LABEL, request.label);
  half.flag(CKA_VERIFY, request.signs);
  if (algorithm.bits == 0) return half.octets(CKA_EC_PARAMS, algorithm.curve);
  half.flag(CKA_ENCRYPT, request.decrypts).flag(CKA_WRAP, request.decrypts);
  return half.number(CKA_MODULUS_BITS, algorithm.bits).octets(CKA_PUBLIC_EXPONENT, kF4);
}

ObjectTemplate private_half(const KeyPairRequest& request, const Algorithm& algorithm) {
  ObjectTemplate half;
  half.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true);
  half.flag(CKA_SENSITIVE, true).flag(CKA_EXTRACTABLE, false);
  half.octets(CKA_ID, request.id).octets(CKA_LABEL, request.label);
  half.flag(CKA_SIGN, request.signs);
  if (algorithm.bits == 0) return half.flag(CKA_DERIVE, request.decrypts);
  return half.flag(CKA_DECRYPT, request.decrypts).flag(CKA_UNWRAP, request.decrypts);
}

/// The one key of the class with this ID, else 0.
unsigned long find_half(const Session& session, unsigned long object_class, base::ByteView id) {
  constexpr std::array kWanted{Wanted{CKA_ID, 256, true}};
  unsigned long found = 0;
  for (const unsigned long handle : find(session, object_class, id)) {
    const Attributes key{session, handle, kWanted};  // some modules look at the class only
    const auto& own = key.value(CKA_ID);
    if (!std::equal(own.begin(), own.end(), id.begin(), id.end())) continue;
    if (found != 0) throw broken(session.module(), "C_FindObjects", CKR_OK);
    found = handle;
  }
  return found;
}

}  // namespace

KeyPair generate_pair(const Session& session, const KeyPairRequest& request) {
  const Algorithm& algorithm = algorithm_of(request);
  require_writable(session);
  if (request.id.empty()) throw Error(Code::bug, kGenerate);
  CK_MECHANISM how{algorithm.bits == 0 ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN, nullptr,
                   0};
  auto open = public_half(request, algorithm);
  auto hidden = private_half(request, algorithm);
  auto first = open.attributes();
  auto second = hidden.attributes();
  KeyPair made;
  call(session.module(), kGenerate, &CK_FUNCTION_LIST::C_GenerateKeyPair, session.handle(), &how,
       first.data(), static_cast<unsigned long>(first.size()), second.data(),
       static_cast<unsigned long>(second.size()), &made.public_handle, &made.private_handle);
  if (made.public_handle == CK_INVALID_HANDLE || made.private_handle == CK_INVALID_HANDLE)
    throw broken(session.module(), kGenerate, CKR_OK);
  return made;
}

std::optional<KeyPair> find_pair(const Session& session, base::ByteView id) {
  const KeyPair found{find_half(session, CKO_PUBLIC_KEY, id),
                      find_half(session, CKO_PRIVATE_KEY, id)};
  if (found.public_handle == 0 && found.private_handle == 0) return std::nullopt;
  return found;
}

}  // namespace ukey::p11
