// Envelopes for tests, made by OpenSSL or by this program, to certificates with fixed dates.
#pragma once

#include <openssl/cms.h>
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/file.hpp"
#include "envelope/cms.hpp"
#include "envelope/finding.hpp"
#include "envelope/making.hpp"
#include "envelope/opening.hpp"
#include "tests/x509/makers.hpp"
#include "x509/openssl.hpp"

namespace ukey::test {

inline const x509::Key& rsa(int which = 0) { return key(x509::KeyKind::rsa_2048, which); }

inline base::Bytes operator+(base::Bytes left, const base::Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// One DER element, with a length of three octets.
inline base::Bytes element(std::uint8_t tag, const base::Bytes& content) {
  base::Bytes out{tag, 0x83};
  for (const int shift : {16, 8, 0})
    out.push_back(static_cast<std::uint8_t>(content.size() >> shift));
  return out + content;
}

inline const base::Bytes kEnd{0, 0};
inline const base::Bytes kData{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                               0xf7, 0x0d, 0x01, 0x07, 0x01};  // the type "data"

/// A folder that goes with its owner.
class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "ukey-envelope-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw base::Error{base::Code::file_io, path_};
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;             // removed once
  Folder& operator=(const Folder&) = delete;  // same

  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string put(const std::string& name, base::ByteView octets) const {
    base::write_file(file(name), octets);
    return file(name);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// An encryption certificate of the key; `serial` tells several apart.
inline base::Bytes receiver(const x509::Key& of, std::uint8_t serial = 1) {
  auto request = leaf_request(of);
  request.serial = {0x1a, 0x10, serial};
  request.key_usage = {x509::KeyUsage::key_encipherment, x509::KeyUsage::data_encipherment,
                       x509::KeyUsage::key_agreement};
  return x509::issue(request, of);
}

/// The certificate as a token shows it.
inline model::CertificateRow on_token(const base::Bytes& der, bool current = true) {
  model::CertificateRow row;
  row.certificate = x509::parse_certificate(der);
  row.current = current;
  return row;
}

struct Made {
  const EVP_CIPHER* cipher = EVP_aes_256_cbc();
  unsigned flags = 0;  ///< CMS_USE_KEYID
  bool oaep = false;
};

inline base::Bytes der_of(CMS_ContentInfo* cms) {
  unsigned char* out = nullptr;
  const int size = i2d_CMS_ContentInfo(cms, &out);
  const x509::MemoryPtr<unsigned char> owned{out};
  return {out, out + size};
}

/// DER of an envelope that OpenSSL makes.
inline base::Bytes openssl_envelope(base::ByteView content, const base::Bytes& certificate,
                                    const Made& made = {}) {
  const auto receiver_of = x509::decode_certificate(certificate);
  const x509::BioPtr in{
      BIO_new_mem_buf(content.empty() ? "" : static_cast<const void*>(content.data()),
                      static_cast<int>(content.size()))};
  const envelope::CmsPtr cms{
      CMS_encrypt(nullptr, nullptr, made.cipher, CMS_BINARY | CMS_PARTIAL | CMS_STREAM)};
  auto* info = CMS_add1_recipient_cert(cms.get(), receiver_of.get(),
                                       made.flags | (made.oaep ? CMS_KEY_PARAM : 0U));
  if (made.oaep)
    EVP_PKEY_CTX_set_rsa_padding(CMS_RecipientInfo_get0_pkey_ctx(info), RSA_PKCS1_OAEP_PADDING);
  if (CMS_final(cms.get(), in.get(), nullptr, CMS_BINARY) != 1)
    throw base::Error{base::Code::bug, "CMS_final"};
  return der_of(cms.get());
}

inline envelope::Stream stream_of(base::Bytes octets) {
  return envelope::Stream{
      [octets = std::move(octets), at = std::size_t{0}](std::span<std::uint8_t> room) mutable {
        const auto count = std::min(room.size(), octets.size() - at);
        std::copy_n(octets.begin() + static_cast<std::ptrdiff_t>(at), count, room.begin());
        at += count;
        return count;
      }};
}

inline base::Bytes our_envelope(base::Bytes content, const std::vector<base::Bytes>& certificates,
                                bool authenticated = false) {
  base::Bytes out;
  auto in = stream_of(std::move(content));
  envelope::make_envelope(in, certificates, authenticated, [&out](base::ByteView piece) {
    out.insert(out.end(), piece.begin(), piece.end());
  });
  return out;
}

/// What is in the envelope; both readings as the program makes them.
inline base::Bytes opened(const base::Bytes& octets, const x509::Key& key,
                          const base::Bytes& certificate) {
  auto first = stream_of(octets);
  envelope::Reader reader{first};
  reader.finish();
  auto second = stream_of(octets);
  base::Bytes out;
  envelope::Opened::unlock(reader.frame(), key.get(), certificate)
      .pour(second,
            [&out](base::ByteView piece) { out.insert(out.end(), piece.begin(), piece.end()); });
  return out;
}

/// The code of the Error that `work` throws; ok as "".
template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const base::Error& error) {
    return std::string{base::name(error.code())};
  }
  return "";
}

inline base::Bytes text(std::string_view octets) { return {octets.begin(), octets.end()}; }

/// Octets without a pattern that any coding could shorten.
inline base::Bytes noise(std::size_t size) {
  base::Bytes out(size);
  std::uint32_t state = 1;
  for (auto& octet : out) {
    state = state * 1664525U + 1013904223U;
    octet = static_cast<std::uint8_t>(state >> 24);
  }
  return out;
}

}  // namespace ukey::test
