// Envelopes in files: in every text form, in containers, matched with the certificates of a token.
#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

#include <cstdlib>

#include "tests/envelope/fixture.hpp"

namespace ukey::test {

namespace {

using model::EnvelopeOpens;

const x509::Key& rsa(int which = 0) { return key(x509::KeyKind::rsa_2048, which); }

struct Entry {
  std::string name;
  base::Bytes octets;
};

/// A container of the format that `choose` sets.
template <class Choose>
base::Bytes packed(const std::vector<Entry>& entries, Choose choose) {
  base::Bytes out(1 << 22);
  std::size_t used = 0;
  archive* writing = archive_write_new();
  choose(writing);
  archive_write_set_bytes_in_last_block(writing, 1);
  archive_write_open_memory(writing, out.data(), out.size(), &used);
  for (const auto& [name, octets] : entries) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(octets.size()));
    archive_write_header(writing, entry);
    archive_write_data(writing, octets.data(), octets.size());
    archive_entry_free(entry);
  }
  archive_write_close(writing);
  archive_write_free(writing);
  out.resize(used);
  return out;
}

base::Bytes zip(const std::vector<Entry>& entries, const char* compression = "deflate") {
  return packed(entries, [compression](archive* writing) {
    archive_write_set_format_zip(writing);
    archive_write_set_format_option(writing, "zip", "compression", compression);
  });
}

base::Bytes tar(const std::vector<Entry>& entries, int format = ARCHIVE_FORMAT_TAR_PAX_RESTRICTED,
                bool gzip = false) {
  return packed(entries, [format, gzip](archive* writing) {
    archive_write_set_format(writing, format);
    if (gzip) archive_write_add_filter_gzip(writing);
  });
}

base::Bytes gzip(const base::Bytes& octets) {
  return packed({{"data", octets}}, [](archive* writing) {
    archive_write_set_format_raw(writing);
    archive_write_add_filter_gzip(writing);
  });
}

std::string base64(const base::Bytes& octets, std::size_t width) {
  std::string whole((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(whole.data()), octets.data(),
                                   static_cast<int>(octets.size()));
  whole.resize(static_cast<std::size_t>(size));
  std::string out;
  for (std::size_t at = 0; at < whole.size(); at += width) out += whole.substr(at, width) + "\n";
  return out;
}

base::Bytes envelope_for(const base::Bytes& certificate) {
  return openssl_envelope(noise(1000), certificate);
}

std::vector<model::EnvelopeRow> found(const Folder& folder, const base::Bytes& octets,
                                      const std::vector<model::CertificateRow>& rows) {
  return envelope::find_envelopes(folder.put("file", octets), rows);
}

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

TEST_CASE("envelopes in a container are found under any name, other files are passed over") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  for (const char* compression : {"deflate", "store"}) {
    const auto rows = found(folder,
                            zip({{"manifest.xml", text("<bid/>")},
                                 {"bids/one.bin", octets},
                                 {"../../etc/passwd", octets},
                                 {"cert.cer", certificate},
                                 {"pem", text("-----BEGIN CMS-----\n" + base64(octets, 64))}},
                                compression),
                            {on_token(certificate)});
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].entry == "bids/one.bin");
    CHECK(rows[1].entry == "../../etc/passwd");
    CHECK(rows[2].entry == "pem");
    for (const auto& row : rows) CHECK(row.opens == EnvelopeOpens::current);
  }
}

TEST_CASE("names in a container may be Chinese, in UTF-8 or GBK, whatever the locale") {
  const Folder folder;
  const auto octets = envelope_for(receiver(rsa(0)));
  auto container = zip({{"\xb1\xea\xca\xe9.p7m", octets}});
  CHECK(found(folder, container, {}).at(0).entry == "标书.p7m");
  container = zip({{"??????.p7m", octets}});
  const base::Bytes before = text("??????.p7m");
  for (auto at = container.begin();;) {  // both headers: the name, and the bit that says UTF-8
    at = std::search(at, container.end(), before.begin(), before.end());
    if (at == container.end()) break;
    std::ranges::copy(text("标书.p7m"), at);
    const auto header =
        at - container.begin() > 40 && *(at - 46) == 'P' ? at - 46 + 9 : at - 30 + 7;
    *header = static_cast<std::uint8_t>(*header | 0x08);
  }
  CHECK(found(folder, container, {}).at(0).entry == "标书.p7m");
}

TEST_CASE("containers in containers are looked into, four deep and no further") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const auto inner = zip({{"one", octets}, {"note.txt", text("x")}});
  const auto rows = found(folder, zip({{"inner.zip", inner}, {"two", octets}}), {});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].entry == "inner.zip/one");
  CHECK(rows[1].entry == "two");
  const auto third = zip({{"b.tgz", tar({{"c", inner}}, ARCHIVE_FORMAT_TAR_USTAR, true)}});
  const auto fourth = found(folder, zip({{"a.zip", third}}), {on_token(certificate)});
  REQUIRE(fourth.size() == 1);
  CHECK(fourth[0].entry == "a.zip/b.tgz/c/one");
  CHECK(fourth[0].opens == EnvelopeOpens::current);
  const auto fifth = found(folder, zip({{"z", zip({{"a.zip", third}})}}), {});
  REQUIRE(fifth.size() == 1);
  CHECK(fifth[0].entry == "z/a.zip/b.tgz/c");
  REQUIRE(fifth[0].error);
  CHECK(fifth[0].error->code() == base::Code::bad_input);
}

