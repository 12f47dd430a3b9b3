#include "seal/seal.hpp"

#include <doctest/doctest.h>

#include "builder.hpp"
#include "pictures.hpp"
#include "seal/structure.hpp"
#include "tests/x509/makers.hpp"

using namespace ukey;
using model::SealFormat;
using test::Extensions;
using test::Layout;

namespace {

/// A seal with everything in it, of two certificates.
test::SealRequest request(Layout layout) {
  static const auto leaf = x509::issue(test::leaf_request(test::sm2(2)), test::sm2(2));
  static const auto maker = x509::issue(test::leaf_request(test::sm2(3)), test::sm2(3));
  test::SealRequest request;
  request.layout = layout;
  request.picture = test::png(400, 300);
  request.certificates = {leaf, leaf};
  request.maker_certificate = maker;
  return request;
}

base::Bytes seal_of(const test::SealRequest& request) {
  return test::build_seal(request, test::sm2(3));
}

SealFormat format(base::ByteView octets) { return seal::inspect(octets).format; }

bool verifies(base::ByteView covered, base::ByteView signature) {
  const x509::DigestPtr digest{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* context = nullptr;
  EVP_DigestVerifyInit(digest.get(), &context, EVP_sm3(), nullptr, test::sm2(3).get());
  EVP_PKEY_CTX_set1_id(context, x509::kSm2Id.data(), static_cast<int>(x509::kSm2Id.size()));
  return EVP_DigestVerify(digest.get(), signature.data(), signature.size(), covered.data(),
                          covered.size()) == 1;
}

}  // namespace

TEST_CASE("Each version of a seal is told by its shape, and all its fields are read") {
  for (const auto& [layout, expected] :
       std::vector<std::pair<Layout, SealFormat>>{{Layout::v1, SealFormat::ses_v1},
                                                  {Layout::v1_split, SealFormat::ses_v1},
                                                  {Layout::v4, SealFormat::ses_v4},
                                                  {Layout::v5, SealFormat::ses_v5},
                                                  {Layout::v5_stamped, SealFormat::ses_v5}}) {
    CAPTURE(static_cast<int>(layout));
    const auto asked = request(layout);
    const auto contents = seal::inspect(seal_of(asked));
    CHECK(contents.format == expected);
    CHECK(contents.id == "63010000000001");
    CHECK(contents.name == "演练单位公章");
    CHECK(contents.vendor == "PRACTICE");
    CHECK(contents.type == (expected == SealFormat::ses_v1 ? 1 : 3));
    CHECK(contents.created == test::at("2026-01-31T16:00:00Z"));
    CHECK(contents.valid_from == test::at("2026-01-31T16:00:00Z"));
    CHECK(contents.valid_to == test::at("2027-01-31T15:59:59Z"));
    CHECK(contents.width_mm == 42);
    CHECK(contents.height_mm == 30);
    CHECK(contents.picture_data == asked.picture);
    REQUIRE(contents.picture.has_value());
    CHECK(contents.picture->format == SealFormat::png);
    CHECK(contents.picture->width == 400UL);
    CHECK(contents.certificates == asked.certificates);
    CHECK(contents.maker_certificate == asked.maker_certificate);
  }
}

TEST_CASE("Extensions are accepted untagged, tagged and in an OCTET STRING") {
  for (const auto how : {Extensions::untagged, Extensions::tagged, Extensions::octets}) {
    for (const auto layout : {Layout::v1, Layout::v4, Layout::v5}) {
      auto asked = request(layout);
      asked.extensions = how;
      CHECK(seal::inspect(seal_of(asked)).name == "演练单位公章");
    }
  }
}

TEST_CASE("Times of either type are read in every version, unreadable ones are absent") {
  auto asked = request(Layout::v1);
  asked.times = test::generalized_times();
  CHECK(seal::inspect(seal_of(asked)).valid_to == test::at("2027-01-31T15:59:59Z"));
  asked = request(Layout::v4);
  asked.times = test::utc_times();
  CHECK(seal::inspect(seal_of(asked)).valid_to == test::at("2027-01-31T15:59:59Z"));
  asked.times = test::joined({test::der(0x17, "491231235959Z"), test::der(0x18, "20501301000000Z"),
                              test::der(0x18, "20500101000000Z")});
  const auto contents = seal::inspect(seal_of(asked));
  CHECK(contents.format == SealFormat::ses_v4);
  CHECK(contents.created == test::at("2049-12-31T23:59:59Z"));
  CHECK_FALSE(contents.valid_from.has_value());
  CHECK(contents.valid_to == test::at("2050-01-01T00:00:00Z"));
}

TEST_CASE("A list of digests names no certificates") {
  auto asked = request(Layout::v4);
  asked.digests = true;
  const auto contents = seal::inspect(seal_of(asked));
  CHECK(contents.format == SealFormat::ses_v4);
  CHECK(contents.certificates.empty());
}

TEST_CASE("The picture is judged by its octets, whatever the seal calls it") {
  auto asked = request(Layout::v4);
  asked.picture_type = "png";
  asked.picture = test::gif(20, 10);
  CHECK(seal::inspect(seal_of(asked)).picture->format == SealFormat::gif);
  asked.picture = test::octets("no picture");
  const auto contents = seal::inspect(seal_of(asked));
  CHECK(contents.format == SealFormat::ses_v4);
  CHECK(contents.picture->format == SealFormat::unknown);
}

TEST_CASE("What the maker signed is kept octet for octet") {
  auto asked = request(Layout::v4);
  asked.extensions = Extensions::untagged;
  const auto octets = seal_of(asked);
  const auto seal = seal::split(octets);
  REQUIRE(seal.has_value());
  CHECK(verifies(seal->seal_info, seal->signature));
  asked = request(Layout::v1);
  const auto first = seal_of(asked);
  const auto old = seal::split(first);
  REQUIRE(old.has_value());
  const auto whole = [](base::ByteView view) { return base::Bytes(view.begin(), view.end()); };
  const auto covered =
      test::sequence({whole(old->seal_info), whole(old->certificate_field), whole(old->algorithm)});
  CHECK(verifies(covered, old->signature));
  CHECK_FALSE(verifies(old->seal_info, old->signature));
}

TEST_CASE("A seal cut anywhere is no seal") {
  for (const auto layout : {Layout::v1, Layout::v4, Layout::v5_stamped}) {
    const auto whole = seal_of(request(layout));
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK(format(base::ByteView{whole}.first(size)) == SealFormat::unknown);
  }
  CHECK(ERR_peek_error() == 0);
}

TEST_CASE("Zero octets after a seal are padding, anything else makes it unknown") {
  auto octets = seal_of(request(Layout::v4));
  octets.resize(octets.size() + 100);
  CHECK(format(octets) == SealFormat::ses_v4);
  octets.back() = 1;
  CHECK(format(octets) == SealFormat::unknown);
}

TEST_CASE("Flipping any octet of a seal never crashes the reader") {
  const auto whole = seal_of(request(Layout::v4));
  std::size_t seals = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] ^= 0xff;
    seals += format(changed) == SealFormat::unknown ? 0 : 1;
  }
  CHECK(seals > 0);
  CHECK(seals < whole.size());
}

