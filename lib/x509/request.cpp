#include "x509/request.hpp"

#include "base/error.hpp"
#include "x509/name.hpp"
#include "x509/openssl.hpp"

namespace ukey::x509 {

namespace {

constexpr std::size_t kMostRequest = 1U << 20;

void must_make(bool done) {
  if (!done) throw base::Error{base::Code::bug, "PKCS#10"};
}

bool is_a(const EVP_PKEY* key, const char* kind) { return EVP_PKEY_is_a(key, kind) == 1; }

/// The digest that a request of this key is signed with.
const EVP_MD* digest_of(const EVP_PKEY* key) {
  if (is_a(key, "SM2")) return EVP_sm3();
  if (is_a(key, "RSA") || is_a(key, "EC")) return EVP_sha256();
  throw base::Error{base::Code::not_supported};
}

OctetsPtr sm2_id() {
  OctetsPtr id{ASN1_OCTET_STRING_new()};
  must_make(id &&
            ASN1_OCTET_STRING_set(id.get(), base::as_bytes(kSm2Id).data(), kSm2Id.size()) == 1);
  return id;
}

RequestPtr decode_request(base::ByteView der) {
  if (der.empty() || der.size() > kMostRequest) throw base::Error{base::Code::bad_input};
  const unsigned char* at = der.data();
  RequestPtr request{d2i_X509_REQ(nullptr, &at, static_cast<long>(der.size()))};
  if (!request || at != der.data() + der.size()) throw base::Error{base::Code::bad_input};
  if (signed_by_sm2(X509_REQ_get_signature_nid(request.get())))
    X509_REQ_set0_distinguishing_id(request.get(), sm2_id().release());
  return request;
}

base::Bytes octets_of(const X509_NAME* name) {
  unsigned char* out = nullptr;
  const int size = i2d_X509_NAME(name, &out);
  const MemoryPtr<unsigned char> owned{out};
  if (size <= 0) throw base::Error{base::Code::bad_input};
  return {out, out + size};
}

base::Bytes octets_of(const X509_PUBKEY* key) {
  unsigned char* out = nullptr;
  const int size = i2d_X509_PUBKEY(key, &out);
  const MemoryPtr<unsigned char> owned{out};
  if (size <= 0) throw base::Error{base::Code::bad_input};
  return {out, out + size};
}

void sign(X509_REQ* request, EVP_PKEY* key, const EVP_MD* digest) {
  const DigestPtr context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* parameters = nullptr;
  must_make(context && EVP_DigestSignInit(context.get(), &parameters, digest, nullptr, key) == 1);
  if (is_a(key, "SM2"))
    must_make(EVP_PKEY_CTX_set1_id(parameters, kSm2Id.data(), static_cast<int>(kSm2Id.size())) > 0);
  must_make(X509_REQ_sign_ctx(request, context.get()) > 0);
}

}  // namespace

base::Bytes make_request(base::ByteView old_certificate, evp_pkey_st* key) {
  const QuietErrors quiet;
  const auto old = decode_certificate(old_certificate);
  const auto* digest = digest_of(key);
  const auto* subject = X509_get_subject_name(old.get());
  const RequestPtr made{X509_REQ_new()};
  must_make(made && X509_REQ_set_version(made.get(), X509_REQ_VERSION_1) == 1);
  must_make(X509_REQ_set_subject_name(made.get(), subject) == 1);
  must_make(X509_REQ_set_pubkey(made.get(), key) == 1);
  sign(made.get(), key, digest);
  unsigned char* out = nullptr;
  const int size = i2d_X509_REQ(made.get(), &out);
  const MemoryPtr<unsigned char> owned{out};
  must_make(size > 0);
  base::Bytes der(out, out + size);
  must_make(request_verifies(der) && request_info(der).subject_der == octets_of(subject));
  return der;
}

RequestInfo request_info(base::ByteView request) {
  const QuietErrors quiet;
  const auto read = decode_request(request);
  const auto* subject = X509_REQ_get_subject_name(read.get());
  return {name_text(subject), octets_of(subject), octets_of(X509_REQ_get_X509_PUBKEY(read.get()))};
}

bool request_verifies(base::ByteView request) {
  const QuietErrors quiet;
  try {
    const auto read = decode_request(request);
    EVP_PKEY* key = X509_REQ_get0_pubkey(read.get());
    return key != nullptr && X509_REQ_verify(read.get(), key) == 1;
  } catch (const base::Error& error) {
    if (error.code() != base::Code::bad_input) throw;
    return false;
  }
}

bool answers_request(base::ByteView certificate, base::ByteView request) {
  const QuietErrors quiet;
  const auto theirs = decode_certificate(certificate);
  const auto ours = decode_request(request);
  const EVP_PKEY* key = X509_REQ_get0_pubkey(ours.get());
  const EVP_PKEY* answered = X509_get0_pubkey(theirs.get());
  return key != nullptr && answered != nullptr && EVP_PKEY_eq(key, answered) == 1;
}

std::string request_pem(base::ByteView request) {
  const BioPtr out{BIO_new(BIO_s_mem())};
  must_make(out && PEM_write_bio(out.get(), PEM_STRING_X509_REQ, "", request.data(),
                                 static_cast<long>(request.size())) > 0);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace ukey::x509
