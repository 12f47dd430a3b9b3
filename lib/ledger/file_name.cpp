#include "ledger/file_name.hpp"

#include <cstdint>

#include "base/bytes.hpp"

namespace ukey::ledger {

namespace {

/// FNV-1a, 64 bits.
std::uint64_t mixed(std::string_view text) {
  std::uint64_t out = 0xcbf29ce484222325ULL;
  for (const char c : text) out = (out ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return out;
}

}  // namespace

std::string file_name(std::string_view readable, std::string_view whole) {
  std::string out;
  for (const char c : readable.substr(0, 32)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    out += plain ? c : '_';
  }
  return out + "-" + base::hex_number(mixed(whole)).substr(2);
}

}  // namespace ukey::ledger