TEST_CASE("envelopes are found in tar files of each kind, plain and by gzip") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  const auto octets = envelope_for(certificate);
  const std::string name = "标书/" + std::string(120, 'x') + ".p7m";
  for (const int format : {ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE, ARCHIVE_FORMAT_TAR_GNUTAR,
                           ARCHIVE_FORMAT_TAR_PAX_RESTRICTED})
    for (const bool small : {false, true}) {
      const auto rows = found(folder, tar({{"note", text("x")}, {name, octets}}, format, small),
                              {on_token(certificate)});
      REQUIRE(rows.size() == 1);
      CHECK(rows[0].entry == name);
      CHECK(rows[0].opens == EnvelopeOpens::current);
    }
}

TEST_CASE("what gzip made is an envelope, a container or nothing, alone and among others") {
  const Folder folder;
  const auto octets = envelope_for(receiver(rsa(0)));
  CHECK(found(folder, gzip(octets), {}).at(0).entry == "data");
  CHECK_FALSE(found(folder, gzip(octets), {}).at(0).error);
  CHECK(found(folder, gzip(zip({{"a", octets}})), {}).at(0).entry == "data/a");
  CHECK(found(folder, gzip(text("a log")), {}).at(0).error);
  const auto rows = found(folder, zip({{"log.gz", gzip(text("a log"))}, {"a", octets}}), {});
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].entry == "a");
}

TEST_CASE("files that nobody looks at count too where they have to be inflated") {
  const Folder folder;
  const base::Bytes same(100U << 20, 'x');
  const auto octets = envelope_for(receiver(rsa(0)));
  const std::vector<Entry> bomb{{"a", same}, {"b", same}, {"c", octets}};
  for (const auto& container :
       {zip({{"inner.zip", zip(bomb)}}), tar(bomb, ARCHIVE_FORMAT_TAR_USTAR, true),
        zip({{"x", gzip(gzip(same))}, {"c", octets}})}) {
    const auto rows = found(folder, container, {});
    REQUIRE_FALSE(rows.empty());
    for (const auto& row : rows) CHECK_MESSAGE(row.error, row.entry);
  }
  CHECK_FALSE(found(folder, zip(bomb), {}).at(0).error);  // by its directory it is leapt over
}

TEST_CASE("containers have no more than so many entries, those inside one another together") {
  const Folder folder;
  const auto many = [](std::size_t count) {
    return zip(std::vector<Entry>(count, Entry{"e", {}}), "store");
  };
  CHECK(found(folder, many(10'001), {}).at(0).error);
  const auto inner = many(9'000);
  const auto octets = envelope_for(receiver(rsa(0)));
  const auto with = [&](std::size_t count) {
    std::vector<Entry> entries(count, Entry{"inner.zip", inner});
    entries.push_back({"last", octets});
    return found(folder, zip(entries), {});
  };
  CHECK_FALSE(with(5).back().error);
  CHECK(with(6).back().error);
}

TEST_CASE("a broken envelope in a container is a row with its error, the others are still found") {
  const Folder folder;
  const auto certificate = receiver(rsa(0));
  auto broken = envelope_for(certificate);
  broken.resize(broken.size() - 1);
  const auto rows = found(folder, zip({{"a", broken}, {"b", envelope_for(certificate)}}), {});
  REQUIRE(rows.size() == 2);
  REQUIRE(rows[0].error);
  CHECK(rows[0].error->subject() == folder.file("file") + "/a");
  CHECK_FALSE(rows[1].error);
}

TEST_CASE("a container cut off at any octet gives rows and never more than were in it") {
  const Folder folder;
  const auto octets = zip({{"a", envelope_for(receiver(rsa(0)))}});
  for (std::size_t size = 0; size < octets.size(); size += 7) {
    const auto rows =
        found(folder, {octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size)}, {});
    CHECK(rows.size() >= 1);
    CHECK(rows.size() <= 2);
  }
}

TEST_CASE("an entry that inflates without end is given up") {
  const Folder folder;
  const auto head = our_envelope(noise(64), {receiver(rsa(0))});
  base::Bytes bomb{0x30, 0x80};
  auto stream = stream_of(head);
  const auto frame = envelope::Reader{stream}.frame();
  const base::Bytes type(head.begin() + 2, head.begin() + 13);
  bomb.insert(bomb.end(), type.begin(), type.end());
  for (const auto& part : {base::Bytes{0xa0, 0x80, 0x30, 0x80}, frame.version, frame.recipients,
                           base::Bytes{0x30, 0x80}, frame.content_type, frame.algorithm,
                           base::Bytes{0x80, 0x84, 0x10, 0x00, 0x00, 0x00}})
    bomb.insert(bomb.end(), part.begin(), part.end());
  bomb.resize(bomb.size() + (200U << 20));
  const auto rows = found(folder, zip({{"a", bomb}, {"b", bomb}, {"c", bomb}}), {});
  CHECK(rows.size() <= 2);
  for (const auto& row : rows) CHECK(row.error);
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
