// Envelopes in containers, and in containers inside these, within bounds.
#include "tests/envelope/containers.hpp"

namespace ukey::test {

using model::EnvelopeOpens;

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

}  // namespace ukey::test
