#include "practice/cmp_message.hpp"

#include <algorithm>

#include "x509/der.hpp"

namespace ukey::practice {

namespace {

using base::Bytes;
using base::ByteView;
using x509::Element;

constexpr std::size_t kMostFields = 16;
constexpr std::size_t kMostCertificates = 20;
constexpr unsigned kDirectoryName = 4;  // of GeneralName

/// The elements inside the one element that `der` is; absent when it is none, or malformed.
std::optional<std::vector<Element>> parts_of(ByteView der, std::size_t most) {
  auto rest = der;
  const auto whole = x509::take(rest);
  if (!whole || !rest.empty() || !whole->is(x509::kSequence)) return std::nullopt;
  return x509::elements(whole->content, most);
}

/// The Name in a GeneralName; empty for other kinds.
ByteView name_in(const Element& general) {
  return general.is_context(kDirectoryName) ? general.content : ByteView{};
}

ByteView octets_in(const Element& tagged) {
  auto rest = tagged.content;
  const auto octets = x509::take(rest);
  return octets && octets->is(x509::kOctetString) ? octets->content : ByteView{};
}

bool read_header(const Element& header, MessageHead& head) {
  const auto fields = x509::elements(header.content, kMostFields);
  if (!fields || fields->size() < 3) return false;
  head.sender = name_in(fields->at(1));
  head.recipient = name_in(fields->at(2));
  for (const auto& field : *fields) {
    if (&field - fields->data() < 3) continue;  // pvno and the two names
    if (field.is_context(2)) head.sender_key = octets_in(field);
    if (field.is_context(4)) head.transaction = octets_in(field);
  }
  return true;
}

bool read_certificates(const Element& tagged, MessageHead& head) {
  const auto certificates = parts_of(tagged.content, kMostCertificates);
  if (!certificates) return false;
  for (const auto& certificate : *certificates) head.certificates.push_back(certificate.whole);
  return true;
}

std::optional<base::Time> time_in(const Element& tagged) {
  auto rest = tagged.content;
  const auto time = x509::take(rest);
  return time ? x509::time(*time) : std::nullopt;
}

bool read_validity(const Element& tagged, Wish& wish) {
  const auto times = x509::elements(tagged.content, 2);
  if (!times) return false;
  for (const auto& time : *times) {
    auto& target = time.is_context(0) ? wish.not_before : wish.not_after;
    target = time_in(time);
    if (!target) return false;
  }
  return true;
}

}  // namespace

std::optional<MessageHead> read_head(ByteView message) {
  const auto parts = parts_of(message, 4);
  if (!parts || parts->size() < 2) return std::nullopt;
  MessageHead head;
  const auto& body = parts->at(1);
  if (!parts->front().is(x509::kSequence) || body.tag_class != x509::DerClass::context)
    return std::nullopt;
  head.body = body.tag;
  if (!read_header(parts->front(), head)) return std::nullopt;
  if (parts->back().is_context(1) && parts->size() > 2 && !read_certificates(parts->back(), head))
    return std::nullopt;
  return head;
}

std::optional<Wish> read_template(ByteView der) {
  const auto fields = parts_of(der, kMostFields);
  if (!fields) return std::nullopt;
  Wish wish;
  for (const auto& field : *fields) {
    if (field.is_context(4) && !read_validity(field, wish)) return std::nullopt;
    if (field.is_context(5)) wish.subject.assign(field.content.begin(), field.content.end());
    if (field.is_context(6)) {
      wish.key.assign(field.whole.begin(), field.whole.end());
      wish.key.front() = 0x30;  // the tag that stands instead of SEQUENCE's here
    }
  }
  if (wish.key.empty()) return std::nullopt;
  return wish;
}

std::optional<long> read_status(ByteView der) {
  const auto parts = parts_of(der, 3);
  return parts && !parts->empty() ? x509::integer(parts->front()) : std::nullopt;
}

}  // namespace ukey::practice
