// A CMS envelope as it lies in a file: whose it is, and whether a token's certificates open it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace ukey::model {

/// RFC 5652, 6; RFC 5083; PKCS#7, 11. The forms of GM/T 0010 count as these.
enum class EnvelopeKind { enveloped, auth_enveloped, signed_and_enveloped };

/// By which certificate of the token: one of the current generation, an older one, none.
enum class EnvelopeOpens { current, older, no };

/// One that an envelope is for: named by issuer and serial, or by subject key identifier; the
/// others are "". Who is named by neither (a password, a shared key) has the algorithm alone.
struct EnvelopeRecipient {
  std::string issuer;     ///< RFC 2253, UTF-8
  std::string serial;     ///< as in a Certificate
  std::string key_id;     ///< subject key identifier, hexadecimal
  std::string algorithm;  ///< of the key's encryption: "rsaencryption", "rsaesoaep", or the OID
};

/// A row of `envelopes[]`. With `error` only file and entry hold.
struct EnvelopeRow {
  std::string file;   ///< as it was named, or found below a named folder
  std::string entry;  ///< name in the container, "outer.zip/inner" in one inside it, or ""
  EnvelopeKind kind = EnvelopeKind::enveloped;
  std::string algorithm;  ///< of the content: "aes-256-cbc", "sm4-cbc", or the OID
  std::vector<EnvelopeRecipient> recipients;
  EnvelopeOpens opens = EnvelopeOpens::no;
  std::string certificate;              ///< SHA-256 of the token's certificate it is for, or ""
  std::optional<bool> has_private_key;  ///< of that certificate; absent when not logged in
  std::optional<base::Error> error;
};

}  // namespace ukey::model
