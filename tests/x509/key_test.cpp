#include "x509/key.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "makers.hpp"
#include "x509/openssl.hpp"

using namespace ukey;
using x509::KeyKind;

namespace {

model::Certificate certificate_of(const x509::Key& key) {
  return x509::parse_certificate(x509::issue(test::leaf_request(key), key));
}

model::PublicKey with_point(base::Bytes point) {
  model::PublicKey key;
  key.ec_point = std::move(point);
  return key;
}

model::PublicKey rsa_public(const x509::RsaParts& parts) {
  model::PublicKey key;
  key.modulus = parts.n;
  key.exponent = parts.e;
  return key;
}

}  // namespace

TEST_CASE("An RSA certificate is of the key with its modulus and exponent") {
  const auto& key = test::key(KeyKind::rsa_2048);
  const auto certificate = certificate_of(key);
  auto same = rsa_public(key.rsa());
  CHECK(x509::same_key(certificate, same) == true);
  same.modulus.insert(same.modulus.begin(), 0);  // some tokens keep the sign octet
  CHECK(x509::same_key(certificate, same) == true);
  same.exponent = {0x03};
  CHECK(x509::same_key(certificate, same) == false);
  CHECK(x509::same_key(certificate, rsa_public(test::key(KeyKind::rsa_2048, 1).rsa())) == false);
  CHECK(x509::same_key(certificate, with_point(test::sm2().ec().point)) == false);
}

TEST_CASE("An EC or SM2 certificate is of the key with its point, however the token wraps it") {
  for (const auto kind : {KeyKind::ec_p256, KeyKind::sm2}) {
    const auto& key = test::key(kind);
    const auto certificate = certificate_of(key);
    const auto wrapped = key.ec().point;
    const base::Bytes bare(wrapped.begin() + 2, wrapped.end());
    base::Bytes bits{0x03, 0x42, 0x00};
    bits.insert(bits.end(), bare.begin(), bare.end());
    base::Bytes compressed(bare.begin(), bare.begin() + 33);
    compressed[0] = static_cast<std::uint8_t>(2 + (bare.back() & 1));
    CHECK(x509::same_key(certificate, with_point(wrapped)) == true);
    CHECK(x509::same_key(certificate, with_point(bare)) == true);
    CHECK(x509::same_key(certificate, with_point(bits)) == true);
    CHECK(x509::same_key(certificate, with_point({bare.begin() + 1, bare.end()})) == true);
    CHECK(x509::same_key(certificate, with_point(compressed)) == true);
    compressed[0] ^= 1;
    CHECK(x509::same_key(certificate, with_point(compressed)) == false);
    CHECK(x509::same_key(certificate, with_point(test::key(kind, 1).ec().point)) == false);
    CHECK(x509::same_key(certificate, rsa_public(test::key(KeyKind::rsa_2048).rsa())) == false);
  }
}

TEST_CASE("A key without values, or with ones of no known shape, cannot be compared") {
  const auto certificate = certificate_of(test::sm2());
  CHECK_FALSE(x509::same_key(certificate, {}).has_value());
  CHECK_FALSE(x509::same_key(certificate, with_point({0x04})).value_or(false));
  CHECK_FALSE(x509::same_key(certificate, with_point({0x05, 0x00})).has_value());
  CHECK_FALSE(x509::same_key(certificate, with_point(base::Bytes(1000, 0x07))).has_value());
}

TEST_CASE("A key comes back from PKCS#8 as it was, SM2 as SM2") {
  for (const auto kind : {KeyKind::rsa_2048, KeyKind::ec_p256, KeyKind::sm2}) {
    const auto& key = test::key(kind);
    const auto again = x509::Key::from_pkcs8(key.pkcs8());
    CHECK(again.public_der() == key.public_der());
    CHECK(again.is_sm2() == (kind == KeyKind::sm2));
    CHECK(again.is_rsa() == (kind == KeyKind::rsa_2048));
  }
  auto cut = test::sm2().pkcs8();
  cut.pop_back();
  CHECK_THROWS_AS((void)x509::Key::from_pkcs8(cut), base::Error);
  CHECK_THROWS_AS((void)x509::Key::from_pkcs8({}), base::Error);
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("The parts of a key have the sizes and headers that PKCS#11 wants") {
  const auto rsa = test::key(KeyKind::rsa_2048).rsa();
  CHECK(rsa.n.size() == 256);
  CHECK(rsa.e == base::Bytes{0x01, 0x00, 0x01});
  CHECK(rsa.p.size() == 128);
  CHECK(rsa.q.size() == 128);
  const auto p256 = test::key(KeyKind::ec_p256).ec();
  CHECK(base::hex(p256.params) == "06082a8648ce3d030107");
  const auto sm2 = test::sm2().ec();
  CHECK(base::hex(sm2.params) == "06082a811ccf5501822d");
  CHECK(sm2.scalar.size() == 32);
  REQUIRE(sm2.point.size() == 67);
  CHECK(base::hex(base::ByteView{sm2.point}.first(3)) == "044104");
}

TEST_CASE("Asking a key for the parts of another kind is refused") {
  CHECK_THROWS_AS((void)test::sm2().rsa(), base::Error);
  CHECK_THROWS_AS((void)test::key(KeyKind::rsa_2048).ec(), base::Error);
}

TEST_CASE("What cannot be encoded is not issued") {
  auto request = test::leaf_request(test::sm2());
  request.subject = {{"nonsense", "x"}};
  CHECK_THROWS_AS((void)x509::issue(request, test::sm2()), base::Error);
  request = test::leaf_request(test::sm2());
  request.extensions = {{"not an oid", {}}};
  CHECK_THROWS_AS((void)x509::issue(request, test::sm2()), base::Error);
  request = test::leaf_request(test::sm2());
  request.subject_key.pop_back();
  CHECK_THROWS_AS((void)x509::issue(request, test::sm2()), base::Error);
  CHECK(ERR_peek_error() == 0);
}
