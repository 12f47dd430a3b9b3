#include "p11/evp_key.hpp"

#include <libp11.h>
#include <openssl/evp.h>

#include <utility>

#include "p11/keyhole.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

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

  /// Null when libp11 does not understand what the token says of the key.
  [[nodiscard]] EVP_PKEY* make_key() {
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

  /// Makes libp11 drop its own reference to the EVP_PKEY; it makes no call here.
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

/// SM2 is no ECDSA, although its keys look alike.
[[nodiscard]] bool usable(const EVP_PKEY* key) {
  const int type = EVP_PKEY_get_base_id(key);
  return (type == EVP_PKEY_RSA || type == EVP_PKEY_EC) && EVP_PKEY_get_bits(key) > 0;
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
  if (!use->key || !usable(use->key)) throw Error(Code::not_supported, base::hex(id));
  if (!give_share(use->key, use->context)) throw Error(Code::bug, "EVP_PKEY");
  return TokenKey{std::move(use)};
}

evp_pkey_st* TokenKey::get() const { return use_->key; }

std::optional<base::Error> TokenKey::failure() const { return use_->context->keyhole().failure(); }

}  // namespace ukey::p11
