#include "x509/crl.hpp"

#include "base/error.hpp"
#include "x509/der.hpp"

namespace ukey::x509 {

namespace {

SignedCrl decode_crl(base::ByteView der) {
  const unsigned char* at = der.data();
  CrlPtr list{d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size()))};
  if (!list || at != der.data() + der.size()) throw base::Error{base::Code::bad_input};
  auto rest = der;
  const auto outer = take(rest);
  auto content = outer ? outer->content : base::ByteView{};
  const auto tbs = take(content);
  return {std::move(list), tbs ? tbs->whole : base::ByteView{}};
}

bool sm2_verifies(const SignedCrl& crl, EVP_PKEY* key) {
  const ASN1_BIT_STRING* signature = nullptr;
  X509_CRL_get0_signature(crl.list.get(), &signature, nullptr);
  const DigestPtr digest{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* context = nullptr;
  return digest && EVP_DigestVerifyInit(digest.get(), &context, EVP_sm3(), nullptr, key) == 1 &&
         EVP_PKEY_CTX_set1_id(context, kSm2Id.data(), static_cast<int>(kSm2Id.size())) > 0 &&
         EVP_DigestVerify(digest.get(), ASN1_STRING_get0_data(signature),
                          static_cast<std::size_t>(ASN1_STRING_length(signature)), crl.tbs.data(),
                          crl.tbs.size()) == 1;
}

}  // namespace

std::vector<SignedCrl> crls_of(const std::vector<base::Bytes>& ders, const X509* leaf) {
  const QuietErrors quiet;
  std::vector<SignedCrl> named;
  for (const auto& der : ders) {
    auto crl = decode_crl(der);
    const auto* issuer = X509_CRL_get_issuer(crl.list.get());
    if (X509_NAME_cmp(issuer, X509_get_issuer_name(leaf)) == 0) named.push_back(std::move(crl));
  }
  return named;
}

bool is_signed_by(const SignedCrl& crl, X509* issuer) {
  const QuietErrors quiet;
  EVP_PKEY* key = X509_get0_pubkey(issuer);
  if (key == nullptr) return false;
  if (signed_by_sm2(X509_CRL_get_signature_nid(crl.list.get()))) return sm2_verifies(crl, key);
  return X509_CRL_verify(crl.list.get(), key) == 1;
}

}  // namespace ukey::x509
