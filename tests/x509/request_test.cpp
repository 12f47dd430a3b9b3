#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.hpp"
#include "tests/x509/makers.hpp"
#include "x509/der.hpp"
#include "x509/openssl.hpp"
#include "x509/request.hpp"

using namespace ukey;
using x509::KeyKind;

namespace {

base::Code code_of(const auto& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.code();
  }
  return base::Code::usage;  // nothing here throws it
}

base::Bytes old_certificate(KeyKind kind, x509::NameParts subject = {}) {
  auto request = test::leaf_request(test::key(kind));
  if (!subject.empty()) request.subject = std::move(subject);
  return x509::issue(request, test::key(kind));
}

/// The subject's octets of a certificate, found by walking its DER: version, serial, algorithm,
/// issuer, validity come before it (RFC 5280, 4.1).
base::Bytes subject_in(base::ByteView certificate) {
  const auto outer = x509::take(certificate);
  auto rest = outer->content;
  const auto fields = x509::elements(x509::take(rest)->content, 20);
  const auto subject = fields->at(5).whole;
  return {subject.begin(), subject.end()};
}

}  // namespace

TEST_CASE("a request has the old certificate's subject and the key's public half, and verifies") {
  for (const auto kind : {KeyKind::rsa_2048, KeyKind::ec_p256, KeyKind::sm2}) {
    CAPTURE(static_cast<int>(kind));
    const auto old = old_certificate(kind);
    const auto request = x509::make_request(old, test::key(kind, 1).get());
    CHECK(x509::request_verifies(request));
    const auto info = x509::request_info(request);
    CHECK(info.subject == x509::parse_certificate(old).subject);
    CHECK(info.subject_der == subject_in(old));
    CHECK(info.public_key == test::key(kind, 1).public_der());
  }
}

TEST_CASE("the signature is by SHA-256, for SM2 by SM3 with the default id") {
  const auto algorithm = [](KeyKind kind) {
    const auto request = x509::make_request(old_certificate(kind), test::key(kind).get());
    const unsigned char* at = request.data();
    const x509::RequestPtr read{d2i_X509_REQ(nullptr, &at, static_cast<long>(request.size()))};
    REQUIRE(read);
    if (kind == KeyKind::sm2) {  // without the id it must not verify, so the id was in it
      CHECK(X509_REQ_verify(read.get(), X509_REQ_get0_pubkey(read.get())) != 1);
    }
    ERR_clear_error();
    return X509_REQ_get_signature_nid(read.get());
  };
  CHECK(algorithm(KeyKind::rsa_2048) == NID_sha256WithRSAEncryption);
  CHECK(algorithm(KeyKind::ec_p256) == NID_ecdsa_with_SHA256);
  CHECK(algorithm(KeyKind::sm2) == NID_SM2_with_SM3);
}

TEST_CASE("subject octets are kept whatever string types and repetitions they have") {
  auto old =
      old_certificate(KeyKind::ec_p256,
                      {{"C", "CN"}, {"O", "Practice One"}, {"O", "Practice Two"}, {"CN", "演练"}});
  const auto found = std::find_end(old.begin(), old.end(), std::string_view{"Practice Two"}.begin(),
                                   std::string_view{"Practice Two"}.end());
  REQUIRE(found != old.end());                     // the subject's, after the issuer's
  *(found - 2) = 0x14;                             // a T61String …
  const std::string_view gbk{"\xd1\xdd\xc1\xb7"};  // … that holds GBK, as old CAs write it
  std::copy(gbk.begin(), gbk.end(), found);
  const auto request = x509::make_request(old, test::key(KeyKind::ec_p256).get());
  CHECK(x509::request_info(request).subject_der == subject_in(old));
  CHECK(x509::request_info(request).subject == "CN=演练,O=演练tice Two,O=Practice One,C=CN");
}

TEST_CASE("a request whose octets were changed does not verify") {
  const auto request =
      x509::make_request(old_certificate(KeyKind::ec_p256), test::key(KeyKind::ec_p256).get());
  auto changed = request;
  changed.back() ^= 1;
  CHECK_FALSE(x509::request_verifies(changed));
  changed = request;
  changed.push_back(0);
  CHECK_FALSE(x509::request_verifies(changed));
  changed = request;
  changed.resize(changed.size() / 2);
  CHECK_FALSE(x509::request_verifies(changed));
  CHECK_FALSE(x509::request_verifies({}));
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("garbage is refused as bad input, and so is a key that cannot be requested for") {
  const auto& key = test::key(KeyKind::ec_p256);
  const base::Bytes garbage{0x30, 0x03, 0x02, 0x01, 0x05};
  CHECK(code_of([&] { (void)x509::make_request(garbage, key.get()); }) == base::Code::bad_input);
  CHECK(code_of([&] { (void)x509::request_info(garbage); }) == base::Code::bad_input);
  CHECK(code_of([&] { (void)x509::answers_request(garbage, garbage); }) == base::Code::bad_input);
  const x509::KeyPtr edwards{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  CHECK(code_of([&] {
          (void)x509::make_request(old_certificate(KeyKind::ec_p256), edwards.get());
        }) == base::Code::not_supported);
  const x509::KeyPtr half{X509_get_pubkey(
      x509::decode_certificate(old_certificate(KeyKind::ec_p256)).get())};  // it cannot sign
  CHECK(code_of([&] { (void)x509::make_request(old_certificate(KeyKind::ec_p256), half.get()); }) ==
        base::Code::bug);
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("a certificate answers the request of its own key only") {
  const auto old = old_certificate(KeyKind::ec_p256);
  const auto same = x509::make_request(old, test::key(KeyKind::ec_p256).get());
  const auto other = x509::make_request(old, test::key(KeyKind::ec_p256, 1).get());
  CHECK(x509::answers_request(old, same));
  CHECK_FALSE(x509::answers_request(old, other));
  const auto another_kind = x509::make_request(old, test::key(KeyKind::rsa_2048).get());
  CHECK_FALSE(x509::answers_request(old, another_kind));
}

TEST_CASE("a request in PEM is one block that OpenSSL reads") {
  const auto request =
      x509::make_request(old_certificate(KeyKind::ec_p256), test::key(KeyKind::ec_p256).get());
  const auto text = x509::request_pem(request);
  CHECK(text.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
  CHECK(text.ends_with("-----END CERTIFICATE REQUEST-----\n"));
  const x509::BioPtr in{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  const x509::RequestPtr read{PEM_read_bio_X509_REQ(in.get(), nullptr, nullptr, nullptr)};
  CHECK(read != nullptr);
}
