#include "x509/bundle.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "makers.hpp"
#include "x509/openssl.hpp"

using namespace ukey;
using Certificates = std::vector<base::Bytes>;

namespace {

Certificates in(std::string_view text) { return x509::certificates_in(base::as_bytes(text)); }

base::Code refusal(base::ByteView file) {
  try {
    (void)x509::certificates_in(file);
  } catch (const base::Error& error) {
    return error.code();
  }
  return base::Code::bug;
}

base::Code refusal(std::string_view text) { return refusal(base::as_bytes(text)); }

base::Bytes header(std::uint8_t tag, std::size_t size) {
  return {tag, 0x82, static_cast<std::uint8_t>(size >> 8), static_cast<std::uint8_t>(size)};
}

base::Bytes wrapped(std::uint8_t tag, const std::vector<base::Bytes>& parts) {
  base::Bytes content;
  for (const auto& part : parts) content.insert(content.end(), part.begin(), part.end());
  auto out = header(tag, content.size());
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

base::Bytes oid(const std::string& dotted) {
  const x509::ObjectPtr object{OBJ_txt2obj(dotted.c_str(), 1)};
  unsigned char* out = nullptr;
  const int size = i2d_ASN1_OBJECT(object.get(), &out);
  const x509::MemoryPtr<unsigned char> owned{out};
  return {out, out + size};
}

/// A "certificates only" message with the OIDs of PKCS#7 or of GM/T 0010.
base::Bytes p7b(const Certificates& certificates, bool gm) {
  const auto type = oid(gm ? "1.2.156.10197.6.1.4.2.2" : "1.2.840.113549.1.7.2");
  const auto data = oid(gm ? "1.2.156.10197.6.1.4.2.1" : "1.2.840.113549.1.7.1");
  const auto signed_data = wrapped(0x30, {{0x02, 0x01, 0x01},
                                          {0x31, 0x00},
                                          wrapped(0x30, {data}),
                                          wrapped(0xa0, certificates),
                                          {0x31, 0x00}});
  return wrapped(0x30, {type, wrapped(0xa0, {signed_data})});
}

std::string armoured(const base::Bytes& der, const char* kind) {
  const x509::BioPtr out{BIO_new(BIO_s_mem())};
  PEM_write_bio(out.get(), kind, "", der.data(), static_cast<long>(der.size()));
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("One certificate in DER, in PEM and in bare base64 is the same certificate") {
  const auto der = test::chain_of(x509::KeyKind::sm2).leaf;
  const auto pem = x509::pem(der);
  CHECK(x509::certificates_in(der) == Certificates{der});
  CHECK(in(pem) == Certificates{der});
  auto bare = pem.substr(pem.find('\n') + 1);
  bare.resize(bare.find("-----"));
  CHECK(in(bare) == Certificates{der});
  std::erase(bare, '\n');
  CHECK(in(bare) == Certificates{der});
}

TEST_CASE("Several certificates in one PEM file come in order, whatever stands around them") {
  const auto chain = test::chain_of(x509::KeyKind::ec_p256);
  std::string windows = x509::pem(chain.root);
  for (std::size_t at = 0; (at = windows.find('\n', at)) != std::string::npos; at += 2)
    windows.replace(at, 1, "\r\n");
  const auto text = "\xef\xbb\xbf" + x509::pem(chain.leaf) + "签发者:\n" +
                    x509::pem(chain.intermediate) + armoured({1, 2, 3}, "PRIVATE KEY") + windows +
                    "end\n";
  CHECK(in(text) == Certificates{chain.leaf, chain.intermediate, chain.root});
}

TEST_CASE("A P7B gives its certificates, in DER and PEM, with international and Chinese OIDs") {
  const auto chain = test::chain_of(x509::KeyKind::sm2);
  const Certificates all{chain.leaf, chain.intermediate, chain.root};
  for (const bool gm : {false, true}) {
    CAPTURE(gm);
    const auto der = p7b(all, gm);
    CHECK(x509::certificates_in(der) == all);
    CHECK(in(armoured(der, "PKCS7")) == all);
    CHECK(in(armoured(der, "CMS")) == all);
    for (std::size_t size = 0; size < der.size(); size += 7)
      CHECK(refusal(base::ByteView{der}.first(size)) == base::Code::bad_input);
  }
}

TEST_CASE("A revocation list is no certificate, but a bundle has it") {
  const auto chain = test::chain_of(x509::KeyKind::sm2);
  x509::CrlRequest request;
  request.issuer_certificate = chain.intermediate;
  request.this_update = test::at("2026-06-01T00:00:00Z");
  request.next_update = test::at("2026-07-01T00:00:00Z");
  const auto crl = x509::issue_crl(request, test::sm2(1));
  CHECK(refusal(crl) == base::Code::bad_input);
  CHECK(x509::read_bundle(crl).crls == Certificates{crl});
  const auto text = x509::pem(chain.leaf) + armoured(crl, "X509 CRL");
  const auto bundle = x509::read_bundle(base::as_bytes(text));
  CHECK(bundle.certificates == Certificates{chain.leaf});
  CHECK(bundle.crls == Certificates{crl});
}

TEST_CASE("A hundred certificates are read and one more is refused") {
  const auto pem = x509::pem(test::chain_of(x509::KeyKind::sm2).leaf);
  std::string text;
  for (int i = 0; i < 100; ++i) text += pem;
  CHECK(in(text).size() == 100);
  CHECK(refusal(text + pem) == base::Code::bad_input);
}

TEST_CASE("Files without a whole certificate are bad input") {
  const auto der = test::chain_of(x509::KeyKind::sm2).leaf;
  const auto pem = x509::pem(der);
  CHECK(refusal("") == base::Code::bad_input);
  CHECK(refusal("no certificate here") == base::Code::bad_input);
  CHECK(refusal("MIIB") == base::Code::bad_input);
  CHECK(refusal("MMMM====") == base::Code::bad_input);
  CHECK(refusal(pem.substr(0, pem.size() / 2)) == base::Code::bad_input);
  CHECK(refusal(pem + pem.substr(0, pem.size() / 2)) == base::Code::bad_input);
  CHECK(refusal(armoured({0x30, 0x00}, "CERTIFICATE")) == base::Code::bad_input);
  CHECK(refusal(armoured({1, 2, 3}, "PRIVATE KEY")) == base::Code::bad_input);
  CHECK(refusal(base::Bytes(1U << 20, 0x30)) == base::Code::bad_input);
  CHECK(refusal(base::Bytes(1U << 20, 0x00)) == base::Code::bad_input);
  auto longer = der;
  longer.push_back(0);
  CHECK(refusal(longer) == base::Code::bad_input);
  CHECK(ERR_peek_error() == 0);
}
