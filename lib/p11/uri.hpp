// PKCS#11 URIs (RFC 7512) of tokens, and how a user names one. A URI never carries a PIN, in or
// out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/token.hpp"

struct p11_kit_uri;  // of <p11-kit/uri.h>, which no other room sees

namespace ukey::p11 {

/// "pkcs11:model=…;manufacturer=…;serial=…;token=…", ASCII. It holds the token's own octets (a GBK
/// label stays GBK under the percent signs), so other programs find the token by it; a TokenInfo
/// that was not read from a token gives its UTF-8, cut to the width that PKCS#11 has for the field.
/// With `slot` ";slot-id=…" as well, for a token whose names another one has, too.
[[nodiscard]] std::string token_uri(const model::TokenInfo& token,
                                    std::optional<unsigned long> slot = {});

/// Which token is meant.
class Selector {
 public:
  /// Reads a `pkcs11:` URI, else takes the text as a serial or label. Throws Error usage: about
  /// "pin-value" when the URI has one (the PIN itself is not repeated), about "pin-source" when
  /// that is no file, else about the text: an empty one, or a URI that is malformed or asks for
  /// what a token cannot tell (its library, the names of its slot, unknown attributes).
  [[nodiscard]] static Selector parse(std::string_view text);

  /// The path of `pin-source=file:PATH` (or of a bare absolute path), absent when the URI has none.
  [[nodiscard]] std::optional<std::string> pin_source() const { return pin_source_; }

  /// A bare text: equal to the decoded serial or label. A URI: every token attribute in it is
  /// equal, compared with the token's own octets and with their UTF-8, and its `slot-id` is that of
  /// the slot which the token is in; attributes of objects in it do not count.
  [[nodiscard]] bool matches(const model::TokenInfo& token, unsigned long slot) const;

  /// As it was given.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  explicit Selector(std::string_view text) : text_(text) {}

  std::string text_;
  std::shared_ptr<const p11_kit_uri> uri_;  // null for a bare text
  std::optional<unsigned long> slot_;       // in the URI
  std::optional<std::string> pin_source_;
};

}  // namespace ukey::p11
