#include "envelope/ber.hpp"

#include <algorithm>
#include <array>

namespace ukey::envelope {

namespace {

constexpr std::size_t kMostDepth = 32;
constexpr std::size_t kMostPieces = 5;  // nested constructed strings; OpenSSL takes as many
constexpr unsigned kHighTag = 0x1f;
constexpr std::uint8_t kIndefinite = 0x80;
constexpr std::uint64_t kMostLength = std::uint64_t{1} << 62;

}  // namespace

std::uint8_t BerWalker::octet() {
  std::uint8_t out = 0;
  stream_.take({&out, 1});
  return out;
}

void BerWalker::spend(std::size_t octets) {
  if (octets > left_) refuse();
  left_ -= octets;
}

/// Where the innermost element of definite length ends; those inside it end within.
std::optional<std::uint64_t> BerWalker::limit() const {
  for (auto end = ends_.rbegin(); end != ends_.rend(); ++end)
    if (*end) return *end;
  return std::nullopt;
}

std::uint64_t BerWalker::length_of(BerHead& head, std::uint8_t first) {
  if ((first & 0x80) == 0) return first;
  const unsigned count = first & 0x7fU;
  if (count == 0 || count > sizeof(std::uint64_t)) refuse();
  std::uint64_t length = 0;
  for (unsigned i = 0; i < count; ++i) {
    head.octets.push_back(octet());
    length = (length << 8) | head.octets.back();
  }
  if (length > kMostLength) refuse();
  return length;
}

BerHead BerWalker::next() {
  BerHead head;
  const auto identifier = octet();
  head.octets.push_back(identifier);
  head.tag_class = static_cast<x509::DerClass>(identifier >> 6);
  head.constructed = (identifier & 0x20) != 0;
  head.tag = identifier & kHighTag;
  if (head.tag == kHighTag || identifier == 0) refuse();
  head.octets.push_back(octet());
  const auto first = head.octets.back();
  if (first != kIndefinite)
    head.length = length_of(head, first);
  else if (!head.constructed)
    refuse();
  const auto end = limit();
  if (end && (stream_.position() > *end || head.length.value_or(0) > *end - stream_.position()))
    refuse();
  return head;
}

void BerWalker::enter(const BerHead& head) {
  if (!head.constructed || ends_.size() == kMostDepth) refuse();
  if (head.length)
    ends_.emplace_back(stream_.position() + *head.length);
  else
    ends_.emplace_back(std::nullopt);
}

bool BerWalker::at_end() {
  if (ends_.back()) return stream_.position() == *ends_.back();
  const auto ahead = stream_.peek(2);
  return ahead.size() == 2 && ahead[0] == 0 && ahead[1] == 0;
}

void BerWalker::leave() {
  if (!at_end()) refuse();
  const bool indefinite = !ends_.back();
  ends_.pop_back();
  if (!indefinite) return;
  stream_.skip(2);
  if (const auto end = limit(); end && stream_.position() > *end) refuse();
}

base::Bytes BerWalker::whole(const BerHead& head) {
  base::Bytes out = head.octets;
  spend(out.size());
  if (head.length) {
    if (*head.length > left_) refuse();
    const auto size = static_cast<std::size_t>(*head.length);
    spend(size);
    out.resize(out.size() + size);
    stream_.take(std::span{out}.last(size));
    return out;
  }
  enter(head);
  while (!at_end()) {
    const auto inner = whole(next());
    out.insert(out.end(), inner.begin(), inner.end());
  }
  leave();
  spend(2);
  out.insert(out.end(), 2, 0);
  return out;
}

void BerWalker::pass(const BerHead& head) {
  if (head.length) return stream_.skip(*head.length);
  enter(head);
  while (!at_end()) pass(next());
  leave();
}

void BerString::open(const BerHead& head) {
  if (!head.constructed) {
    piece_ = *head.length;
    return;
  }
  if (nesting_ == kMostPieces) refuse();
  walker_.enter(head);
  ++nesting_;
}

/// Goes on to a primitive piece that has octets; false when there is none left.
bool BerString::next_piece() {
  while (piece_ == 0) {
    if (nesting_ == 0) return false;
    if (walker_.at_end()) {
      walker_.leave();
      --nesting_;
      continue;
    }
    const auto head = walker_.next();
    if (!head.is(x509::kOctetString)) refuse();
    open(head);
  }
  return true;
}

std::size_t BerString::read(std::span<std::uint8_t> room) {
  if (room.empty() || !next_piece()) return 0;
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece_, room.size()));
  const std::size_t got = walker_.read(room.first(wanted));
  if (got == 0) refuse();
  piece_ -= got;
  return got;
}

void BerString::finish() {
  while (next_piece()) {
    walker_.skip(piece_);
    piece_ = 0;
  }
}

}  // namespace ukey::envelope
