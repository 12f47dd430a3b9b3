#include "envelope/opening.hpp"

#include <openssl/crypto.h>

#include <memory>

#include "base/error.hpp"
#include "envelope/bio.hpp"
#include "envelope/cms.hpp"
#include "x509/der.hpp"
#include "x509/openssl.hpp"

namespace ukey::envelope {

namespace {

constexpr std::size_t kPiece = 64 * 1024;

/// The chain that OpenSSL put in front of our BIO, which is not its own.
class Chain {
 public:
  Chain(CMS_ContentInfo* cms, BIO* end) : end_(end), first_(CMS_dataInit(cms, end)) {}
  ~Chain() {
    while (first_ != nullptr && first_ != end_) {
      BIO* next = BIO_pop(first_);
      BIO_free(first_);
      first_ = next;
    }
  }
  Chain(const Chain&) = delete;             // frees once
  Chain& operator=(const Chain&) = delete;  // same
  [[nodiscard]] BIO* get() const { return first_; }
  /// True when the cipher ended as it should: padding or tag right.
  [[nodiscard]] bool right() const {
    BIO* cipher = BIO_find_type(first_, BIO_TYPE_CIPHER);
    return cipher != nullptr && BIO_get_cipher_status(cipher) == 1;
  }

 private:
  BIO* end_;
  BIO* first_;
};

/// Octets of the content in the clear, wiped when it dies.
struct Piece {
  base::Bytes octets = base::Bytes(kPiece);
  Piece() = default;
  ~Piece() { OPENSSL_cleanse(octets.data(), octets.size()); }
  Piece(const Piece&) = delete;             // a copy is a second place to wipe
  Piece& operator=(const Piece&) = delete;  // same
};

/// A tag of 12 to 16 octets (RFC 5084, 3.2): OpenSSL would be content with the first octet of it.
bool has_whole_tag(const Frame& frame) {
  if (frame.kind != model::EnvelopeKind::auth_enveloped) return true;
  base::ByteView rest{frame.mac};
  const auto tag = x509::take(rest);
  return tag && tag->is(x509::kOctetString) && !tag->constructed && tag->content.size() >= 12 &&
         tag->content.size() <= 16;
}

bool copy(BIO* from, const std::function<void(base::ByteView)>& out) {
  Piece piece;
  for (;;) {
    const int got = BIO_read(from, piece.octets.data(), static_cast<int>(piece.octets.size()));
    if (got <= 0) return got == 0;
    out(base::ByteView{piece.octets}.first(static_cast<std::size_t>(got)));
  }
}

}  // namespace

bool can_open(const Frame& frame) {
  const x509::QuietErrors quiet;
  if (frame.kind == model::EnvelopeKind::signed_and_enveloped || frame.authenticated_attributes)
    return false;
  const auto cms = decode(frame);
  const auto name = algorithm_of(frame);
  return EVP_get_cipherbyname(name.c_str()) != nullptr;
}

struct Opened::Parts {
  Frame frame;
  CmsPtr cms;
};

Opened Opened::unlock(const Frame& frame, evp_pkey_st* key, base::ByteView certificate) {
  const x509::QuietErrors quiet;
  if (!can_open(frame)) throw base::Error{base::Code::not_supported};
  if (!has_whole_tag(frame)) refuse();
  const auto owner = x509::decode_certificate(certificate);
  auto cms = decode(frame);
  if (!is_for(cms.get(), owner.get())) throw base::Error{base::Code::not_found};
  if (!envelope::unlock(cms.get(), owner.get(), key)) refuse();
  return Opened{std::make_shared<const Parts>(Parts{frame, std::move(cms)})};
}

void Opened::pour(Stream& stream, const std::function<void(base::ByteView)>& out) const {
  const x509::QuietErrors quiet;
  Reader reader{stream};
  const Bio content{[&reader](std::span<std::uint8_t> room) { return reader.read(room); }};
  {
    const Chain chain{parts_->cms.get(), content.get()};
    if (chain.get() == nullptr) refuse();
    const bool whole = copy(chain.get(), out);
    content.rethrow();
    if (!whole || !chain.right()) refuse();
  }
  reader.finish();
  if (reader.frame() != parts_->frame) refuse();  // another file than the one that was judged
}

}  // namespace ukey::envelope
