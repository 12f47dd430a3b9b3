#include "x509/name.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::x509 {

namespace {

/// A Latin string type with octets above ASCII: OpenSSL would take them for ISO 8859-1, CAs wrote
/// GBK.
bool is_misused(const ASN1_STRING* value) {
  const int type = ASN1_STRING_type(value);
  const bool latin = type == V_ASN1_T61STRING || type == V_ASN1_PRINTABLESTRING ||
                     type == V_ASN1_IA5STRING || type == V_ASN1_VISIBLESTRING;
  const auto* octets = ASN1_STRING_get0_data(value);
  return latin && std::any_of(octets, octets + ASN1_STRING_length(value),
                              [](unsigned char octet) { return octet >= 0x80; });
}

/// The same name with misused strings as UTF-8; nothing when there are none.
NamePtr mended(const X509_NAME* name) {
  NamePtr copy{X509_NAME_dup(name)};
  bool any = false;
  for (int i = 0; copy && i < X509_NAME_entry_count(name); ++i) {
    auto* entry = X509_NAME_get_entry(copy.get(), i);
    const auto* value = X509_NAME_ENTRY_get_data(entry);
    if (!is_misused(value)) continue;
    any = true;
    const auto text = text_of(value);
    if (X509_NAME_ENTRY_set_data(entry, V_ASN1_UTF8STRING, base::as_bytes(text).data(),
                                 static_cast<int>(text.size())) != 1)
      throw base::Error{base::Code::bad_input};
  }
  return any ? std::move(copy) : nullptr;
}

}  // namespace

std::string name_text(const X509_NAME* name) {
  const BioPtr out{BIO_new(BIO_s_mem())};
  if (!out) throw base::Error{base::Code::bug};
  const NamePtr copy = mended(name);
  const unsigned long flags = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  if (X509_NAME_print_ex(out.get(), copy ? copy.get() : name, 0, flags) < 0)
    throw base::Error{base::Code::bad_input};
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string{};
}

std::string serial_text(const ASN1_INTEGER* serial) {
  const BnPtr number{ASN1_INTEGER_to_BN(serial, nullptr)};
  if (!number) throw base::Error{base::Code::bad_input};
  if (BN_is_zero(number.get())) return "00";
  base::Bytes octets(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), octets.data());
  return (BN_is_negative(number.get()) != 0 ? "-" : "") + base::hex(octets);
}

namespace {

/// Takes an RFC 2253 name apart, one character at a time.
class NameReader {
 public:
  explicit NameReader(std::string_view text) : text_(text) {}

  /// Attributes and their values, in the order of the text.
  std::vector<std::pair<std::string, std::string>> attributes() {
    std::vector<std::pair<std::string, std::string>> out;
    do {
      auto attribute = type();
      out.emplace_back(std::move(attribute), value());
    } while (at_ < text_.size() && text_[at_++] == ',');
    return out;
  }

 private:
  std::string type() {
    const auto end = text_.find('=', at_);
    if (end == std::string_view::npos) refuse();
    const auto name = base::trimmed(text_.substr(at_, end - at_));
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.';
    });
    if (name.empty() || !plain) refuse();
    at_ = end + 1;
    return std::string{name};
  }

  std::string value() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && text_[at_] == '#') refuse();  // a value in DER
    std::string out;
    std::size_t kept = 0;  // escaped blanks at the end belong to the value
    for (; at_ < text_.size() && text_[at_] != ','; ++at_) {
      const char c = text_[at_];
      if (c == '+' || c == '"' || c == ';' || c == '<' || c == '>' || c == '=') refuse();
      out += c == '\\' ? escaped() : c;
      if (c != ' ') kept = out.size();
    }
    out.resize(kept);
    if (out.empty() || !base::is_utf8(out)) refuse();
    return out;
  }

  char escaped() {
    if (at_ + 1 >= text_.size()) refuse();
    if (const auto octet = base::unhex(text_.substr(at_ + 1, 2)); octet && octet->size() == 1) {
      at_ += 2;
      return static_cast<char>(octet->front());
    }
    return text_[++at_];
  }

  [[noreturn]] void refuse() const { throw base::Error{base::Code::bad_input, std::string{text_}}; }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

NamePtr name_from(std::string_view text) {
  const QuietErrors quiet;
  auto attributes = NameReader{text}.attributes();
  std::reverse(attributes.begin(), attributes.end());  // RFC 2253 writes the last one first
  NamePtr name{X509_NAME_new()};
  for (const auto& [type, value] : attributes)
    if (!name || X509_NAME_add_entry_by_txt(name.get(), type.c_str(), MBSTRING_UTF8,
                                            base::as_bytes(value).data(),
                                            static_cast<int>(value.size()), -1, 0) != 1)
      throw base::Error{base::Code::bad_input, std::string{text}};
  return name;
}

}  // namespace ukey::x509
