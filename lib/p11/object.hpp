// What lies on a token, read object by object in as few calls as the interface allows. It reads
// contents only where they are asked for, and writes nothing.
#pragma once

#include <cstddef>
#include <vector>

#include "base/bytes.hpp"
#include "model/lock.hpp"
#include "model/object.hpp"
#include "p11/session.hpp"

namespace ukey::p11 {

// All of these throw the refusal when a search fails or the token goes; what concerns one object
// only is that object's `error`, and the others go on. Objects that are private are seen only while
// someone is logged in.

/// Every certificate object: a search and one call for each (a value above 4096 octets takes two
/// more). A value that is missing, empty, above 1 MiB or of an impossible length: Error bad_input
/// about the label in that entry.
[[nodiscard]] std::vector<model::CertificateObject> read_certificates(const Session& session);

/// Every data object by label, privacy and size, never its contents: a search and one call for
/// each.
[[nodiscard]] std::vector<model::SealObject> read_data_objects(const Session& session);

/// The contents (CKA_VALUE) of one object that this session found. Throws Error bad_input when they
/// are longer than `most` octets or of an impossible length, not_found when the module does not
/// give them.
[[nodiscard]] base::Bytes read_value(const Session& session, unsigned long handle,
                                     std::size_t most = std::size_t{16} << 20);

/// Everything that the session sees, without contents: a search and one call for each, with modules
/// that answer about each attribute as v3.0 5.7.5 wants it.
[[nodiscard]] std::vector<model::Object> list_objects(const Session& session);

/// CKA_ID of every private key, an empty one included.
[[nodiscard]] std::vector<base::Bytes> private_key_ids(const Session& session);

/// Every public key object; what the module does not give is empty.
[[nodiscard]] std::vector<model::PublicKey> read_public_keys(const Session& session);

/// The public numbers that private key objects carry: an RSA key's modulus and exponent, an EC
/// key's parameters and, with some modules, its point.
[[nodiscard]] std::vector<model::PublicKey> read_private_key_publics(const Session& session);

}  // namespace ukey::p11
