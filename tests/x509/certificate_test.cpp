#include "x509/certificate.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "makers.hpp"
#include "x509/bundle.hpp"
#include "x509/openssl.hpp"

using namespace ukey;
using model::Role;
using x509::KeyKind;
using x509::KeyUsage;

namespace {

Role role_with(std::vector<KeyUsage> usage, bool ca = false) {
  auto request = test::leaf_request(test::sm2());
  request.key_usage = std::move(usage);
  request.ca = ca;
  return x509::parse_certificate(x509::issue(request, test::sm2())).role;
}

base::Code parsing(base::ByteView der) {
  try {
    (void)x509::parse_certificate(der);
  } catch (const base::Error& error) {
    return error.code();
  }
  return base::Code::bug;
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{popen(command.c_str(), "r"), pclose};
  REQUIRE(pipe);
  std::string out;
  std::array<char, 4096> piece{};
  while (const auto got = fread(piece.data(), 1, piece.size(), pipe.get()))
    out.append(piece.data(), got);
  return out;
}

}  // namespace

TEST_CASE("Every field of an SM2 certificate is read") {
  const auto chain = test::chain_of(KeyKind::sm2);
  const auto certificate = x509::parse_certificate(chain.leaf);
  CHECK(certificate.der == chain.leaf);
  CHECK(certificate.subject == "CN=演练测试,O=演练测试有限公司,C=CN");
  CHECK(certificate.issuer == "CN=Practice CA,O=Practice,C=CN");
  CHECK(certificate.issuer_parts ==
        x509::NameParts{{"C", "CN"}, {"O", "Practice"}, {"CN", "Practice CA"}});
  CHECK(certificate.serial == "1a100001");
  CHECK(certificate.not_before == test::at("2026-01-31T16:00:00Z"));
  CHECK(certificate.not_after == test::at("2027-01-31T15:59:59Z"));
  CHECK(certificate.algorithm == "sm2");
  CHECK(certificate.sha256.size() == 64);
  CHECK(certificate.role == Role::sign);
  CHECK(certificate.subject_key_id.size() == 40);
  CHECK(certificate.holder.kind == model::HolderKind::enterprise);
  CHECK(certificate.holder.name == "演练测试");
}

