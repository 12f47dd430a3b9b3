#include "p11/slot_watch.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>

#include "p11/call.hpp"

namespace ukey::p11 {

namespace {

using Why = Suspect::Why;

/// A module that always has an event must not keep us.
constexpr int kMostEvents = 256;

bool holds(const std::vector<unsigned long>& slots, unsigned long slot) {
  return std::ranges::find(slots, slot) != slots.end();
}

}  // namespace

SlotWatch::SlotWatch(const Module& module) {
  (void)told(module);
  slots_ = module.slots();
}

std::vector<Suspect> SlotWatch::all(const Module& module) const {
  const auto with_token = module.slots_with_token();
  std::vector<Suspect> out;
  for (const auto slot : with_token) out.push_back({slot, Why::list});
  for (const auto slot : slots_)
    if (!holds(with_token, slot)) out.push_back({slot, Why::turn});
  return out;
}

std::vector<Suspect> SlotWatch::poll(const Module& module,
                                     const std::vector<unsigned long>& known) {
  ask_ = !ask_;
  if (!ask_) return in_turn(module);
  return events_ ? told(module) : listed(module, known);
}

/// An answer that is neither an event nor none: the module has none to give, whatever it says.
std::vector<Suspect> SlotWatch::told(const Module& module) {
  std::vector<Suspect> out;
  for (int i = 0; i < kMostEvents; ++i) {
    unsigned long slot = 0;
    const unsigned long flags = CKF_DONT_BLOCK;
    const unsigned long rv =
        answer(module, "C_WaitForSlotEvent", &CK_FUNCTION_LIST::C_WaitForSlotEvent, flags, &slot,
               static_cast<void*>(nullptr));
    events_ = rv == CKR_OK || rv == CKR_NO_EVENT;
    if (rv != CKR_OK) break;
    const bool again = std::ranges::find(out, slot, &Suspect::slot) != out.end();
    if (!again) out.push_back({slot, Why::event});
  }
  return out;
}

std::vector<Suspect> SlotWatch::listed(const Module& module,
                                       const std::vector<unsigned long>& known) {
  noted_ = !noted_;
  if (noted_) {
    module.look_again();
    return {};
  }
  const auto now = module.slots_with_token();
  std::vector<Suspect> out;
  for (const auto slot : now)
    if (!holds(known, slot)) out.push_back({slot, Why::list});
  for (const auto slot : known)
    if (!holds(now, slot)) out.push_back({slot, Why::list});
  return out;
}

/// Before a round of the slots their list is read anew, in two turns: a reader that came is shown
/// only after the module was made to take note of it.
std::vector<Suspect> SlotWatch::in_turn(const Module& module) {
  if (next_ < slots_.size()) return {{slots_[next_++], Why::turn}};
  if (next_ == slots_.size()) {
    module.look_again();
    ++next_;
    return {};
  }
  slots_ = module.slots();
  next_ = 0;
  return {};
}

}  // namespace ukey::p11
