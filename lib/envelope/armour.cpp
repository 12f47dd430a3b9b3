#include "envelope/armour.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace ukey::envelope {

namespace {

constexpr std::array<std::string_view, 2> kBegins{"-----BEGIN CMS-----", "-----BEGIN PKCS7-----"};
constexpr std::string_view kEncoding = "content-transfer-encoding";
constexpr std::size_t kMostFields = 4096;
constexpr std::string_view kMark = "\xef\xbb\xbf";  // byte-order mark

bool is_blank(std::uint8_t octet) {
  return octet == '\n' || octet == '\r' || octet == ' ' || octet == '\t';
}

/// 0 to 63; -1 for what is no base64 (RFC 4648, 4).
int value_of(std::uint8_t octet) {
  if (octet >= 'A' && octet <= 'Z') return octet - 'A';
  if (octet >= 'a' && octet <= 'z') return octet - 'a' + 26;
  if (octet >= '0' && octet <= '9') return octet - '0' + 52;
  if (octet == '+') return 62;
  return octet == '/' ? 63 : -1;
}

bool is_text(std::uint8_t octet) { return value_of(octet) >= 0 || is_blank(octet); }

/// Base64 as it streams by; ends before anything else.
class Base64 {
 public:
  explicit Base64(SharedStream stream) : stream_(std::move(stream)) {}

  std::size_t pull(std::span<std::uint8_t> room) {
    std::size_t made = 0;
    while (made < room.size() && !ended_) {
      const auto ahead = stream_->peek(Stream::kWindow);
      std::size_t used = 0;
      while (used < ahead.size() && made < room.size() && is_text(ahead[used]))
        if (take(ahead[used++])) room[made++] = static_cast<std::uint8_t>(bits_ >> held_);
      ended_ = made < room.size() && (ahead.empty() || used < ahead.size());
      stream_->skip(used);
    }
    if (made == 0 && held_ >= 6) refuse();  // a character too many
    return made;
  }

 private:
  /// True when an octet is complete: it stands above the lowest `held_` bits.
  bool take(std::uint8_t octet) {
    if (is_blank(octet)) return false;
    bits_ = ((bits_ << 6) | static_cast<unsigned>(value_of(octet))) & 0xffffU;
    held_ += 6;
    if (held_ < 8) return false;
    held_ -= 8;
    return true;
  }

  SharedStream stream_;
  unsigned bits_ = 0;
  unsigned held_ = 0;
  bool ended_ = false;
};

SharedStream decoded(const SharedStream& stream) {
  const auto text = std::make_shared<Base64>(stream);
  return std::make_shared<Stream>(
      [text](std::span<std::uint8_t> room) { return text->pull(room); });
}

/// Header fields of a MIME message at the beginning of `text`: their size with the empty line after
/// them, in lower case with long lines joined; absent when it begins with none.
struct Fields {
  std::size_t size;
  std::string text;
};

std::optional<Fields> fields_of(std::string_view text) {
  Fields out{0, "\n"};
  while (out.size < text.size()) {
    const auto end = text.find('\n', out.size);
    if (end == std::string_view::npos) return std::nullopt;
    const auto line = text.substr(out.size, end - out.size);
    const bool goes_on = line.starts_with(' ') || line.starts_with('\t');
    out.size = end + 1;
    if (base::trimmed(line).empty()) return out;
    if (goes_on && out.text.size() > 1) out.text.pop_back();
    if (!goes_on && line.find(':') == std::string_view::npos) return std::nullopt;
    out.text += base::ascii_lower(line) + "\n";
  }
  return std::nullopt;
}

std::string value_in(const Fields& fields, std::string_view name) {
  const auto at = fields.text.find("\n" + std::string{name} + ":");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 2;
  return std::string{base::trimmed(fields.text.substr(from, fields.text.find('\n', from) - from))};
}

bool is_mime(const Fields& fields) {
  const auto type = value_in(fields, "content-type");
  return type.starts_with("application/pkcs7-mime") || type.starts_with("application/x-pkcs7-mime");
}

bool is_base64(std::string_view text) {
  return text.size() >= 16 && text.starts_with("M") &&
         std::ranges::all_of(base::as_bytes(text),
                             [](std::uint8_t octet) { return octet == '=' || is_text(octet); });
}

}  // namespace

SharedStream unarmoured(const SharedStream& stream) {
  if (base::as_text(stream->peek(kMark.size())) == kMark) stream->skip(kMark.size());
  const auto first = stream->peek(1);
  if (first.empty() || first[0] == 0x30) return stream;
  const auto text = base::as_text(stream->peek(Stream::kWindow));
  for (const auto begin : kBegins) {
    const auto at = text.find(begin);
    if (at == std::string_view::npos || (at > 0 && text[at - 1] != '\n')) continue;
    stream->skip(at + begin.size());
    return decoded(stream);
  }
  if (const auto fields = fields_of(text); fields && is_mime(*fields)) {
    stream->skip(fields->size);
    return value_in(*fields, kEncoding) == "binary" ? stream : decoded(stream);
  }
  return is_base64(text.substr(0, 256)) ? decoded(stream) : stream;
}

SharedStream unarmoured_part(const SharedStream& stream) {
  const auto text = base::as_text(stream->peek(kMostFields));
  if (!text.starts_with("--")) return nullptr;
  const auto* const begin =
      std::ranges::find_if(kBegins, [text](auto known) { return text.starts_with(known); });
  std::size_t used = 0;
  if (begin != kBegins.end()) {
    used = begin->size();
  } else {
    const auto line = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto fields = fields_of(text.substr(line));
    if (!fields || value_in(*fields, kEncoding) != "base64") return nullptr;
    used = line + fields->size;
  }
  stream->skip(used);
  return decoded(stream);
}

}  // namespace ukey::envelope
