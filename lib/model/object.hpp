// What lies on a token: objects and mechanisms as PKCS#11 shows them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace ukey::model {

enum class ObjectClass { data, certificate, public_key, private_key, secret_key, other };

/// One object, without its contents. What the token does not tell is absent.
struct Object {
  unsigned long handle = 0;  ///< good only within the session that found it
  ObjectClass object_class = ObjectClass::other;
  unsigned long class_number = 0;  ///< CKO_…, whole
  std::string label;
  base::Bytes id;
  std::optional<bool> is_private, modifiable, sensitive, extractable;
  std::optional<unsigned long> size;  ///< octets of the value; of a key: its length in bits
  std::string application;            ///< data objects: CKA_APPLICATION
  std::string key_type;  ///< keys: "rsa", "ec", "0x80000004"; certificates: "x509"; else ""
  std::vector<std::string> usage;    ///< keys: sign decrypt unwrap derive verify encrypt wrap
  std::optional<base::Error> error;  ///< reading this one failed; the rest of the token goes on
};

/// A certificate object with its contents. `der` is what the token holds, unchecked.
struct CertificateObject {
  unsigned long handle = 0;
  std::string label;
  base::Bytes id;
  base::Bytes der;
  std::optional<base::Error> error;
};

/// A public key as PKCS#11 attributes give it; RSA numbers big-endian, an EC point as CKA_EC_POINT
/// holds it.
struct PublicKey {
  base::Bytes id;
  base::Bytes modulus, exponent;
  base::Bytes ec_parameters, ec_point;
};

struct Mechanism {
  unsigned long number = 0;
  std::string name;  ///< "CKM_…", the profile's name, or "0x…"
  bool vendor = false;
  unsigned long min_key = 0, max_key = 0;  ///< units as the mechanism defines them
  std::vector<std::string> usage;  ///< encrypt decrypt digest sign verify generate_key_pair …
  std::optional<base::Error> error;
};

}  // namespace ukey::model
