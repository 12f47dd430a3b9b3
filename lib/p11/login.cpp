#include "p11/login.hpp"

#include <p11-kit/pkcs11.h>

#include <string>
#include <utility>

#include "p11/call.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr const char* kCall = "C_Login";

unsigned long number(User user) { return user == User::so ? CKU_SO : CKU_USER; }

const std::string& subject_of(const model::TokenInfo& token) {
  return token.label.empty() ? token.serial : token.label;
}

/// False as well when the token's numbers make no sense (none, unavailable, the least above the
/// most).
bool length_refused(const model::TokenInfo& token, std::size_t length) {
  const bool sane = token.max_pin > 0 && token.max_pin != CK_UNAVAILABLE_INFORMATION &&
                    token.min_pin <= token.max_pin;
  return sane && (length < token.min_pin || length > token.max_pin);
}

void refuse_harm(const model::TokenInfo& token, User user, const base::Secret* pin,
                 bool use_final_try) {
  const bool so = user == User::so;
  const auto& flags = token.flags;
  if (so ? flags.so_locked : flags.user_locked) throw Error(Code::pin_locked, subject_of(token));
  if ((so ? flags.so_final_try : flags.user_final_try) && !use_final_try)
    throw Error(Code::pin_not_sent, subject_of(token));
  if (!pin && !flags.protected_path) throw Error(Code::pin_missing, subject_of(token));
  if (pin && (pin->empty() || length_refused(token, pin->size())))
    throw Error(Code::pin_invalid, subject_of(token));
}

}  // namespace

Login::Login(const Session& session, User user, const base::Secret* pin, bool use_final_try)
    : module_(session.module()),
      slot_(session.slot()),
      session_(session.handle()),
      user_(user),
      token_(module_.token_info(slot_)) {
  refuse_harm(token_, user, pin, use_final_try);
  const auto octets = pin ? pin->reveal() : std::span<const std::uint8_t>{};
  const unsigned long rv =
      answer_within(pin ? Patience::usual : Patience::long_call, module_.library(), kCall,
                    &CK_FUNCTION_LIST::C_Login, session_, number(user),
                    const_cast<unsigned char*>(octets.data()), octets.size());
  auto& library = module_.library();
  const std::lock_guard guard{library.mutex};
  int& holders = library.logins[{slot_, number(user)}];
  const bool ours = rv == CKR_USER_ALREADY_LOGGED_IN && holders > 0;
  if (rv != CKR_OK && !ours) throw refusal(kCall, rv, subject_of(token_));
  ++holders;
}

Login::~Login() {
  try {
    auto& library = module_.library();
    {
      const std::lock_guard guard{library.mutex};
      if (--library.logins[{slot_, number(user_)}] > 0) return;
    }
    answer(module_, "C_Logout", &CK_FUNCTION_LIST::C_Logout, session_);
  } catch (...) {  // an observer that throws must not end the program here
  }
}

}  // namespace ukey::p11
