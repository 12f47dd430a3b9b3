#include "tests/p11/softhsm.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ukey::tests {

namespace {

std::vector<CK_ATTRIBUTE> raw(std::vector<Attribute>& attributes) {
  std::vector<CK_ATTRIBUTE> out;
  for (auto& one : attributes) out.push_back({one.type, one.value.data(), one.value.size()});
  return out;
}

}  // namespace

Store::Store() {
  std::string folder = std::filesystem::temp_directory_path() / "ukey-p11-XXXXXX";
  if (!mkdtemp(folder.data())) throw std::runtime_error("mkdtemp");
  folder_ = folder;
  std::filesystem::create_directory(path("tokens"));
  std::ofstream{path("conf")} << "directories.tokendir = " << path("tokens")
                              << "\nobjectstore.backend = file\nlog.level = ERROR\n";
  setenv("SOFTHSM2_CONF", path("conf").c_str(), 1);
  run(std::string{"softhsm2-util --init-token --free --label '"} + kLabel + "' --pin " +
      std::string{kPin} + " --so-pin " + std::string{kSoPin} + " >/dev/null");
}

Store::~Store() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error(command);
}

base::Secret secret(std::string_view text) {
  base::Secret out;
  for (const char c : text) REQUIRE(out.push(static_cast<std::uint8_t>(c)));
  return out;
}

base::Bytes octets(std::string_view text) {
  const auto view = base::as_bytes(text);
  return {view.begin(), view.end()};
}

base::Bytes certificate(const Store& store, const std::string& name) {
  run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " +
      store.path("key.pem") + " -subj '/CN=" + name + "' -days 30 -outform DER -out " +
      store.path("cert.der") + " 2>/dev/null");
  std::ifstream file{store.path("cert.der"), std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

unsigned long slot_of(const p11::Module& module) {
  for (const auto slot : module.slots_with_token())
    if (module.token_info(slot).label == kLabel) return slot;
  throw std::runtime_error("the test token is not there");
}

Attribute number(unsigned long type, unsigned long value) {
  base::Bytes octets(sizeof value);
  std::memcpy(octets.data(), &value, sizeof value);
  return {type, octets};
}

Attribute flag(unsigned long type, bool value) { return {type, base::Bytes(1, value)}; }

Attribute text(unsigned long type, std::string_view value) { return {type, octets(value)}; }

unsigned long create(const p11::Session& session, std::vector<Attribute> attributes) {
  auto list = raw(attributes);
  unsigned long handle = 0;
  p11::call(session.module(), "C_CreateObject", &CK_FUNCTION_LIST::C_CreateObject, session.handle(),
            list.data(), static_cast<unsigned long>(list.size()), &handle);
  return handle;
}

std::map<unsigned long, base::Bytes> object(std::vector<Attribute> attributes) {
  std::map<unsigned long, base::Bytes> out;
  for (auto& one : attributes) out[one.type] = std::move(one.value);
  return out;
}

void put_certificate(const p11::Session& session, std::string_view label, std::string_view id,
                     const base::Bytes& der) {
  create(session, {number(CKA_CLASS, CKO_CERTIFICATE),
                   number(CKA_CERTIFICATE_TYPE, CKC_X_509),
                   flag(CKA_TOKEN, true),
                   flag(CKA_PRIVATE, false),
                   text(CKA_LABEL, label),
                   text(CKA_ID, id),
                   text(CKA_SUBJECT, "s"),
                   {CKA_VALUE, der}});
}

void put_data(const p11::Session& session, std::string_view label, const base::Bytes& value,
              bool is_private) {
  create(session, {number(CKA_CLASS, CKO_DATA),
                   flag(CKA_TOKEN, true),
                   flag(CKA_PRIVATE, is_private),
                   text(CKA_LABEL, label),
                   text(CKA_APPLICATION, "practice"),
                   {CKA_VALUE, value}});
}

void make_key_pair(const p11::Session& session, bool rsa, std::string_view id) {
  std::vector<Attribute> open{flag(CKA_TOKEN, true), flag(CKA_PRIVATE, false), text(CKA_ID, id),
                              flag(CKA_VERIFY, true)};
  if (rsa) {
    open.push_back(number(CKA_MODULUS_BITS, 1024));
    open.push_back({CKA_PUBLIC_EXPONENT, {1, 0, 1}});
  } else {
    open.push_back({CKA_EC_PARAMS, *base::unhex("06082a8648ce3d030107")});
  }
  std::vector<Attribute> hidden{flag(CKA_TOKEN, true),     flag(CKA_PRIVATE, true),
                                text(CKA_ID, id),          flag(CKA_SIGN, true),
                                flag(CKA_SENSITIVE, true), flag(CKA_DECRYPT, false)};
  auto first = raw(open);
  auto second = raw(hidden);
  CK_MECHANISM how{rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  unsigned long public_key = 0;
  unsigned long private_key = 0;
  p11::call(session.module(), "C_GenerateKeyPair", &CK_FUNCTION_LIST::C_GenerateKeyPair,
            session.handle(), &how, first.data(), static_cast<unsigned long>(first.size()),
            second.data(), static_cast<unsigned long>(second.size()), &public_key, &private_key);
}

long Recorder::count(std::string_view call) const {
  return std::count(calls->begin(), calls->end(), call);
}

}  // namespace ukey::tests
