// Envelopes that are not a file by themselves: in signed data, in MIME parts, anywhere in a file.
#include <openssl/pkcs7.h>

#include "tests/envelope/containers.hpp"

namespace ukey::test {

namespace {

using model::EnvelopeOpens;

const base::Bytes kEnveloped{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03};
const base::Bytes kSigned{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02};

/// DER of signed data that OpenSSL makes, with the content in it or without.
base::Bytes signed_over(const base::Bytes& content, unsigned flags = 0) {
  const auto& signer = rsa(1);
  const auto certificate = x509::decode_certificate(x509::issue(leaf_request(signer), signer));
  const x509::BioPtr in{BIO_new_mem_buf(content.data(), static_cast<int>(content.size()))};
  const envelope::CmsPtr cms{
      CMS_sign(certificate.get(), signer.get(), nullptr, in.get(), CMS_BINARY | flags)};
  return der_of(cms.get());
}

/// Signed data as far as its content, which is this element.
base::Bytes signed_around(const base::Bytes& inner) {
  return element(0x30,
                 kSigned + element(0xa0, element(0x30, base::Bytes{0x02, 0x01, 0x01, 0x31, 0x00} +
                                                           element(0x30, inner))));
}

/// That `octets` hold one envelope, for the current certificate, at this place.
void holds(const base::Bytes& octets, const base::Bytes& certificate, const std::string& entry) {
  const Folder folder;
  const auto rows = found(folder, octets, {on_token(certificate)});
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].error);
  CHECK(rows[0].opens == EnvelopeOpens::current);
  CHECK(rows[0].entry == entry);
}

void holds_none(const base::Bytes& octets) {
  const Folder folder;
  const auto rows = found(folder, octets, {});
  REQUIRE(rows.size() == 1);
  REQUIRE(rows[0].error);
  CHECK(rows[0].error->code() == base::Code::bad_input);
}

}  // namespace

TEST_CASE("whatever follows an envelope does not hide it, and one that follows is found too") {
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  holds(octets + text("trailing\n"), certificate, "");
  holds(octets + noise(300'000), certificate, "");
  const Folder folder;
  const auto rows = found(folder, octets + text("and") + octets, {on_token(certificate)});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].entry.empty());
  CHECK(rows[1].entry == "@" + std::to_string(octets.size() + 3));
  CHECK(rows[1].opens == EnvelopeOpens::current);
}

TEST_CASE("an envelope in signed data is found, whatever form it has there") {
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const auto pem = text("-----BEGIN CMS-----\n" + base64(octets, 64) + "-----END CMS-----\n");
  const auto mime = text("Content-Type: application/pkcs7-mime\n\n" + base64(octets, 64));
  for (const auto& form : {octets, pem, mime, signed_over(octets)})
    holds(signed_over(form), certificate, "");
  holds(signed_over(zip({{"bid", octets}})), certificate, "bid");
  holds(text(base64(signed_over(octets), 64)), certificate, "");
  holds(zip({{"a.p7m", signed_over(octets)}}), certificate, "a.p7m");
  holds(signed_over(text("header ") + octets), certificate, "@7");
}

TEST_CASE("signed content may lie in pieces that cut through an envelope's head") {
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  base::Bytes pieces{0xa0, 0x80, 0x24, 0x80};
  for (std::size_t at = 0; at < octets.size(); at += 7) {
    const auto end = std::min(at + 7, octets.size());
    pieces.insert(pieces.end(), {0x04, static_cast<std::uint8_t>(end - at)});
    pieces.insert(pieces.end(), octets.begin() + static_cast<std::ptrdiff_t>(at),
                  octets.begin() + static_cast<std::ptrdiff_t>(end));
  }
  pieces = pieces + kEnd + kEnd;
  const base::Bytes head{0x30, 0x80};
  holds(head + kSigned + base::Bytes{0xa0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x01, 0x31, 0x00} + head +
            kData + pieces + kEnd + kEnd + kEnd + kEnd,
        certificate, "");
}

TEST_CASE("an envelope in CMS data, and one in the place of signed content, are found") {
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  holds(element(0x30, kData + element(0xa0, element(0x04, octets))), certificate, "");
  const base::Bytes inner(octets.begin() + 4, octets.end());  // type and content
  holds(signed_around(inner), certificate, "@" + std::to_string(5 + 11 + 5 + 5 + 5));
}

TEST_CASE("signed data without content, or with one of another kind, holds no envelope") {
  holds_none(signed_over(text("a bid"), CMS_DETACHED));
  holds_none(signed_over(text("a bid")));
  holds_none(signed_over({}));
  holds_none(signed_around(kData));
  holds_none(signed_around(kData + element(0xa0, {0x02, 0x01, 0x00})));
  holds_none(signed_around(kData + base::Bytes{0x80, 0x00}));
  holds_none(element(0x30, kSigned));
  holds_none(element(0x30, kData + element(0xa0, element(0x24, element(0x02, {0})))));
}

