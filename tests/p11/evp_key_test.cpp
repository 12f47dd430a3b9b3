// Keys on a token in OpenSSL's hands.
#include "p11/evp_key.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include "tests/p11/caught.hpp"
#include "tests/p11/softhsm.hpp"

using namespace ukey;
using namespace ukey::tests;
using base::Code;
using p11::TokenKey;

namespace {

base::Bytes sign(evp_pkey_st* key, std::string_view text) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  std::size_t size = 1024;
  base::Bytes out(size);
  const auto data = base::as_bytes(text);
  const bool done = EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
                    EVP_DigestSign(context, out.data(), &size, data.data(), data.size()) == 1;
  EVP_MD_CTX_free(context);
  out.resize(done ? size : 0);
  return out;
}

bool verifies(evp_pkey_st* key, std::string_view text, const base::Bytes& signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const auto data = base::as_bytes(text);
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context, signature.data(), signature.size(), data.data(), data.size()) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

}  // namespace

TEST_CASE("an RSA key on the token signs for OpenSSL, in two calls") {
  const Store store;
  Recorder recorder;
  const auto module = p11::Module::load(kSoftHsm, recorder.door);
  auto session = p11::Session::open(module, slot_of(module), true);
  const auto pin = secret(kPin);
  const p11::Login login{session, p11::User::user, &pin, false};
  make_key_pair(session, true, "one");
  recorder.calls->clear();
  const auto key = TokenKey::open(session, octets("one"));
  CHECK(*recorder.calls == std::vector<std::string>{"C_OpenSession", "C_FindObjectsInit",
                                                    "C_FindObjects", "C_FindObjectsFinal",
                                                    "C_GetAttributeValue"});
  recorder.calls->clear();
  const auto signature = sign(key.get(), "practice");
  CHECK(*recorder.calls == std::vector<std::string>{"C_SignInit", "C_Sign"});
  CHECK(verifies(key.get(), "practice", signature));
  CHECK_FALSE(verifies(key.get(), "practise", signature));
  CHECK_FALSE(key.failure());
}
