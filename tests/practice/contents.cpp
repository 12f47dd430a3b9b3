#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <fstream>

#include "base/error.hpp"
#include "fixture.hpp"
#include "practice/drawer.hpp"
#include "practice/factory.hpp"
#include "practice/holder_number.hpp"
#include "x509/certificate.hpp"
#include "x509/number.hpp"

using namespace ukey::practice;
using namespace ukey::practice::test;
using ukey::base::Code;
using ukey::base::Error;
using ukey::base::rfc3339;
using ukey::base::Time;

namespace {

/// All nine, made once for the tests that only read.
const Drawer& full_drawer() {
  static const TempFolder folder;
  static const Drawer drawer(folder.path() / "drawer");
  if (!drawer.exists()) drawer.create({.now = kNow, .names = {}, .force = false, .softhsm = {}});
  return drawer;
}

/// Values of one attribute of all objects of a class on a token, as a person without PIN sees them.
std::vector<std::string> values(const Loaded& module, CK_SLOT_ID slot, CK_OBJECT_CLASS wanted,
                                CK_ATTRIBUTE_TYPE type, bool login = false) {
  const auto session = module.open(slot);
  if (login) CHECK(module.login(session, CKU_USER, kUserPin) == CKR_OK);
  CK_ATTRIBUTE filter{CKA_CLASS, &wanted, sizeof wanted};
  CHECK(module->C_FindObjectsInit(session, &filter, 1) == CKR_OK);
  std::array<CK_OBJECT_HANDLE, 16> handles{};
  unsigned long count = 0;
  CHECK(module->C_FindObjects(session, handles.data(), handles.size(), &count) == CKR_OK);
  CHECK(module->C_FindObjectsFinal(session) == CKR_OK);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < count; ++i) {
    std::string value(65'536, '\0');
    CK_ATTRIBUTE attribute{type, value.data(), value.size()};
    CHECK(module->C_GetAttributeValue(session, handles.at(i), &attribute, 1) == CKR_OK);
    value.resize(attribute.ulValueLen);
    found.push_back(value);
  }
  CHECK(module->C_CloseSession(session) == CKR_OK);
  std::sort(found.begin(), found.end());
  return found;
}

/// The slot of the token with that name.
CK_SLOT_ID slot_named(const Loaded& module, std::string_view name) {
  for (const auto& token : full_drawer().list()) {
    if (token.name != name) continue;
    for (const auto slot : module.slots()) {
      const auto info = module.token_info(slot);
      if (std::string_view(reinterpret_cast<const char*>(info.serialNumber), 16) == token.serial) {
        return slot;
      }
    }
  }
  FAIL("no such token");
  return 0;
}

std::vector<ukey::model::Certificate> certificates(const Loaded& module, std::string_view name) {
  std::vector<ukey::model::Certificate> parsed;
  for (const auto& der : values(module, slot_named(module, name), CKO_CERTIFICATE, CKA_VALUE)) {
    parsed.push_back(ukey::x509::parse_certificate(ukey::base::as_bytes(der)));
  }
  return parsed;
}

std::vector<std::string> seals(const Loaded& module, std::string_view name) {
  return values(module, slot_named(module, name), CKO_DATA, CKA_LABEL);
}

}  // namespace

TEST_CASE("a full drawer lists the nine tokens in their order") {
  const auto tokens = full_drawer().list();
  REQUIRE(tokens.size() == catalogue().size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    CHECK(tokens[i].name == catalogue()[i].name);
    CHECK(tokens[i].label == catalogue()[i].label);
    CHECK(tokens[i].kind == catalogue()[i].kind);
    CHECK(tokens[i].plugged);
    CHECK(tokens[i].serial.size() == 16);
    CHECK(tokens[i].label.size() <= 32);
  }
}

