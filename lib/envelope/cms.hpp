// An envelope without its content as OpenSSL knows it: its recipients, and the key for its content.
// For .cpp files of this room.
#pragma once

#include <openssl/cms.h>

#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "envelope/reader.hpp"
#include "model/envelope.hpp"
#include "x509/openssl.hpp"

namespace ukey::envelope {

using CmsPtr = std::unique_ptr<CMS_ContentInfo, x509::FreedBy<CMS_ContentInfo_free>>;

/// The envelope that these elements make; `signed_and_enveloped` and the types of GM/T 0010 as
/// plain enveloped data. Throws Error bad_input.
[[nodiscard]] CmsPtr decode(const Frame& frame);

/// All that it is for, in their order. Throws Error bad_input when there are more than 1,000.
[[nodiscard]] std::vector<model::EnvelopeRecipient> recipients_of(CMS_ContentInfo* cms);

/// True when a recipient of it is named by the certificate's issuer and serial or by its key
/// identifier.
[[nodiscard]] bool is_for(CMS_ContentInfo* cms, X509* certificate);

/// Decrypts the key for the content with `key`, once for each recipient that the certificate names
/// until one succeeds; false when none does.
[[nodiscard]] bool unlock(CMS_ContentInfo* cms, X509* certificate, EVP_PKEY* key);

/// The content's algorithm: OpenSSL's name in lower case, else the OID. Throws Error bad_input.
[[nodiscard]] std::string algorithm_of(const Frame& frame);

}  // namespace ukey::envelope
