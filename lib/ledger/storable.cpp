#include "ledger/storable.hpp"

#include "base/text.hpp"

namespace ukey::ledger {

std::string storable(const std::string& text) {
  std::string out = base::is_utf8(text) ? text : base::decoded(base::as_bytes(text));
  for (auto at = out.find('\0'); at != std::string::npos; at = out.find('\0', at))
    out.replace(at, 1, "\\x00");
  return out;
}

}  // namespace ukey::ledger