TEST_CASE("every token but the blank one has a signing and an encryption certificate of its CA") {
  const Loaded module(full_drawer().folder());
  for (const auto& entry : catalogue()) {
    CAPTURE(entry.name);
    const auto found = certificates(module, entry.name);
    if (entry.kind == PracticeKind::blank) {
      CHECK(found.empty());
      continue;
    }
    REQUIRE(found.size() == 2);
    CHECK(found[0].role != found[1].role);
    for (const auto& certificate : found) {
      CHECK((certificate.role == ukey::model::Role::sign ||
             certificate.role == ukey::model::Role::encrypt));
      CHECK(certificate.algorithm == "rsa-2048");
      CHECK(certificate.issuer.find("Practice") != std::string::npos);
      const ukey::base::Zone beijing{std::chrono::hours(8)};
      CHECK(ukey::base::days_between(kNow, certificate.not_after, beijing).count() ==
            entry.days_left);
      CHECK(rfc3339(certificate.not_after).ends_with("T15:59:59Z"));
      CHECK(rfc3339(certificate.not_before).ends_with("T16:00:00Z"));
    }
  }
}

TEST_CASE("holders are enterprises with a credit code, but for the expert") {
  const Loaded module(full_drawer().folder());
  const auto master = certificates(module, "master-due").at(0);
  CHECK(master.holder.kind == ukey::model::HolderKind::enterprise);
  CHECK(master.holder.organisation == "青海练习建设有限公司");
  CHECK(master.holder.uscc == credit_code("PRACT001"));
  CHECK(certificates(module, "sub-due").at(0).holder.uscc == master.holder.uscc);
  const auto expert = certificates(module, "expert").at(0);
  CHECK(expert.holder.kind == ukey::model::HolderKind::individual);
  CHECK(!expert.holder.organisation);
  REQUIRE(expert.holder.person_id);
  CHECK(expert.holder.person_id->starts_with("000000"));
  CHECK(certificates(module, "jsca").at(0).issuer.find("江苏省电子商务") != std::string::npos);
}

TEST_CASE("masters hold their seals as real pictures, sub-lock and blank hold none") {
  const Loaded module(full_drawer().folder());
  const std::vector<std::string> all = {"单位公章", "手写签名", "法人章"};
  CHECK(seals(module, "master-due") == all);
  CHECK(seals(module, "master-expired") == all);
  CHECK(seals(module, "jsca") == all);
  CHECK(seals(module, "locked") == all);
  CHECK(seals(module, "sub-due").empty());
  CHECK(seals(module, "blank").empty());
  CHECK(seals(module, "expert") == std::vector<std::string>{"手写签名"});
  CHECK(seals(module, "master-no-legal-seal") == std::vector<std::string>{"单位公章", "手写签名"});
  const auto pictures = values(module, slot_named(module, "master"), CKO_DATA, CKA_VALUE);
  REQUIRE(pictures.size() == 3);
  CHECK(pictures[0].starts_with("BM"));
  CHECK(pictures[1].starts_with("\x89PNG"));
  CHECK(pictures[2].starts_with("\x89PNG"));
  for (const auto& picture : pictures) CHECK(picture.size() > 28'000);
}

TEST_CASE("private keys appear after login only and pair with the certificates") {
  const Loaded module(full_drawer().folder());
  const auto slot = slot_named(module, "master");
  CHECK(values(module, slot, CKO_PRIVATE_KEY, CKA_ID).empty());
  const auto keys = values(module, slot, CKO_PRIVATE_KEY, CKA_ID, true);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0] != keys[1]);
  CHECK(values(module, slot, CKO_CERTIFICATE, CKA_ID) == keys);
  CHECK(values(module, slot, CKO_PUBLIC_KEY, CKA_ID) == keys);
}

TEST_CASE("the locked token is locked and nothing else is") {
  const Loaded module(full_drawer().folder());
  int locked = 0;
  for (const auto slot : module.slots()) {
    if ((module.token_info(slot).flags & CKF_USER_PIN_LOCKED) != 0) ++locked;
  }
  CHECK(locked == 1);
  CHECK(module.login(module.open(slot_named(module, "locked")), CKU_USER, kUserPin) ==
        CKR_PIN_LOCKED);
}

