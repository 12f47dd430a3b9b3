// The one door that every call goes through on its way to SoftHSM: count, delay, fault, unplugging,
// the act, fault. What a practice token does otherwise than SoftHSM is an Act of its own; the door
// refuses to know which.
#pragma once

#include <p11-kit/pkcs11.h>

#include <new>
#include <tuple>

#include "practice/module/fault.hpp"
#include "practice/module/functions.hpp"
#include "practice/module/instance.hpp"

namespace ukey::practice {

/// What a call does once it is let through: forwards to the copy of SoftHSM that its slot or
/// session belongs to, unless acts.hpp says otherwise.
template <auto Member>
struct Act {
  template <typename... Arguments>
  static CK_RV call(Instance& instance, unsigned long number, Arguments... arguments) {
    constexpr bool in_session = kFunction<Member>.subject == Subject::session;
    const auto below = in_session ? instance.below_session(number) : instance.below_slot(number);
    return (below.functions->*Member)(below.number, arguments...);
  }
};

/// The exported function for a member of CK_FUNCTION_LIST.
template <auto Member>
struct Door;

template <typename... Arguments, CK_RV (*CK_FUNCTION_LIST::*Member)(Arguments...)>
struct Door<Member> {
  static CK_RV call(Arguments... arguments) noexcept {
    try {
      return passed(arguments...);
    } catch (const Instance::Refused& refused) {
      return refused.rv;
    } catch (const std::bad_alloc&) {
      return CKR_HOST_MEMORY;
    } catch (const std::exception&) {  // the drawer cannot be read or written
      return CKR_DEVICE_ERROR;
    }
  }

 private:
  static CK_RV passed(Arguments... arguments) {
    constexpr auto function = kFunction<Member>;
    const auto instance = current();
    if (!instance) return CKR_CRYPTOKI_NOT_INITIALIZED;
    unsigned long number = 0;
    if constexpr (function.subject != Subject::library)
      number = std::get<0>(std::tuple(arguments...));
    const auto turn = gauntlet().enter(function.name, instance->token_of(function.subject, number));
    if (function.name != "C_GetInfo") gauntlet().delay();
    if (const auto rv = gauntlet().strike(turn, false)) return *rv;
    if (const auto rv = instance->refusal(function.subject, number)) return *rv;
    const auto rv = Act<Member>::call(*instance, arguments...);
    return gauntlet().strike(turn, true).value_or(rv);
  }
};

}  // namespace ukey::practice
