// What a token and its module say of themselves. Plain data; every text is decoded UTF-8, still
// unescaped.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace ukey::model {

/// CK_TOKEN_INFO flags that matter here (PKCS#11 v3.0, 4.4 "CKF_…"), read live, never from a cache.
struct TokenFlags {
  bool initialised = false;
  bool login_required = false;
  bool write_protected = false;
  bool protected_path = false;  ///< PINs are typed on the token itself
  bool user_pin_set = false;    ///< CKF_USER_PIN_INITIALIZED
  bool user_count_low = false;
  bool user_final_try = false;
  bool user_locked = false;
  bool user_to_be_changed = false;
  bool so_count_low = false;
  bool so_final_try = false;
  bool so_locked = false;
  bool so_to_be_changed = false;
};

/// What tells tokens apart where the serial number does: CK_TOKEN_INFO without the label, which may
/// change.
struct TokenIdentity {
  std::string manufacturer, model, serial;
  auto operator<=>(const TokenIdentity&) const = default;
};

/// CK_TOKEN_INFO. Memory sizes are octets; absent when the token does not tell.
struct TokenInfo {
  std::string manufacturer;
  std::string model;
  std::string serial;
  std::string label;
  TokenFlags flags;
  unsigned long min_pin = 0;
  unsigned long max_pin = 0;
  std::optional<unsigned long> total_public_memory, free_public_memory;
  std::optional<unsigned long> total_private_memory, free_private_memory;
  std::string hardware_version;  ///< "1.2"
  std::string firmware_version;
  /// The text fields as the token holds them, undecoded (32, 32, 16 and 16 octets); empty when not
  /// read from a token.
  base::Bytes raw_label, raw_manufacturer, raw_model, raw_serial;
  bool serial_shared = false;  ///< another token that was seen has this serial number too

  [[nodiscard]] TokenIdentity identity() const { return {manufacturer, model, serial}; }

  /// False when the token takes no PIN of `length` octets; its limits are inclusive. True when they
  /// make no sense (none, unavailable, the least above the most).
  [[nodiscard]] bool takes_pin_of(std::size_t length) const {
    constexpr unsigned long kUnavailable = ~0UL;
    const bool sane = max_pin > 0 && max_pin != kUnavailable && min_pin <= max_pin;
    return !sane || (length >= min_pin && length <= max_pin);
  }
};

/// The token as every document names it.
struct TokenRef {
  std::string uri;  ///< RFC 7512, never with a PIN; with the slot where the names fit another too
  std::string serial, label, manufacturer, model;
  std::string selector;              ///< for `--token`: fits this token alone; "" when nothing does
  std::vector<std::string> modules;  ///< files that show it, the used one first
  std::optional<std::string> profile;  ///< id of the token profile it matches

  [[nodiscard]] TokenIdentity identity() const { return {manufacturer, model, serial}; }

  /// What the token says of itself as far as it is known here; the rest of it empty.
  [[nodiscard]] TokenInfo info() const {
    TokenInfo out;
    out.manufacturer = manufacturer;
    out.model = model;
    out.serial = serial;
    out.label = label;
    return out;
  }
};

/// False for a serial number that tells no token from another: blank, or zeros alone.
[[nodiscard]] inline bool is_telling(std::string_view serial) {
  return serial.find_first_not_of(" 0") != std::string_view::npos;
}

/// True when both say the same of themselves: manufacturer, model, serial number and label. Two
/// tokens may do so; then only where they were found tells them apart.
[[nodiscard]] inline bool same_names(const TokenInfo& a, const TokenInfo& b) {
  return a.identity() == b.identity() && a.label == b.label;
}

/// By what a token is known again later, to claims and records: its identity, and the label where
/// the serial number tells nothing. Tokens that share a serial number share it, too.
[[nodiscard]] inline std::string lasting_name(const TokenIdentity& token,
                                              const std::string& label) {
  return token.manufacturer + '\0' + token.model + '\0' + token.serial + '\0' +
         (is_telling(token.serial) ? "" : label);
}

enum class TokenState { ready, uninitialised, unrecognised, failed };

/// In order of severity, the first that applies to a PIN (most severe last here).
enum class PinLevel { ok, to_be_changed, not_set, count_low, final_try, locked };

struct PinState {
  PinLevel user = PinLevel::ok;
  PinLevel so = PinLevel::ok;
  std::optional<unsigned long> min_length, max_length;
  std::optional<unsigned> retry_limit;  ///< what the profile knows; PKCS#11 never tells it
};

enum class ModuleState { ready, failed };

struct ModuleRow {
  std::string file;
  std::optional<std::string> profile;  ///< id of the profile that located it
  ModuleState state = ModuleState::ready;
  std::optional<base::Error> error;
};

/// One PKCS#11 call as it went; `rv` whole, as the module returned it. A PIN is never in it.
struct CallRecord {
  std::string call;
  unsigned long rv = 0;
  std::string ckr;
  double milliseconds = 0;
};

}  // namespace ukey::model
