#include "p11/pin.hpp"

#include <p11-kit/pkcs11.h>

#include <span>

#include "p11/call.hpp"

namespace ukey::p11 {

namespace {

std::span<const std::uint8_t> octets(const base::Secret* pin) {
  return pin ? pin->reveal() : std::span<const std::uint8_t>{};
}

/// The functions take their input by pointers that are not const.
unsigned char* data(const base::Secret* pin) {
  return const_cast<unsigned char*>(octets(pin).data());
}

/// A length or characters that the token refuses are the new PIN's: the old one was taken once.
base::Error of_new_pin(const base::Error& error) {
  const bool form = error.code() == base::Code::pin_invalid;
  return form ? error.because(base::Cause::new_pin_refused) : error;
}

Patience patience(const base::Secret* pin) { return pin ? Patience::usual : Patience::long_call; }

}  // namespace

void init_pin(const Session& session, const Login& so, const base::Secret* fresh) {
  constexpr const char* kCall = "C_InitPIN";
  require_fit(so.token(), User::user, fresh);
  const auto& module = session.module();
  const unsigned long rv =
      answer_within(patience(fresh), module.library(), kCall, &CK_FUNCTION_LIST::C_InitPIN,
                    session.handle(), data(fresh), octets(fresh).size());
  if (rv != CKR_OK) throw of_new_pin(refused(module, kCall, rv, pin_subject(so.token())));
}

void set_pin(const Session& session, const base::Secret* old, const base::Secret* fresh,
             bool use_final_try, const model::TokenInfo* meant) {
  constexpr const char* kCall = "C_SetPIN";
  const auto token = session.module().token_info(session.slot());
  require_same(meant, token);
  require_tries(token, User::user, use_final_try);
  require_fit(token, User::user, old);
  require_fit(token, User::user, fresh);
  const auto& library = session.module().library();
  const unsigned long rv =
      answer_within(patience(old), library, kCall, &CK_FUNCTION_LIST::C_SetPIN, session.handle(),
                    data(old), octets(old).size(), data(fresh), octets(fresh).size());
  if (rv != CKR_OK)
    throw of_new_pin(after_refusal(session.module(), session.slot(), User::user,
                                   refused(session.module(), kCall, rv, pin_subject(token))));
}

}  // namespace ukey::p11
