// The frame of an envelope: every way in which octets may be missing, too many or untrue.
#include <doctest/doctest.h>

#include "tests/envelope/fixture.hpp"

namespace ukey::test {

namespace {

std::string read_to_end(const base::Bytes& octets) {
  return refusal([&] {
    auto stream = stream_of(octets);
    envelope::Reader reader{stream};
    reader.finish();
    (void)envelope::recipients_of(envelope::decode(reader.frame()).get());
  });
}

const base::Bytes kType{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03};
const base::Bytes kCipher{0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
                          0x01, 0x65, 0x03, 0x04, 0x01, 0x2a};
const base::Bytes kVersion{0x02, 0x01, 0x00};

base::Bytes recipients() {
  auto stream = stream_of(openssl_envelope(text("x"), receiver(rsa())));
  return envelope::Reader{stream}.frame().recipients;
}

/// An envelope with this element as its content, all lengths definite.
base::Bytes with_content(const base::Bytes& content) {
  return element(
      0x30, kType + element(0xa0, element(0x30, kVersion + recipients() +
                                                    element(0x30, kData + kCipher + content))));
}

std::string content_of(const base::Bytes& octets) {
  auto stream = stream_of(octets);
  envelope::Reader reader{stream};
  std::string out;
  std::uint8_t octet = 0;
  while (reader.read({&octet, 1}) == 1) out.push_back(static_cast<char>(octet));
  reader.finish();
  return out;
}

}  // namespace

TEST_CASE("an envelope cut off at any octet is refused") {
  for (const auto& octets :
       {openssl_envelope(text("bid"), receiver(rsa())),
        openssl_envelope(text("bid"), receiver(rsa()), {EVP_aes_256_gcm(), 0, false}),
        our_envelope(text("bid"), {receiver(rsa())})}) {
    CHECK(read_to_end(octets) == "");
    for (std::size_t size = 0; size < octets.size(); ++size) {
      CAPTURE(size);
      CHECK(read_to_end({octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(size)}) ==
            "bad_input");
    }
  }
}

TEST_CASE("an envelope ends where it says, and what follows is left where it is") {
  const auto octets = our_envelope(text("bid"), {receiver(rsa())});
  for (const auto& rest : {base::Bytes{}, text("\r\n"), text("x"), octets, noise(300'000)}) {
    auto stream = stream_of(octets + rest);
    envelope::Reader reader{stream};
    reader.finish();
    CHECK(stream.position() == octets.size());
  }
}

TEST_CASE(
    "the content may be one string or strings in strings, of definite and indefinite length") {
  CHECK(content_of(with_content({0x80, 0x03, 'b', 'i', 'd'})) == "bid");
  CHECK(content_of(with_content({0x80, 0x00})) == "");
  CHECK(content_of(with_content({0xa0, 0x00})) == "");
  CHECK(content_of(with_content(base::Bytes{0xa0, 0x80} + kEnd)) == "");
  const base::Bytes pieces{0x04, 0x01, 'b', 0x04, 0x00, 0x04, 0x02, 'i', 'd'};
  CHECK(content_of(with_content(element(0xa0, pieces))) == "bid");
  CHECK(content_of(with_content(base::Bytes{0xa0, 0x80} + pieces + kEnd)) == "bid");
  const auto nested = base::Bytes{0x24, 0x80} + pieces + kEnd;
  CHECK(content_of(with_content(base::Bytes{0xa0, 0x80} + nested + pieces + kEnd)) == "bidbid");
}

TEST_CASE("content that is no string, nests without end or is not there is refused") {
  CHECK(read_to_end(with_content(element(0xa0, {0x02, 0x01, 0x00}))) == "bad_input");
  CHECK(read_to_end(with_content(base::Bytes{})) == "bad_input");
  CHECK(read_to_end(with_content({0x81, 0x00})) == "bad_input");
  base::Bytes deep{0x04, 0x00};
  for (int i = 0; i < 6; ++i) deep = element(0x24, deep);
  CHECK(read_to_end(with_content(element(0xa0, deep))) == "bad_input");
  base::Bytes endless{0xa0, 0x80};
  for (int i = 0; i < 10'000; ++i) endless.insert(endless.end(), {0x24, 0x80});
  CHECK(read_to_end(with_content(endless)) == "bad_input");
}

TEST_CASE("recipients that nest without end are refused") {
  base::Bytes endless = kVersion;
  for (int i = 0; i < 100'000; ++i) endless.insert(endless.end(), {0x31, 0x80});
  const auto octets =
      base::Bytes{0x30, 0x80} + kType + base::Bytes{0xa0, 0x80, 0x30, 0x80} + endless;
  CHECK(read_to_end(octets) == "bad_input");
}

TEST_CASE("lengths near the end of numbers are refused at once") {
  for (const auto top : base::Bytes{0x00, 0x3f, 0x40, 0x7f, 0x80, 0xff})
    for (const auto rest : base::Bytes{0x00, 0xff}) {
      const base::Bytes length{0x88, top, rest, rest, rest, rest, rest, 0xff, 0xff};
      CHECK(read_to_end(base::Bytes{0x30} + length + kType) == "bad_input");
      CHECK(read_to_end(with_content(base::Bytes{0x80} + length)) == "bad_input");
      const auto open = base::Bytes{0x30, 0x80} + kType + base::Bytes{0xa0, 0x80, 0x30, 0x80} +
                        kVersion + base::Bytes{0x31} + length;
      CHECK(read_to_end(open) == "bad_input");
    }
  CHECK(read_to_end(base::Bytes{0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1} + kType) == "bad_input");
}

TEST_CASE("an element longer or shorter than the one around it is refused") {
  const auto octets = with_content({0x80, 0x03, 'b', 'i', 'd'});
  CHECK(read_to_end(octets) == "");
  for (const std::size_t at : {std::size_t{3}, std::size_t{18}, std::size_t{22}}) {
    for (const int by : {-1, 1}) {
      auto broken = octets;
      broken[at] = static_cast<std::uint8_t>(broken[at] + by);
      CAPTURE(at);
      CAPTURE(by);
      CHECK(read_to_end(broken) == "bad_input");
    }
  }
}

TEST_CASE("recipients of more octets than anybody needs are refused") {
  const auto octets =
      base::Bytes{0x30, 0x80} + kType + base::Bytes{0xa0, 0x80, 0x30, 0x80} + kVersion;
  CHECK(read_to_end(octets + base::Bytes{0x31, 0x83, 0x10, 0x00, 0x00} +
                    base::Bytes(0x10'0000, 0x30)) == "bad_input");
}

TEST_CASE("other kinds of CMS are no envelopes") {
  const base::Bytes signed_data{0x30, 0x80, 0x06, 0x09, 0x2a, 0x86, 0x48,
                                0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02, 0xa0};
  CHECK_FALSE(envelope::kind_of(signed_data));
  CHECK_FALSE(envelope::kind_of(base::Bytes{}));
  CHECK_FALSE(envelope::kind_of(base::Bytes{0x30}));
  CHECK_FALSE(envelope::kind_of(base::Bytes{0x30, 0x80, 0x06}));
  CHECK_FALSE(envelope::kind_of(base::Bytes{0x30, 0xff, 0x06, 0x09}));
  CHECK_FALSE(envelope::kind_of(receiver(rsa())));
}

TEST_CASE("the octets of GM/T 0010 name the same kinds") {
  const base::Bytes gm{0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02};
  const auto kind = [&gm](std::uint8_t last) {
    return envelope::kind_of(base::Bytes{0x30, 0x80, 0x06, 0x0a} + gm + base::Bytes{last});
  };
  CHECK(kind(3) == model::EnvelopeKind::enveloped);
  CHECK(kind(4) == model::EnvelopeKind::signed_and_enveloped);
  CHECK_FALSE(kind(2));
}

}  // namespace ukey::test
