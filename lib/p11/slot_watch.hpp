// Where tokens may have come or gone in a module since it was last asked, in one call at most while
// nothing happens. It refuses to wait inside a call, which nobody could interrupt, and to believe
// that a module tells of everything.
#pragma once

#include <cstddef>
#include <vector>

#include "p11/module.hpp"

namespace ukey::p11 {

/// A slot whose token may be another than before.
struct Suspect {
  enum class Why {
    event,  ///< the module says that something happened there
    list,   ///< it shows a token there that was not known, or the other way round
    turn    ///< nothing is known to have happened: some modules do not tell
  };
  unsigned long slot = 0;
  Why why = Why::turn;
};

class SlotWatch {
 public:
  /// What the module had to tell from before is asked away, so that events mean what comes from now
  /// on. Throws the refusal of its list of slots.
  explicit SlotWatch(const Module& module);

  /// Every slot, once: those that the module shows a token in as `list`. For the first look.
  [[nodiscard]] std::vector<Suspect> all(const Module& module) const;

  /// The suspects now; `known` are the slots with a token. Asks in turn for events
  /// (C_WaitForSlotEvent without waiting, v3.0 5.5.4; the list of slots where the module has no
  /// events) and names one slot after the other, so that what no event and no list tells is found
  /// as well: a token that another one replaced, a card that the module does not count as a token.
  /// Throws the refusal of its list of slots.
  [[nodiscard]] std::vector<Suspect> poll(const Module& module,
                                          const std::vector<unsigned long>& known);

 private:
  [[nodiscard]] std::vector<Suspect> told(const Module& module);
  [[nodiscard]] std::vector<Suspect> listed(const Module& module,
                                            const std::vector<unsigned long>& known);
  [[nodiscard]] std::vector<Suspect> in_turn(const Module& module);

  std::vector<unsigned long> slots_;
  std::size_t next_ = 0;  // of slots_, whose turn it is
  bool events_ = true;    // the module has them
  bool ask_ = false;      // which of the turns comes
  bool noted_ = false;    // the module was made to take note since its list was read
};

}  // namespace ukey::p11
