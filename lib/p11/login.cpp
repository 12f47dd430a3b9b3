#include "p11/login.hpp"

#include <p11-kit/pkcs11.h>

#include <string>
#include <utility>

#include "p11/call.hpp"

namespace ukey::p11 {

namespace {

constexpr const char* kLogin = "C_Login";

unsigned long number(User user) { return user == User::so ? CKU_SO : CKU_USER; }

}  // namespace

Login::Login(const Session& session, User user, const base::Secret* pin, bool use_final_try,
             const model::TokenInfo* meant)
    : module_(session.module()),
      slot_(session.slot()),
      session_(session.handle()),
      user_(user),
      token_(module_.token_info(slot_)) {
  require_same(meant, token_);
  require_tries(token_, user, use_final_try);
  require_fit(token_, user, pin);
  const auto octets = pin ? pin->reveal() : std::span<const std::uint8_t>{};
  const unsigned long rv =
      answer_within(pin ? Patience::usual : Patience::long_call, module_.library(), kLogin,
                    &CK_FUNCTION_LIST::C_Login, session_, number(user),
                    const_cast<unsigned char*>(octets.data()), octets.size());
  if (!joins(rv))
    throw after_refusal(module_, slot_, user, refused(module_, kLogin, rv, pin_subject(token_)));
}

bool Login::joins(unsigned long rv) {
  auto& library = module_.library();
  const std::lock_guard guard{library.mutex};
  int& holders = library.logins[{slot_, number(user_)}];
  const bool ours = rv == CKR_USER_ALREADY_LOGGED_IN && holders > 0;
  if (rv != CKR_OK && !ours) return false;
  ++holders;
  return true;
}

bool Login::let_go() {
  if (std::exchange(over_, true)) return false;
  auto& library = module_.library();
  const std::lock_guard guard{library.mutex};
  return --library.logins[{slot_, number(user_)}] == 0;
}

void Login::log_out() {
  if (let_go()) call(module_, "C_Logout", &CK_FUNCTION_LIST::C_Logout, session_);
}

Login::~Login() {
  try {
    if (let_go()) answer(module_, "C_Logout", &CK_FUNCTION_LIST::C_Logout, session_);
  } catch (...) {  // an observer that throws must not end the program here
  }
}

}  // namespace ukey::p11