TEST_CASE("pkcs11-tool and openssl read a token as we do, and openssl trusts the chain") {
  const auto& drawer = full_drawer();
  const BorrowedVariable variable("UKEY_PRACTICE", drawer.folder().string());
  const TempFolder out;
  const std::string tool = "pkcs11-tool --module '" UKEY_PRACTICE_MODULE "'";
  const std::string token = tool + " --token-label 练习-企业主锁-临期";
  const auto listed = output_of(token + " --login --pin 12345678 -O");
  for (const char* seen : {"签名证书", "加密证书", "单位公章", "法人章", "手写签名",
                           "Private Key Object; RSA", "Public Key Object; RSA 2048 bits"}) {
    CAPTURE(seen);
    CHECK(listed.find(seen) != listed.npos);
  }
  const auto file = (out.path() / "sign.der").string();
  output_of(token + " -r --type cert --label 签名证书 -o " + file);
  const auto shown =
      output_of("openssl x509 -inform DER -in " + file + " -noout -enddate -issuer -ext keyUsage");
  CHECK(shown.find("notAfter=Dec 12 15:59:59 2026 GMT") != shown.npos);
  CHECK(shown.find("Digital Signature, Non Repudiation") != shown.npos);
  CHECK(shown.find("O = BJCA") != shown.npos);
  const auto ca = drawer.authority_folder();
  const auto verified = output_of(
      "openssl x509 -inform DER -in " + file + " | openssl verify -attime 1795309200 -CAfile " +
      (ca / "root.pem").string() + " -untrusted " + (ca / "bjca.pem").string());
  CHECK(verified.find("stdin: OK") != verified.npos);
}

TEST_CASE("the private keys sign for their certificates") {
  const auto& drawer = full_drawer();
  const BorrowedVariable variable("UKEY_PRACTICE", drawer.folder().string());
  const TempFolder out;
  const auto path = [&](const char* name) { return (out.path() / name).string(); };
  std::ofstream(path("text")) << "practice";
  const std::string tool =
      "pkcs11-tool --module '" UKEY_PRACTICE_MODULE "' --token-label 练习-企业主锁-有效 ";
  output_of(tool + "-r --type cert --label 签名证书 -o " + path("der"));
  // pkcs11-tool picks a key for signing by its ID alone and ignores --label
  const auto id = output_of(tool + "-O --type cert | grep -A4 签名证书 | sed -n 's/.*ID: *//p'");
  output_of(tool + "--login --pin 12345678 -s -m SHA256-RSA-PKCS --id " +
            id.substr(0, id.find('\n')) + " -i " + path("text") + " -o " + path("signature"));
  output_of("openssl x509 -inform DER -in " + path("der") + " -noout -pubkey > " + path("key"));
  CHECK(output_of("openssl dgst -sha256 -verify " + path("key") + " -signature " +
                  path("signature") + " " + path("text")) == "Verified OK\n");
}

TEST_CASE("the CA's folder and keys are the owner's alone, and it can be opened again") {
  namespace fs = std::filesystem;
  const auto ca = full_drawer().authority_folder();
  CHECK(fs::status(ca).permissions() == fs::perms::owner_all);
  for (const char* name : {"root.key", "bjca.key", "hbca.key", "jsca.key"}) {
    CHECK(fs::status(ca / name).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
  const auto authority = Authority::open(ca);
  const auto key = ukey::x509::Key::generate(ukey::x509::KeyKind::rsa_2048);
  ukey::x509::IssueRequest request;
  request.subject = {{"CN", "practice"}};
  request.subject_key = key.public_der();
  request.not_before = kNow;
  request.not_after = kNow + std::chrono::days(1);
  const auto issued = ukey::x509::parse_certificate(authority.issue(Brand::hbca, request));
  const auto issuer = ukey::x509::parse_certificate(authority.certificate(Brand::hbca));
  CHECK(issued.issuer == issuer.subject);
  CHECK(code_of([&] { return Authority::open(ca / "none"); }) == Code::file_io);
}
