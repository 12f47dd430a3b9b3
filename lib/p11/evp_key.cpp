#include "p11/evp_key.hpp"

#include <libp11.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <p11-kit/pkcs11.h>

#include <mutex>
#include <utility>

#include "p11/keyhole.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

template <class T, auto Free>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
template <class T, auto Free>
using Owned = std::unique_ptr<T, Freed<T, Free>>;

template <class T>
T* decoded(T* (*decode)(T**, const unsigned char**, long), base::ByteView der) {
  const unsigned char* at = der.data();
  return decode(nullptr, &at, static_cast<long>(der.size()));
}

/// A curve with a name that is for ECDSA; SM2 is not, although its keys look alike.
int curve_of(base::ByteView parameters) {
  const Owned<ASN1_OBJECT, ASN1_OBJECT_free> name{decoded(d2i_ASN1_OBJECT, parameters)};
  const int nid = name ? OBJ_obj2nid(name.get()) : NID_undef;
  return nid == NID_sm2 ? NID_undef : nid;
}

/// libp11 leaves out what it does not understand of an EC key, and OpenSSL crashes on such a key.
bool point_on_curve(base::ByteView parameters, base::ByteView point) {
  const int nid = curve_of(parameters);
  const Owned<EC_GROUP, EC_GROUP_free> group{nid == NID_undef ? nullptr
                                                              : EC_GROUP_new_by_curve_name(nid)};
  if (!group) return false;
  const Owned<EC_POINT, EC_POINT_free> to{EC_POINT_new(group.get())};
  const auto fits = [&](base::ByteView octets) {
    return EC_POINT_oct2point(group.get(), to.get(), octets.data(), octets.size(), nullptr) == 1 &&
           EC_POINT_is_at_infinity(group.get(), to.get()) == 0;
  };
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> wrapped{
      decoded(d2i_ASN1_OCTET_STRING, point)};
  const bool good = wrapped && fits({ASN1_STRING_get0_data(wrapped.get()),
                                     static_cast<std::size_t>(ASN1_STRING_length(wrapped.get()))});
  return good || fits(point);  // some modules give the bare point
}

bool understood(const Keyhole& keyhole) {
  const auto parameters = keyhole.value(CKA_EC_PARAMS);
  return parameters.empty() || point_on_curve(parameters, keyhole.value(CKA_EC_POINT));
}

/// libp11's view of a keyhole. It must outlive the EVP_PKEY, which libp11 made to point into it.
class Context {
 public:
  Context(const Session& session, base::ByteView id) : keyhole_(session, id) {}
  ~Context() {
    if (slots_) PKCS11_release_all_slots(context_, slots_, count_);
    if (loaded_) PKCS11_CTX_unload(context_);
    if (context_) PKCS11_CTX_free(context_);
  }
  Context(const Context&) = delete;  // freed once
  Context& operator=(const Context&) = delete;

  /// Null when what the token says of the key is not understood.
  [[nodiscard]] EVP_PKEY* make_key() {
    if (!understood(keyhole_)) return nullptr;
    // libp11 makes its methods at their first use, unguarded; no call to a token can hang in here.
    static std::mutex one_at_a_time;
    const std::lock_guard guard{one_at_a_time};
    const Keyhole::Shown shown{keyhole_};
    context_ = PKCS11_CTX_new();
    loaded_ = context_ && PKCS11_CTX_load(context_, "") == 0;
    if (!loaded_ || PKCS11_enumerate_slots(context_, &slots_, &count_) != 0 || count_ != 1)
      throw Error(Code::bug, "libp11");
    PKCS11_KEY* keys = nullptr;
    unsigned int count = 0;
    if (PKCS11_enumerate_keys(slots_->token, &keys, &count) != 0 || count != 1) return nullptr;
    return PKCS11_get_private_key(keys);
  }

  /// Makes libp11 drop its own reference to the EVP_PKEY: having logged nobody in, it logs nobody
  /// out.
  void forget_key() { PKCS11_logout(slots_); }

  [[nodiscard]] const Keyhole& keyhole() const { return keyhole_; }

 private:
  Keyhole keyhole_;
  PKCS11_CTX* context_ = nullptr;
  bool loaded_ = false;
  PKCS11_SLOT* slots_ = nullptr;
  unsigned int count_ = 0;
};

using Share = std::shared_ptr<Context>;

void drop_share(void*, void* share, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<Share*>(share);
}

int refuse_copy(CRYPTO_EX_DATA*, const CRYPTO_EX_DATA*, void**, int, long, void*) { return 0; }

/// Who holds the EVP_PKEY longer than its TokenKey keeps the context too: OpenSSL frees this last.
[[nodiscard]] bool give_share(EVP_PKEY* key, const Share& context) {
  static const int index = EVP_PKEY_get_ex_new_index(0, nullptr, nullptr, refuse_copy, drop_share);
  auto share = std::make_unique<Share>(context);
  if (index < 0 || EVP_PKEY_set_ex_data(key, index, share.get()) != 1) return false;
  (void)share.release();
  return true;
}

}  // namespace

struct TokenKey::Use {
  Use(const Session& session, base::ByteView id)
      : context(std::make_shared<Context>(session, id)) {}
  ~Use() {
    if (key) context->forget_key();
    EVP_PKEY_free(key);
  }
  Use(const Use&) = delete;  // freed once
  Use& operator=(const Use&) = delete;

  Share context;
  EVP_PKEY* key = nullptr;
};

TokenKey TokenKey::open(const Session& session, base::ByteView id) {
  auto use = std::make_shared<Use>(session, id);
  use->key = use->context->make_key();
  if (!use->key || EVP_PKEY_get_bits(use->key) <= 0)
    throw Error(Code::not_supported, base::hex(id));
  if (!give_share(use->key, use->context)) throw Error(Code::bug, "EVP_PKEY");
  return TokenKey{std::move(use)};
}

evp_pkey_st* TokenKey::get() const { return use_->key; }

std::optional<base::Error> TokenKey::failure() const { return use_->context->keyhole().failure(); }

}  // namespace ukey::p11
