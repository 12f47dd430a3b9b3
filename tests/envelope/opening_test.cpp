// What was put into an envelope comes out of it, and nothing else ever does.
#include <doctest/doctest.h>

#include "tests/envelope/fixture.hpp"

namespace ukey::test {

namespace {

const x509::Key& ec(int which = 0) { return key(x509::KeyKind::ec_p256, which); }

std::vector<std::pair<base::Bytes, const x509::Key*>> all_forms(const base::Bytes& content) {
  const auto r = receiver(rsa());
  const auto e = receiver(ec());
  return {{openssl_envelope(content, r), &rsa()},
          {openssl_envelope(content, r, {EVP_aes_128_cbc(), CMS_USE_KEYID, false}), &rsa()},
          {openssl_envelope(content, r, {EVP_aes_256_cbc(), 0, true}), &rsa()},
          {openssl_envelope(content, r, {EVP_aes_256_gcm(), 0, false}), &rsa()},
          {openssl_envelope(content, r, {EVP_des_ede3_cbc(), 0, false}), &rsa()},
          {openssl_envelope(content, r, {EVP_sm4_cbc(), 0, false}), &rsa()},
          {openssl_envelope(content, e), &ec()},
          {openssl_envelope(content, e, {EVP_aes_256_gcm(), CMS_USE_KEYID, false}), &ec()},
          {our_envelope(content, {r}), &rsa()},
          {our_envelope(content, {r}, true), &rsa()},
          {our_envelope(content, {e}), &ec()}};
}

}  // namespace

TEST_CASE("every form of envelope gives back what was put in, of any size") {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16},
                                 std::size_t{17}, std::size_t{65536}, std::size_t{200'001}}) {
    const auto content = noise(size);
    for (const auto& [octets, key] : all_forms(content)) {
      CAPTURE(size);
      CHECK(opened(octets, *key, receiver(*key)) == content);
    }
  }
}

TEST_CASE("an envelope for several opens for each of them and for nobody else") {
  const auto octets = our_envelope(text("bid"), {receiver(rsa(0)), receiver(ec(1), 2)});
  CHECK(opened(octets, rsa(0), receiver(rsa(0))) == text("bid"));
  CHECK(opened(octets, ec(1), receiver(ec(1), 2)) == text("bid"));
  CHECK(refusal([&] { (void)opened(octets, rsa(0), receiver(rsa(0), 9)); }) == "not_found");
  CHECK(refusal([&] { (void)opened(octets, rsa(1), receiver(rsa(0))); }) == "bad_input");
}

TEST_CASE("a flipped bit anywhere in an authenticated envelope gives no content") {
  const auto content = text("the price is 1,000,000");
  const auto octets = openssl_envelope(content, receiver(rsa()), {EVP_aes_256_gcm(), 0, false});
  std::size_t refused = 0;
  for (std::size_t at = 0; at < octets.size(); ++at) {
    auto broken = octets;
    broken[at] ^= 0x10;
    base::Bytes got;
    const auto why = refusal([&] { got = opened(broken, rsa(), receiver(rsa())); });
    CAPTURE(at);
    if (why.empty())
      CHECK(got == content);  // version numbers, names of types: nothing hangs on them
    else
      ++refused;
  }
  CHECK(refused > octets.size() - 24);
}

TEST_CASE("a wrong key, a wrong tag and a wrong content are told in the same words") {
  const auto receiver_of = receiver(rsa());
  const auto octets = openssl_envelope(noise(100), receiver_of, {EVP_aes_256_gcm(), 0, false});
  for (const std::size_t from_end : {std::size_t{1}, std::size_t{16}, std::size_t{40}}) {
    auto broken = octets;
    broken[broken.size() - from_end] ^= 1;
    CHECK(refusal([&] { (void)opened(broken, rsa(), receiver_of); }) == "bad_input");
  }
  CHECK(refusal([&] { (void)opened(octets, rsa(1), receiver_of); }) == "bad_input");
}

TEST_CASE(
    "an authentication tag that was cut short is refused, though what is left of it is right") {
  const auto octets = our_envelope(noise(100), {receiver(rsa())}, true);
  const std::size_t tag = octets.size() - 6 - 18;  // before the ends of three elements
  REQUIRE(octets[tag] == 0x04);
  REQUIRE(octets[tag + 1] == 16);
  const auto cut = [&](std::size_t size) {
    auto out = octets;
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(tag + 2 + size), out.end() - 6);
    out[tag + 1] = static_cast<std::uint8_t>(size);
    return refusal([&] { (void)opened(out, rsa(), receiver(rsa())); });
  };
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{4}, std::size_t{11}})
    CHECK(cut(size) == "bad_input");
  CHECK(cut(12) == "");
  CHECK(cut(16) == "");
}

TEST_CASE("what cannot be written down ends the opening with that error") {
  const auto octets = our_envelope(noise(300'000), {receiver(rsa())});
  auto first = stream_of(octets);
  envelope::Reader reader{first};
  reader.finish();
  auto again = stream_of(octets);
  CHECK(refusal([&] {
          envelope::Opened::unlock(reader.frame(), rsa().get(), receiver(rsa()))
              .pour(again, [](auto) {
                throw base::Error{base::Code::file_io, "disk"};
              });
        }) == "file_io");
  auto in = stream_of(noise(300'000));
  CHECK(refusal([&] {
          const std::vector<base::Bytes> one{receiver(rsa())};
          envelope::make_envelope(in, one, false, [](auto) {
            throw base::Error{base::Code::file_io, "disk"};
          });
        }) == "file_io");
}

TEST_CASE("an SM2 key is refused, for OpenSSL cannot encrypt an envelope to it") {
  auto in = stream_of(text("x"));
  CHECK(refusal([&] {
          const std::vector<base::Bytes> one{receiver(sm2())};
          envelope::make_envelope(in, one, false, [](auto) {});
        }) == "not_supported");
}

TEST_CASE("a content that changed between the two readings is refused") {
  const auto one = our_envelope(text("one"), {receiver(rsa())});
  const auto two = our_envelope(text("two"), {receiver(rsa())});
  auto first = stream_of(one);
  envelope::Reader reader{first};
  reader.finish();
  auto again = stream_of(two);
  CHECK(refusal([&] {
          envelope::Opened::unlock(reader.frame(), rsa().get(), receiver(rsa()))
              .pour(again, [](auto) {});
        }) == "bad_input");
}

}  // namespace ukey::test