TEST_CASE("Bare pictures are seals without structure") {
  const auto contents = seal::inspect(test::png(400, 300));
  CHECK(contents.format == SealFormat::png);
  CHECK(contents.picture_data == test::png(400, 300));
  CHECK(contents.picture->height == 300UL);
  CHECK(contents.name.empty());
  CHECK_FALSE(contents.type.has_value());
}

TEST_CASE("BJCA's old structure is recognised by its size and shape, and none of its fields read") {
  auto octets = test::octets("ES");
  octets.resize(326);
  const auto contents = seal::inspect(octets);
  CHECK(contents.format == SealFormat::bjca_es);
  CHECK_FALSE(contents.picture.has_value());
  CHECK(contents.picture_data.empty());
  octets.pop_back();
  CHECK(format(octets) == SealFormat::unknown);
  CHECK(format(test::octets("ES" + std::string(1000, 'x'))) == SealFormat::unknown);
}

TEST_CASE("What is neither picture nor seal is unknown") {
  CHECK(format({}) == SealFormat::unknown);
  CHECK(format(test::octets("0")) == SealFormat::unknown);
  CHECK(format(base::Bytes(1U << 20, 0x30)) == SealFormat::unknown);
  CHECK(format(base::Bytes(1U << 20, 0x00)) == SealFormat::unknown);
  CHECK(format(request(Layout::v4).maker_certificate) == SealFormat::unknown);
  CHECK(format(test::sequence({})) == SealFormat::unknown);
  CHECK(format(test::sequence({test::number(1), test::number(2)})) == SealFormat::unknown);
  auto huge = test::png(1, 1);
  huge.resize((16U << 20) + 1);
  CHECK(format(huge) == SealFormat::unknown);
  huge.resize(16U << 20);
  CHECK(format(huge) == SealFormat::png);
}

TEST_CASE("A seal nested a thousand deep is refused, not followed") {
  base::Bytes nested;
  for (int i = 0; i < 1000; ++i) nested = test::sequence({nested});
  CHECK(format(nested) == SealFormat::unknown);
}
