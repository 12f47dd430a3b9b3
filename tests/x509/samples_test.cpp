// Real public certificates, read where UKEY_SAMPLES points at them.
#include <doctest/doctest.h>

#include <cstdlib>

#include "base/file.hpp"
#include "x509/bundle.hpp"
#include "x509/certificate.hpp"
#include "x509/chain.hpp"

using namespace ukey;
using model::CheckReason;
using model::CheckResult;

namespace {

const bool kAbsent = std::getenv("UKEY_SAMPLES") == nullptr;

std::string path(const std::string& name) {
  return std::string{std::getenv("UKEY_SAMPLES")} + "/certs/" + name;
}

base::Bytes der(const std::string& name) {
  return x509::certificates_in(base::read_file(path(name), 1U << 20)).at(0);
}

model::Certificate sample(const std::string& name) { return x509::parse_certificate(der(name)); }

model::CheckRow chain(const std::string& leaf, const std::vector<std::string>& trusted) {
  std::vector<std::string> files;
  for (const auto& name : trusted) files.push_back(path(name));
  const auto certificate = sample(leaf);
  return x509::verify(certificate, x509::read_trust(files, {}), certificate.not_after).at(0);
}

}  // namespace

TEST_CASE("Real certificates are read where UKEY_SAMPLES points at them") {
  if (kAbsent) MESSAGE("UKEY_SAMPLES is not set: the cases on real certificates are skipped");
  CHECK((kAbsent || std::string{std::getenv("UKEY_SAMPLES")} != ""));
}

TEST_CASE("A BJCA test leaf is an enterprise's signing certificate" * doctest::skip(kAbsent)) {
  const auto leaf = sample("bjca-leaf-enterprise-test-2015.pem");
  CHECK(leaf.holder.kind == model::HolderKind::enterprise);
  CHECK(leaf.holder.organisation == "企业测试证书");
  CHECK_FALSE(leaf.holder.uscc);  // its number is all zeros
  CHECK(leaf.role == model::Role::sign);
  CHECK(leaf.algorithm == "sm2");
  CHECK(leaf.issuer == "CN=Beijing SM2 CA,OU=BJCA,O=BJCA,C=CN");
  CHECK(leaf.serial == "2d1000000000000566ec");
  CHECK(base::rfc3339(leaf.not_after) == "2016-12-17T15:59:59Z");
}

TEST_CASE("An HBCA test leaf is an enterprise's by its O" * doctest::skip(kAbsent)) {
  const auto leaf = sample("hbca-leaf-sealtest-2019.pem");
  CHECK(leaf.holder.kind == model::HolderKind::enterprise);
  CHECK(leaf.holder.organisation == "91420111303629543A金格测试");
  CHECK(leaf.holder.uscc == "91420111303629543A");  // its check character would be 8
  CHECK(leaf.role == model::Role::sign);
}

TEST_CASE("A JSCA leaf for both uses chains by key where names differ" * doctest::skip(kAbsent)) {
  CHECK(sample("jsca-leaf-host-2016.pem").role == model::Role::sign_encrypt);
  const auto row = chain("jsca-leaf-host-2016.pem", {"jsca-ca-sm2-2014.pem"});
  CHECK(row.result == CheckResult::ok);
}

TEST_CASE("The BJCA chain verifies under both of its roots" * doctest::skip(kAbsent)) {
  const std::string leaf = "bjca-leaf-enterprise-test-2015.pem";
  const std::string bjca = "bjca-beijing-sm2-ca-by-bjcaroot.pem";
  const std::string nrcac = "bjca-beijing-sm2-ca-by-nrcac.pem";
  CHECK(chain(leaf, {nrcac, bjca, "bjca-beijing-sm2-root-ca.pem"}).result == CheckResult::ok);
  CHECK(chain(leaf, {bjca, nrcac, "nrcac-rootca-sm2.pem"}).result == CheckResult::ok);
  CHECK(chain(bjca, {"bjca-beijing-sm2-root-ca.pem"}).result == CheckResult::ok);
  CHECK(chain(leaf, {"nrcac-rootca-sm2.pem"}).reason == CheckReason::issuer_not_found);
}