TEST_CASE("The algorithm names the key's kind and size") {
  const auto algorithm = [](KeyKind kind) {
    const auto& key = test::key(kind);
    return x509::parse_certificate(x509::issue(test::leaf_request(key), key)).algorithm;
  };
  CHECK(algorithm(KeyKind::rsa_2048) == "rsa-2048");
  CHECK(algorithm(KeyKind::ec_p256) == "ec-p256");
  CHECK(algorithm(KeyKind::sm2) == "sm2");
  const x509::KeyPtr p384{EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384")};
  unsigned char* out = nullptr;
  const int size = i2d_PUBKEY(p384.get(), &out);
  const x509::MemoryPtr<unsigned char> owned{out};
  auto request = test::leaf_request(test::sm2());
  request.subject_key.assign(out, out + size);
  CHECK(x509::parse_certificate(x509::issue(request, test::sm2())).algorithm == "ec-p384");
}

TEST_CASE("The role follows from key usage, and its absence means no restriction") {
  CHECK(role_with({KeyUsage::digital_signature}) == Role::sign);
  CHECK(role_with({KeyUsage::non_repudiation}) == Role::sign);
  CHECK(role_with({KeyUsage::key_encipherment}) == Role::encrypt);
  CHECK(role_with({KeyUsage::data_encipherment}) == Role::encrypt);
  CHECK(role_with({KeyUsage::key_agreement}) == Role::encrypt);
  CHECK(role_with({KeyUsage::digital_signature, KeyUsage::data_encipherment}) ==
        Role::sign_encrypt);
  CHECK(role_with({}) == Role::sign_encrypt);
  CHECK(role_with({}, true) == Role::ca);
  CHECK(role_with({KeyUsage::key_cert_sign, KeyUsage::digital_signature}) == Role::ca);
  CHECK(role_with({KeyUsage::crl_sign}) == Role::other);
}

TEST_CASE("A key usage that cannot be read does not free the key") {
  auto request = test::leaf_request(test::sm2());
  request.key_usage = {};
  request.extensions = {{"2.5.29.15", {0x04, 0x01, 0xff}}};
  CHECK(x509::parse_certificate(x509::issue(request, test::sm2())).role == Role::other);
}

TEST_CASE("Dates are exact on both sides of the year where UTCTime ends") {
  auto request = test::leaf_request(test::sm2());
  for (const auto* text :
       {"1950-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2000-02-29T00:00:00Z",
        "2049-12-31T23:59:59Z", "2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    request.not_before = request.not_after = test::at(text);
    const auto certificate = x509::parse_certificate(x509::issue(request, test::sm2()));
    CHECK(base::rfc3339(certificate.not_before) == text);
    CHECK(base::rfc3339(certificate.not_after) == text);
  }
}

TEST_CASE("Serial numbers keep their octets and lose only the sign octet") {
  auto request = test::leaf_request(test::sm2());
  const auto serial = [&](base::Bytes octets) {
    request.serial = std::move(octets);
    return x509::parse_certificate(x509::issue(request, test::sm2())).serial;
  };
  CHECK(serial({0x00}) == "00");
  CHECK(serial({0x05}) == "05");
  CHECK(serial({0xff, 0x00}) == "ff00");
  CHECK(serial(base::Bytes(20, 0x7f)) == base::hex(base::Bytes(20, 0x7f)));
}

TEST_CASE("Control characters and separators in a name are escaped, Chinese is not") {
  auto request = test::leaf_request(test::sm2());
  request.subject = {{"O", "甲,乙\x1b[2J"}};
  const auto certificate = x509::parse_certificate(x509::issue(request, test::sm2()));
  CHECK(certificate.subject == "O=甲\\,乙\\1B[2J");
}

TEST_CASE("GBK in a string type meant for Latin text is shown as GBK") {
  const auto made = x509::decode_certificate(test::chain_of(KeyKind::sm2).leaf);
  const x509::NamePtr name{X509_NAME_new()};
  const base::Bytes gbk{0xb2, 0xe2, 0xca, 0xd4};  // 测试
  const base::Bytes bits{0xff, 0x01};
  X509_NAME_add_entry_by_NID(name.get(), NID_organizationName, V_ASN1_T61STRING, gbk.data(), 4, -1,
                             0);
  X509_NAME_add_entry_by_NID(name.get(), NID_commonName, V_ASN1_PRINTABLESTRING, gbk.data(), 4, -1,
                             0);
  X509_NAME_add_entry_by_NID(name.get(), NID_x500UniqueIdentifier, V_ASN1_BIT_STRING, bits.data(),
                             2, -1, 0);
  X509_set_subject_name(made.get(), name.get());
  X509_sign(made.get(), test::sm2().get(), EVP_sm3());
  const auto certificate = x509::parse_certificate(x509::encode(made.get()));
  CHECK(certificate.subject == "x500UniqueIdentifier=#030300FF01,CN=测试,O=测试");
  CHECK(certificate.holder.organisation == "测试");
}

TEST_CASE("Truncating a certificate anywhere makes it bad input") {
  const auto der = test::chain_of(KeyKind::sm2).leaf;
  for (std::size_t size = 0; size < der.size(); ++size)
    CHECK(parsing(base::ByteView{der}.first(size)) == base::Code::bad_input);
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("An octet after a certificate, garbage and oversize are bad input") {
  auto der = test::chain_of(KeyKind::sm2).leaf;
  der.push_back(0);
  CHECK(parsing(der) == base::Code::bad_input);
  CHECK(parsing(base::Bytes(1U << 20, 0x30)) == base::Code::bad_input);
  CHECK(parsing(base::Bytes((1U << 20) + 1, 0x00)) == base::Code::bad_input);
  CHECK(parsing(base::as_bytes("-----BEGIN CERTIFICATE-----")) == base::Code::bad_input);
}

TEST_CASE("Flipping any octet of a certificate never crashes the reader") {
  const auto der = test::chain_of(KeyKind::sm2).leaf;
  int read = 0;
  for (std::size_t i = 0; i < der.size(); ++i) {
    auto changed = der;
    changed[i] ^= 0xff;
    read += parsing(changed) == base::Code::bug ? 1 : 0;  // no Error was thrown
  }
  CHECK(read > 0);  // a changed signature or key still is a certificate
  CHECK(read < static_cast<int>(der.size()));
}

TEST_CASE("OpenSSL's own program reads the same subject, dates, serial and fingerprint") {
  const auto chain = test::chain_of(KeyKind::sm2);
  const auto certificate = x509::parse_certificate(chain.leaf);
  std::string folder = (std::filesystem::temp_directory_path() / "ukey-x509-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const auto path = folder + "/leaf.der";
  base::write_file(path, chain.leaf);
  const auto told = output_of("openssl x509 -inform DER -in " + path +
                              " -noout -subject -issuer -serial -fingerprint -sha256 -dates "
                              "-dateopt iso_8601 -nameopt RFC2253,-esc_msb 2>&1");
  std::filesystem::remove_all(folder);
  const auto tells = [&](const std::string& line) {
    CAPTURE(told);
    CHECK(base::ascii_lower(told).find(base::ascii_lower(line) + "\n") != std::string::npos);
  };
  tells("subject=" + certificate.subject);
  tells("issuer=" + certificate.issuer);
  tells("serial=" + certificate.serial);
  tells("notBefore=2026-01-31 16:00:00Z");
  tells("notAfter=2027-01-31 15:59:59Z");
  std::string fingerprint;
  for (std::size_t i = 0; i < certificate.sha256.size(); i += 2)
    fingerprint += (i > 0 ? ":" : "") + certificate.sha256.substr(i, 2);
  tells("sha256 fingerprint=" + fingerprint);
}
