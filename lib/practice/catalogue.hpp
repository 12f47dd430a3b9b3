// The nine tokens of a practice drawer as data: who holds them, which CA, how many days are left,
// which seals. Whom they name does not exist; it refuses anything that could be taken for a real
// unit or person.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/time.hpp"

namespace ukey::practice {

/// Where all of them were issued.
inline constexpr base::Zone kBeijing{std::chrono::hours(8)};

/// One a token; the symbol with "-" for "_" is its name.
enum class PracticeKind {
  master_due,
  master,
  sub_due,
  master_expired,
  jsca,
  master_no_legal_seal,
  expert,
  locked,
  blank
};

/// The three intermediate CAs of the practice chain.
enum class Brand { bjca, hbca, jsca };

/// What is to be on one token.
struct Entry {
  PracticeKind kind = PracticeKind::blank;
  std::string_view name;    ///< as on the command line
  std::string_view label;   ///< of the token, UTF-8, at most 32 octets
  std::string_view holder;  ///< CN; of an enterprise O too; "" for no certificate
  std::string_view
      stem;  ///< eight characters that the enterprise's numbers are made from; "" for an individual
  Brand brand = Brand::bjca;
  int days_left = 0;  ///< calendar days in Beijing from the day of making to the day of notAfter
  bool unit_seal = false;
  bool legal_seal = false;
  bool signature = false;
  bool locked = false;  ///< the user PIN
};

/// All nine, in the order in which they are made and listed.
[[nodiscard]] std::span<const Entry> catalogue();

/// The entry of that name; null for none.
[[nodiscard]] const Entry* find_entry(std::string_view name);

}  // namespace ukey::practice
