// Envelopes in files: in every text form, matched with the certificates of a token.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/envelope/containers.hpp"

namespace ukey::test {

namespace {

using model::EnvelopeOpens;

}  // namespace

TEST_CASE("an envelope opens with the current certificate, an older one, or not with this token") {
  const Folder folder;
  const auto now = receiver(rsa(0), 1);
  const auto before = receiver(rsa(1), 2);
  const std::vector<model::CertificateRow> token{on_token(now), on_token(before, false)};
  const auto opens = [&](const base::Bytes& certificate) {
    const auto rows = found(folder, envelope_for(certificate), token);
    REQUIRE(rows.size() == 1);
    CHECK_FALSE(rows[0].error);
    return rows[0];
  };
  CHECK(opens(now).opens == EnvelopeOpens::current);
  CHECK(opens(now).certificate == token[0].certificate.sha256);
  CHECK(opens(before).opens == EnvelopeOpens::older);
  CHECK_FALSE(opens(before).has_private_key);
  const auto other = receiver(rsa(0), 3);
  CHECK(opens(other).opens == EnvelopeOpens::no);
  CHECK(opens(other).certificate.empty());
  REQUIRE(opens(other).recipients.size() == 1);
  CHECK(opens(other).recipients[0].serial == "1a1003");
  CHECK(opens(other).recipients[0].issuer == x509::parse_certificate(other).issuer);
  CHECK(opens(other).recipients[0].key_id.empty());
  CHECK(opens(other).recipients[0].algorithm == "rsaencryption");
  CHECK(opens(other).algorithm == "aes-256-cbc");
}

TEST_CASE("a certificate whose private key is known to be gone opens nothing") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  auto row = on_token(certificate);
  row.has_private_key = false;
  const auto rows = found(folder, envelope_for(certificate), {row});
  CHECK(rows.at(0).opens == EnvelopeOpens::no);
  CHECK(rows.at(0).has_private_key == false);
  CHECK(rows.at(0).certificate == row.certificate.sha256);
}

TEST_CASE("a recipient is known by key identifier too, with RSA and with EC") {
  const Folder folder;
  for (const auto kind : {x509::KeyKind::rsa_2048, x509::KeyKind::ec_p256}) {
    const auto certificate = receiver(key(kind));
    const auto octets =
        openssl_envelope(text("x"), certificate, {EVP_aes_128_gcm(), CMS_USE_KEYID, false});
    const auto rows = found(folder, octets, {on_token(certificate)});
    CHECK(rows.at(0).opens == EnvelopeOpens::current);
    CHECK(rows.at(0).kind == model::EnvelopeKind::auth_enveloped);
    CHECK(rows.at(0).recipients.at(0).key_id ==
          x509::parse_certificate(certificate).subject_key_id);
    CHECK(rows.at(0).recipients.at(0).issuer.empty());
  }
}

TEST_CASE("text forms are taken off whatever their line ends and width") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const std::vector<std::string> forms{
      "-----BEGIN CMS-----\n" + base64(octets, 64) + "-----END CMS-----\n",
      "subject=/CN=x\r\nnote\r\n-----BEGIN PKCS7-----\n" + base64(octets, 76) +
          "-----END PKCS7-----\n",
      "\xef\xbb\xbf-----BEGIN CMS-----\n" + base64(octets, 100'000) + "-----END CMS-----",
      "MIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime;\r\n smime-type=enveloped-data\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n" +
          base64(octets, 64),
      "Content-Type: application/x-pkcs7-mime\nContent-Transfer-Encoding: Binary\n\n" +
          std::string{base::as_text(octets)},
      base64(octets, 64),
      base64(octets, 100'000)};
  for (const auto& form : forms) {
    CAPTURE(form.substr(0, 40));
    const auto rows = found(folder, text(form), {on_token(certificate)});
    CHECK_FALSE(rows.at(0).error);
    CHECK(rows.at(0).opens == EnvelopeOpens::current);
  }
}

TEST_CASE("base64 that was cut off or holds other characters is refused") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  auto form = "-----BEGIN CMS-----\n" + base64(envelope_for(certificate), 64);
  for (const std::size_t size :
       {form.size() - 8, form.size() / 2, std::size_t{40}, std::size_t{20}})
    CHECK(found(folder, text(form.substr(0, size)), {}).at(0).error);
  form[300] = '*';
  CHECK(found(folder, text(form), {}).at(0).error);
}

TEST_CASE("a file without an envelope is a row with its error") {
  const Folder folder;
  for (const auto& octets :
       {base::Bytes{}, text("0"), text("hello"), text("Content-Type: text/plain\n\nx"), text("PK"),
        receiver(rsa(0)), noise(100'000), base::Bytes(100, 0)}) {
    const auto rows = found(folder, octets, {});
    REQUIRE(rows.size() == 1);
    REQUIRE(rows[0].error);
    CHECK(rows[0].error->code() == base::Code::bad_input);
    CHECK(rows[0].error->subject() == folder.file("file"));
  }
  const auto rows = envelope::find_envelopes(folder.file("nothing"), {});
  CHECK(rows.at(0).error->code() == base::Code::file_io);
}

TEST_CASE("an envelope that a BJCA product made is matched with its recipient") {
  const char* samples = std::getenv("UKEY_SAMPLES");
  if (samples == nullptr) return;
  const auto path = std::string{samples} + "/envelopes/bjca-dsvs-sm2-envelopeddata.der";
  const auto rows = envelope::find_envelopes(path, {});
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].error);
  CHECK(rows[0].opens == EnvelopeOpens::no);
  REQUIRE(rows[0].recipients.size() == 1);
  CHECK(rows[0].recipients[0].issuer.find("Beijing SM2 CA") != std::string::npos);
  CHECK(rows[0].algorithm == "sm4-cbc");
}

}  // namespace ukey::test
