#include "p11/pin_guard.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace ukey::p11 {

using base::Code;
using base::Error;

namespace {

constexpr std::array<std::string_view, 3> kPinCalls{"C_Login", "C_SetPIN", "C_InitPIN"};

// A call without answer and a vendor's codes, which have no name, are others.
constexpr std::array<std::string_view, 11> kOpenAnswers{
    "CKR_DEVICE_ERROR",      "CKR_DEVICE_REMOVED",        "CKR_DEVICE_MEMORY",
    "CKR_TOKEN_NOT_PRESENT", "CKR_TOKEN_NOT_RECOGNIZED",  "CKR_GENERAL_ERROR",
    "CKR_FUNCTION_FAILED",   "CKR_FUNCTION_CANCELED",     "CKR_HOST_MEMORY",
    "CKR_SESSION_CLOSED",    "CKR_SESSION_HANDLE_INVALID"};

}  // namespace

const std::string& pin_subject(const model::TokenInfo& token) {
  return token.label.empty() ? token.serial : token.label;
}

Error of_user(const Error& error, User user) { return user == User::so ? error.of_so() : error; }

void require_tries(const model::TokenInfo& token, User user, bool use_final_try) {
  const bool so = user == User::so;
  const auto& flags = token.flags;
  if (so ? flags.so_locked : flags.user_locked)
    throw of_user(Error(Code::pin_locked, pin_subject(token)), user);
  if ((so ? flags.so_final_try : flags.user_final_try) && !use_final_try)
    throw of_user(Error(Code::pin_not_sent, pin_subject(token)), user);
}

void require_fit(const model::TokenInfo& token, User user, const base::Secret* pin) {
  if (!pin && !token.flags.protected_path)
    throw of_user(Error(Code::pin_missing, pin_subject(token)), user);
  if (pin && (pin->empty() || !token.takes_pin_of(pin->size())))
    throw of_user(Error(Code::pin_invalid, pin_subject(token)), user);
}

void require_same(const model::TokenInfo* meant, const model::TokenInfo& now) {
  if (meant != nullptr && !model::same_names(*meant, now))
    throw Error(Code::token_removed, pin_subject(*meant));
}

Error in_doubt(const Error& error) {
  const auto& answer = error.answer();
  if (!answer || error.cause()) return error;
  const auto is = [](std::string_view wanted) {
    return [wanted](std::string_view one) { return one == wanted; };
  };
  if (std::ranges::none_of(kPinCalls, is(answer->call))) return error;
  const bool open = answer->ckr.empty() || std::ranges::any_of(kOpenAnswers, is(answer->ckr));
  return open ? error.because(base::Cause::unsure) : error;
}

bool before_any_pin(const Error& error) {
  if (!error.answer()) return true;
  const auto& call = error.answer()->call;
  // C_GetTokenInfo comes after a refusal as well, but only its hanging is told then.
  const bool hangs = error.code() == Code::module_timeout;
  return call == "C_OpenSession" || (call == "C_GetTokenInfo" && !hangs);
}

bool failed_login(const Error& error) {
  return error.answer() && error.answer()->call == "C_Login";
}

Error after_refusal(const Module& module, unsigned long slot, User user, const Error& error) {
  const Error told = of_user(error, user);
  if (told.code() == Code::pin_locked) return told.because(base::Cause::locked_now);
  if (told.code() == Code::pin_invalid) return told.because(base::Cause::refused_form);
  if (told.code() != Code::pin_wrong) return told;
  try {
    const auto flags = module.token_info(slot).flags;
    const bool locked = user == User::so ? flags.so_locked : flags.user_locked;
    return locked ? told.because(base::Cause::locked_now) : told;
  } catch (const Error&) {  // it does not tell any more; that the PIN is wrong stays
    return told;
  }
}

}  // namespace ukey::p11
