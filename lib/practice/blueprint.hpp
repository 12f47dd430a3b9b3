// What each token of a new drawer is to be: the catalogue's entries as they are, or numbered copies
// of them for a hub, each with a holder of its own. It refuses names that the catalogue lacks.
#pragma once

#include <string>
#include <vector>

#include "practice/catalogue.hpp"

namespace ukey::practice {

/// One token that is to be made.
struct Blueprint {
  const Entry* entry = nullptr;
  std::string name;     ///< in the drawer
  std::string label;    ///< UTF-8, at most 32 octets
  std::string holder;   ///< CN; of an enterprise O too; "" for no certificate
  std::string stem;     ///< of the enterprise's numbers; "" for an individual
  unsigned person = 1;  ///< the order of an individual's number
};

/// The largest number of copies.
inline constexpr unsigned kMostCopies = 256;

/// The tokens that these names of the catalogue mean, in the order of the names; none: all nine.
/// With `copies`, so many of each: "-01", "-02" and on behind name and label, and no two of one
/// holder. Throws Error{usage} with the name for an unknown or repeated one, and for copies of none
/// or more than kMostCopies.
[[nodiscard]] std::vector<Blueprint> blueprints(const std::vector<std::string>& names,
                                                unsigned copies);

/// The entry of the name that a token has in a drawer, also of a copy; null for none.
[[nodiscard]] const Entry* entry_of(std::string_view name);

}  // namespace ukey::practice
