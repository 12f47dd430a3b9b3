#include "envelope/making.hpp"

#include <vector>

#include "base/error.hpp"
#include "envelope/bio.hpp"
#include "envelope/cms.hpp"
#include "x509/openssl.hpp"

namespace ukey::envelope {

namespace {

bool can_receive(const X509* certificate) {
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  return key != nullptr && (EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "EC") == 1);
}

}  // namespace

void make_envelope(Stream& content, std::span<const base::Bytes> certificates, bool authenticated,
                   const std::function<void(base::ByteView)>& out) {
  const x509::QuietErrors quiet;
  std::vector<x509::X509Ptr> owned;
  const x509::StackPtr recipients{sk_X509_new_null()};
  for (const auto& der : certificates) {
    owned.push_back(x509::decode_certificate(der));
    if (!can_receive(owned.back().get())) throw base::Error{base::Code::not_supported};
    if (!recipients || sk_X509_push(recipients.get(), owned.back().get()) == 0)
      throw base::Error{base::Code::bug, "CMS_encrypt"};
  }
  const int flags = CMS_STREAM | CMS_BINARY;
  const CmsPtr cms{CMS_encrypt(recipients.get(), nullptr,
                               authenticated ? EVP_aes_256_gcm() : EVP_aes_256_cbc(),
                               CMS_PARTIAL | flags)};
  if (!cms) throw base::Error{base::Code::bug, "CMS_encrypt"};
  const Bio from{[&content](std::span<std::uint8_t> room) { return content.read(room); }};
  const Bio to{{}, out};
  // OpenSSL 3.0 does not stream an authenticated envelope without content.
  const bool done = content.peek(1).empty()
                        ? CMS_final(cms.get(), from.get(), nullptr, flags) == 1 &&
                              i2d_CMS_bio(to.get(), cms.get()) == 1
                        : i2d_CMS_bio_stream(to.get(), cms.get(), from.get(), flags) == 1;
  from.rethrow();  // OpenSSL takes a failed read for the end, and goes on after a failed write
  to.rethrow();
  if (!done) throw base::Error{base::Code::bug, "CMS_encrypt"};
}

}  // namespace ukey::envelope