TEST_CASE("parts in base64 of a MIME message and further blocks of PEM are looked into") {
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const std::string head = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n";
  const std::string note = "Content-Type: text/plain\r\n\r\nthe bid -- as agreed\r\n--x\r\n";
  const auto part = [](const std::string& type, const base::Bytes& contents) {
    return "Content-Type: " + type + "\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" +
           base64(contents, 76) + "--x--\r\n";
  };
  const auto at = "@" + std::to_string(head.size() + note.size() - 5);
  const auto mail = [&](const std::string& last) { return text(head + note + last); };
  holds(mail(part("application/pkcs7-mime", octets)), certificate, at);
  holds(mail(part("application/octet-stream", signed_over(octets))), certificate, at);
  holds(mail(part("application/zip", zip({{"bid", octets}}))), certificate, at + "/bid");
  const auto binary = "Content-Transfer-Encoding: binary\r\n\r\n" +
                      std::string{base::as_text(octets)} + "\r\n--x--";
  holds(mail(binary), certificate, "@" + std::to_string(head.size() + note.size() + 37));

  const Folder folder;
  const auto block = "-----BEGIN CMS-----\n" + base64(octets, 64) + "-----END CMS-----\n";
  auto rows = found(folder, text(block + "note\n" + block), {on_token(certificate)});
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].entry == "@" + std::to_string(block.size() + 5));
  CHECK(rows[1].opens == EnvelopeOpens::current);
  const auto one = part("application/pkcs7-mime", octets);
  const auto two = head + one.substr(0, one.size() - 4) + "\r\n" + one;
  rows = found(folder, text(two), {on_token(certificate)});
  REQUIRE(rows.size() == 2);
  CHECK_FALSE(rows[0].error);
  CHECK_FALSE(rows[1].error);
}

TEST_CASE("a broken part is a row with its error, and the next is still looked into") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const auto block = "-----BEGIN CMS-----\n" + base64(octets, 64);
  const auto rows = found(folder,
                          text("\n--\n" + block + "-----END CMS-----\n" +
                               block.substr(0, block.size() / 2) + "*\n" + block),
                          {on_token(certificate)});
  REQUIRE(rows.size() == 3);
  CHECK_FALSE(rows[0].error);
  CHECK(rows[1].error);
  CHECK(rows[2].opens == EnvelopeOpens::current);
}

TEST_CASE("an envelope is found at every place of a file of any kind, in every form of length") {
  const auto certificate = receiver(rsa(0));
  for (const auto& octets :
       {envelope_for(certificate), our_envelope(noise(1000), {certificate}),
        openssl_envelope(noise(1000), certificate, {EVP_aes_256_gcm(), 0, false})}) {
    for (const std::size_t at :
         {1U, 16'370U, 16'383U, 16'384U, 16'385U, 65'530U, 65'536U, 300'000U})
      holds(noise(at) + octets + noise(100), certificate, "@" + std::to_string(at));
  }
  const auto octets = envelope_for(certificate);
  const base::Bytes inner(octets.begin() + 4, octets.end());
  for (int size = 2; size <= 8; ++size) {
    base::Bytes head{0x30, static_cast<std::uint8_t>(0x80 | size)};
    for (int i = size - 1; i >= 0; --i)
      head.push_back(static_cast<std::uint8_t>(inner.size() >> (8 * std::min(i, 4))));
    holds(text("HEAD") + head + inner, certificate, "@4");
  }
}

TEST_CASE("what only looks like an envelope is none") {
  const base::Bytes gm{0x06, 0x0a, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x03};
  for (const auto& type : {kEnveloped, gm})
    for (const auto& head : {base::Bytes{}, base::Bytes{0x30, 0x80}, base::Bytes{0x30, 0x20}})
      for (const auto& rest : {base::Bytes{}, base::Bytes{0xa0, 0x80}, noise(100),
                               base::Bytes{0xa0, 0x80, 0x30, 0x80, 0x02, 0x01, 0x00, 0x31, 0x00}})
        holds_none(text("x") + head + type + rest);
  auto octets = envelope_for(receiver(rsa(0)));
  const auto cut = octets.begin() + 300;  // in the only recipient
  holds_none(text("x") + base::Bytes(octets.begin(), cut));
  auto stream = stream_of(octets);
  const auto frame = envelope::Reader{stream}.frame();
  const auto content = element(0x30, frame.content_type + frame.algorithm + base::Bytes{0x80, 0});
  holds_none(
      text("x") +
      element(0x30, kEnveloped + element(0xa0, element(0x30, frame.version + base::Bytes{0x31, 0} +
                                                                 content))));
}

TEST_CASE("a file in a container is searched so far and no further, one by itself to its end") {
  constexpr std::size_t kFar = std::size_t{16} << 20;
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const auto deep = base::Bytes(kFar + 128 * 1024, 0) + octets;
  holds(deep, certificate, "@" + std::to_string(kFar + 128 * 1024));
  holds_none(zip({{"a", deep}}));
  const auto near = base::Bytes(kFar - 1, 0) + octets;
  holds(zip({{"a", near}}), certificate, "a/@" + std::to_string(kFar - 1));
}

TEST_CASE("signed data in signed data is taken off four deep, and what lies deeper is told") {
  const auto certificate = receiver(rsa(0));
  auto octets = text(base64(envelope_for(certificate), 64));
  for (int i = 0; i < 4; ++i) octets = signed_over(octets);
  holds(octets, certificate, "");
  holds_none(signed_over(octets));
}

TEST_CASE("text that begins like base64, and lines like those between parts, are no error") {
  const Folder folder;
  const auto octets = envelope_for(receiver(rsa(0)));
  std::string lines = "-- a letter\n";
  for (int i = 0; i < 20'000; ++i) lines += "--\n--a: b\n";
  const std::string letter = "Many words of a letter without a stop " + std::string(300, 'a');
  const auto rows = found(folder,
                          zip({{"letter", text(letter + "x.")},
                               {"list", text(lines)},
                               {"odd", text(letter.substr(0, 9) + "!")},
                               {"bid", octets}}),
                          {});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].entry == "bid");
}

}  // namespace ukey::test
