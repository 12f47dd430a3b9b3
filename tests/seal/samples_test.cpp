// Seals that other software made, read where UKEY_SAMPLES points at them.
#include <doctest/doctest.h>

#include <cstdlib>

#include "base/file.hpp"
#include "seal/seal.hpp"
#include "x509/certificate.hpp"

using namespace ukey;
using model::SealFormat;

namespace {

const bool kAbsent = std::getenv("UKEY_SAMPLES") == nullptr;

model::SealContents sample(const std::string& name) {
  const auto path = std::string{std::getenv("UKEY_SAMPLES")} + "/seals/" + name;
  return seal::inspect(base::read_file(path, 1U << 20));
}

}  // namespace

TEST_CASE("Seals of other makers are read where UKEY_SAMPLES points at them") {
  if (kAbsent) MESSAGE("UKEY_SAMPLES is not set: the cases on other makers' seals are skipped");
  CHECK((kAbsent || std::string{std::getenv("UKEY_SAMPLES")} != ""));
}

TEST_CASE("Three seals of ofdrw are versions 1, 4 and 5 with picture and size" *
          doctest::skip(kAbsent)) {
  for (const auto& [name, format] :
       std::vector<std::pair<std::string, SealFormat>>{{"ofdrw-UserV1.esl", SealFormat::ses_v1},
                                                       {"ofdrw-UserV4.esl", SealFormat::ses_v4},
                                                       {"ofdrw-UserV5.esl", SealFormat::ses_v5}}) {
    CAPTURE(name);
    const auto contents = sample(name);
    CHECK(contents.format == format);
    CHECK(contents.width_mm == 40);
    CHECK(contents.height_mm == 40);
    REQUIRE(contents.picture.has_value());
    CHECK(contents.picture->format == SealFormat::png);
    CHECK(contents.picture->width == 400UL);
    CHECK(contents.picture->height == 400UL);
    REQUIRE(contents.certificates.size() == 1);
    CHECK(x509::parse_certificate(contents.certificates[0]).algorithm == "sm2");
    CHECK(x509::parse_certificate(contents.maker_certificate).algorithm == "sm2");
  }
}

TEST_CASE("A version 4 seal of ofdrw has its names and dates" * doctest::skip(kAbsent)) {
  const auto contents = sample("ofdrw-UserV4.esl");
  CHECK(contents.vendor == "OFDR&WTest");
  CHECK(contents.id == "51f044b76510434e9bc67a1185c2fba5");
  CHECK(contents.name == "OFD R&W 测试用印章");
  CHECK(contents.type == 3);
  CHECK(base::rfc3339(contents.valid_to.value()) == "2022-04-22T02:09:00Z");
}
