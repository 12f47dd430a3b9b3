#include "p11/uri.hpp"

#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr std::string_view kScheme = "pkcs11:";
constexpr std::string_view kPinValue = "pin-value";
constexpr std::string_view kPinSource = "pin-source";
constexpr CK_SLOT_ID kAnySlot = static_cast<CK_SLOT_ID>(-1);  // as p11-kit has it

constexpr auto kWritable = static_cast<P11KitUriType>(  // p11-kit leaves out what is not set
    P11_KIT_URI_FOR_TOKEN | P11_KIT_URI_FOR_SLOT);
constexpr auto kReadable =
    static_cast<P11KitUriType>(P11_KIT_URI_FOR_OBJECT_ON_TOKEN | P11_KIT_URI_FOR_SLOT);

/// The URI, writable; it frees itself.
std::shared_ptr<p11_kit_uri> new_uri() {
  std::shared_ptr<p11_kit_uri> uri{p11_kit_uri_new(), p11_kit_uri_free};
  if (!uri) throw std::bad_alloc();
  return uri;
}

/// Fills one text field; NULs are blanks, as modules that pad with them mean it.
template <std::size_t N>
void put(unsigned char (&field)[N], base::ByteView text) {
  std::fill(field, field + N, ' ');
  std::copy_n(text.begin(), std::min(N, text.size()), field);
  std::replace(field, field + N, static_cast<unsigned char>(0), static_cast<unsigned char>(' '));
}

/// The text fields: as the token holds them, or as UTF-8 when `own` is false or they were not read
/// from a token.
CK_TOKEN_INFO fields(const model::TokenInfo& token, bool own) {
  const auto choose = [own](const base::Bytes& raw, const std::string& text) {
    return own && !raw.empty() ? base::ByteView{raw} : base::as_bytes(text);
  };
  CK_TOKEN_INFO out{};
  put(out.label, choose(token.raw_label, token.label));
  put(out.manufacturerID, choose(token.raw_manufacturer, token.manufacturer));
  put(out.model, choose(token.raw_model, token.model));
  put(out.serialNumber, choose(token.raw_serial, token.serial));
  return out;
}

bool is_uri(std::string_view text) {
  return base::ascii_lower(text.substr(0, kScheme.size())) == kScheme;
}

/// True when the URI says what a slot is called.
bool names_slot(p11_kit_uri* uri) {
  const auto* const slot = p11_kit_uri_get_slot_info(uri);
  return slot->slotDescription[0] != 0 || slot->manufacturerID[0] != 0;
}

/// True when an attribute in the path or query of `uri` is called `name`.
bool has_attribute(std::string_view uri, std::string_view name) {
  uri.remove_prefix(kScheme.size());
  while (true) {
    const auto one = base::ascii_lower(base::trimmed(uri.substr(0, uri.find_first_of(";&?"))));
    if (one.substr(0, one.find('=')) == name) return true;
    const auto end = uri.find_first_of(";&?");
    if (end == std::string_view::npos) return false;
    uri.remove_prefix(end + 1);
  }
}

/// The text without its percent-encoding (RFC 3986, 2.1); what is none stays.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = text[i] == '%' ? base::unhex(text.substr(i + 1, 2)) : std::nullopt;
    if (!octet || octet->size() != 1) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(octet->front());
    i += 2;
  }
  return out;
}

/// The path in a pin-source (RFC 7512, 2.4): "file:/p", "file:///p", "file:p" or "/p". Commands and
/// other schemes are refused: ukey has its own option for them.
std::string path_of(std::string_view source) {
  constexpr std::string_view kFile = "file:";
  const bool is_file = base::ascii_lower(source.substr(0, kFile.size())) == kFile;
  if (is_file) source.remove_prefix(kFile.size());
  if (is_file && source.starts_with("//")) {
    source.remove_prefix(2);
    if (!source.starts_with('/')) source = {};  // a file on another host
  }
  if (source.empty() || (!is_file && source.front() != '/'))
    throw Error(Code::usage, std::string{kPinSource});
  return std::string{source};
}

}  // namespace

std::string token_uri(const model::TokenInfo& token, std::optional<unsigned long> slot) {
  const auto uri = new_uri();
  *p11_kit_uri_get_token_info(uri.get()) = fields(token, true);
  p11_kit_uri_set_slot_id(uri.get(), slot.value_or(kAnySlot));
  char* text = nullptr;
  if (p11_kit_uri_format(uri.get(), kWritable, &text) != P11_KIT_URI_OK || !text)
    throw std::bad_alloc();
  const std::unique_ptr<char, decltype(&std::free)> owner{text, std::free};
  return std::string{text};
}

Selector Selector::parse(std::string_view text) {
  Selector selector{text};
  if (text.empty()) throw Error(Code::usage);
  if (!is_uri(text)) return selector;
  if (has_attribute(text, kPinValue) || has_attribute(unescaped(text), kPinValue))
    throw Error(Code::usage, std::string{kPinValue}).because(base::Cause::unwanted_secret);
  const auto uri = new_uri();
  const std::string plain = std::string{kScheme}.append(text.substr(kScheme.size()));
  const bool parsed = text.find('\0') == std::string_view::npos &&
                      p11_kit_uri_parse(plain.c_str(), kReadable, uri.get()) == P11_KIT_URI_OK;
  if (parsed && p11_kit_uri_get_pin_value(uri.get()))
    throw Error(Code::usage, std::string{kPinValue}).because(base::Cause::unwanted_secret);
  if (!parsed || p11_kit_uri_any_unrecognized(uri.get()) || names_slot(uri.get()))
    throw Error(Code::usage, std::string{text});
  if (const char* source = p11_kit_uri_get_pin_source(uri.get()))
    selector.pin_source_ = path_of(source);
  if (const auto slot = p11_kit_uri_get_slot_id(uri.get()); slot != kAnySlot) selector.slot_ = slot;
  selector.uri_ = uri;
  return selector;
}

bool Selector::matches(const model::TokenInfo& token, unsigned long slot) const {
  if (!uri_) return text_ == token.serial || text_ == token.label;
  if (slot_.value_or(slot) != slot) return false;
  const auto own = fields(token, true);
  const auto decoded = fields(token, false);
  return p11_kit_uri_match_token_info(uri_.get(), &own) == 1 ||
         p11_kit_uri_match_token_info(uri_.get(), &decoded) == 1;
}

}  // namespace ukey::p11
