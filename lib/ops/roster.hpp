// Who is in: each token once, with every slot of every module that shows it. It makes no call.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "ops/presence.hpp"

namespace ukey::ops {

class Roster {
 public:
  /// What is known of the token in that slot of that module; nullptr when none is.
  [[nodiscard]] const Present* at(std::size_t module, unsigned long slot) const;

  /// The slots of a module with a token.
  [[nodiscard]] std::vector<unsigned long> slots(std::size_t module) const;

  /// A token is in that slot, where none was known. `shown`: it is one to be told of. `announced`:
  /// its module has told of its coming.
  void come(std::size_t module, Present token, bool shown, bool announced);

  /// The module tells by an event of the token in that slot. False when that may be the one of its
  /// coming, which was noticed before.
  [[nodiscard]] bool announce(std::size_t module, unsigned long slot);

  /// No token is in that slot any more. Returns the one that was, when no other slot shows it and
  /// it was told of.
  [[nodiscard]] std::optional<Present> go(std::size_t module, unsigned long slot);

  /// Nothing is known of a module's slots any more.
  void forget(std::size_t module);

  /// A token that is to be told of and was not yet; from now on it was.
  [[nodiscard]] std::optional<Present> newcomer();

 private:
  struct Place {
    std::size_t module;
    Present token;  ///< as this slot shows it
    bool shown;
    bool announced;
    std::optional<Present> told;  ///< the token, as it was told of
  };

  /// What all places show, and the first place of each one's token, as join_places has it.
  [[nodiscard]] std::pair<std::vector<Present>, std::vector<std::size_t>> joined() const;
  /// The token of this place was told of.
  void tell(const std::vector<std::size_t>& first, std::size_t place, const Present& token);

  std::vector<Place> places_;
};

}  // namespace ukey::ops
