// Envelopes in both languages: what opens, what must be kept, for whom the others are.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "report/describe.hpp"
#include "report/render.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using namespace ukey::report;
using model::EnvelopeOpens;

namespace {

model::EnvelopeRow row_that(EnvelopeOpens opens, std::optional<bool> key = {}) {
  model::EnvelopeRow row;
  row.file = "bids/one.bin";
  row.algorithm = "aes-256-cbc";
  row.opens = opens;
  row.has_private_key = key;
  if (opens != EnvelopeOpens::no || key) row.certificate = "ab12";
  row.recipients.push_back({"CN=HBCA", "1a10", "", "rsaencryption"});
  return row;
}

std::string page(const model::EnvelopeRow& row, Lang lang) {
  auto document = report::document("envelope check", sample::setting());
  document["envelopes"] = describe_envelopes({&row, 1}, lang);
  Style style;
  style.lang = lang;
  return render(document, style);
}

}  // namespace

TEST_CASE("the page of an envelope says what opens it, and for whom it is when nothing does") {
  CHECK(has(page(row_that(EnvelopeOpens::current), Lang::en), "current certificate"));
  CHECK_FALSE(has(page(row_that(EnvelopeOpens::current), Lang::en), "1a10"));
  CHECK(has(page(row_that(EnvelopeOpens::no), Lang::en), "serial 1a10 (CN=HBCA)"));
  CHECK(has(page(row_that(EnvelopeOpens::no), Lang::zh), "这把锁打不开"));
}

TEST_CASE("an older certificate must be kept, and only a login tells whether its key is there") {
  CHECK(has(page(row_that(EnvelopeOpens::older), Lang::en), "--login"));
  CHECK_FALSE(has(page(row_that(EnvelopeOpens::older, true), Lang::en), "--login"));
  CHECK(has(page(row_that(EnvelopeOpens::older, true), Lang::zh), "不要清理"));
  CHECK(has(page(row_that(EnvelopeOpens::no, false), Lang::en), "private key is not"));
}

TEST_CASE("a row with an error carries file, entry and the error alone") {
  model::EnvelopeRow row;
  row.file = "bids.zip";
  row.entry = "one";
  row.error.emplace(base::Code::bad_input, "bids.zip/one");
  const auto json = describe_envelopes({&row, 1}, Lang::en)[0];
  CHECK(json["file"] == "bids.zip");
  CHECK(json["entry"] == "one");
  CHECK(json["opens"].is_null());
  CHECK(json["kind"].is_null());
  CHECK(json["recipients"].empty());
  CHECK(json["error"]["code"] == "bad_input");
  CHECK(has(page(row, Lang::en), "bids.zip/one"));
}

TEST_CASE("a recipient without a certificate is told as one") {
  auto row = row_that(EnvelopeOpens::no);
  row.recipients.assign(1, {});
  CHECK(has(page(row, Lang::en), "a password or a shared key"));
  CHECK(describe_envelopes({&row, 1}, Lang::en)[0]["recipients"][0]["issuer"].is_null());
}
