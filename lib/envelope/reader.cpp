#include "envelope/reader.hpp"

#include <algorithm>
#include <array>

namespace ukey::envelope {

namespace {

using model::EnvelopeKind;

constexpr std::size_t kMostFrame = 256 * 1024;
constexpr unsigned kSet = 17;

struct KnownType {
  EnvelopeKind kind;
  std::array<std::uint8_t, 11> oid;
  std::size_t size;
};

// clang-format off
constexpr KnownType kTypes[] = {
  {EnvelopeKind::enveloped, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03}, 9},                     // PKCS#7
  {EnvelopeKind::signed_and_enveloped, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x04}, 9},
  {EnvelopeKind::auth_enveloped, {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x17}, 11},   // RFC 5083
  {EnvelopeKind::enveloped, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x03}, 10},              // GM/T 0010
  {EnvelopeKind::signed_and_enveloped, {0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x04}, 10},
};
// clang-format on

BerHead require(BerHead head, bool right) {
  if (!right) refuse();
  return head;
}

bool is_set(const BerHead& head) {
  return head.tag_class == x509::DerClass::universal && head.tag == kSet && head.constructed;
}

}  // namespace

base::ByteView content_type_of(base::ByteView beginning) {
  if (beginning.size() < 2 || beginning[0] != 0x30) return {};
  const std::size_t length_octets = (beginning[1] & 0x80) != 0 ? beginning[1] & 0x7fU : 0U;
  if (length_octets > 8 || beginning.size() < 4 + length_octets) return {};
  const auto rest = beginning.subspan(2 + length_octets);
  const std::size_t size = rest[1];
  if (rest[0] != x509::kOid || rest.size() < 2 + size) return {};
  return rest.subspan(2, size);
}

std::optional<EnvelopeKind> kind_of(base::ByteView beginning) {
  const auto oid = content_type_of(beginning);
  for (const auto& known : kTypes)
    if (std::ranges::equal(oid, base::ByteView{known.oid.data(), known.size})) return known.kind;
  return std::nullopt;
}

Reader::Reader(Stream& stream) : walker_(stream, kMostFrame), content_(walker_) {
  const auto kind = kind_of(stream.peek(64));
  if (!kind) refuse();
  frame_.kind = *kind;
  walker_.enter(walker_.next());  // ContentInfo
  walker_.pass(walker_.next());   // contentType
  auto head = walker_.next();     // content
  walker_.enter(require(head, head.is_context(0)));
  head = walker_.next();  // EnvelopedData
  walker_.enter(require(head, head.is(x509::kSequence)));
  read_head();
}

void Reader::read_head() {
  auto head = walker_.next();
  frame_.version = walker_.whole(require(head, head.is(x509::kInteger)));
  head = walker_.next();
  if (head.is_context(0)) {
    frame_.originator = walker_.whole(head);
    head = walker_.next();
  }
  frame_.recipients = walker_.whole(require(head, is_set(head)));
  head = walker_.next();
  if (frame_.kind == EnvelopeKind::signed_and_enveloped) {
    walker_.pass(require(head, is_set(head)));  // digestAlgorithms
    head = walker_.next();
  }
  walker_.enter(require(head, head.is(x509::kSequence)));  // EncryptedContentInfo
  head = walker_.next();
  frame_.content_type = walker_.whole(require(head, head.is(x509::kOid)));
  head = walker_.next();
  frame_.algorithm = walker_.whole(require(head, head.is(x509::kSequence)));
  if (walker_.at_end()) refuse();  // the content lies elsewhere
  head = walker_.next();
  content_.open(require(head, head.is_context(0)));
}

std::size_t Reader::read(std::span<std::uint8_t> room) { return content_.read(room); }

void Reader::finish() {
  content_.finish();
  walker_.leave();  // EncryptedContentInfo
  read_tail();
  for (int i = 0; i < 3; ++i) walker_.leave();  // EnvelopedData, [0], ContentInfo
}

void Reader::read_tail() {
  const bool authenticated = frame_.kind == EnvelopeKind::auth_enveloped;
  while (!walker_.at_end()) {
    const auto head = walker_.next();
    if (authenticated && head.is(x509::kOctetString) && frame_.mac.empty()) {
      frame_.mac = walker_.whole(head);
      continue;
    }
    if (authenticated && head.is_context(1)) frame_.authenticated_attributes = true;
    walker_.pass(head);
  }
  if (authenticated && frame_.mac.empty()) refuse();
}

}  // namespace ukey::envelope
