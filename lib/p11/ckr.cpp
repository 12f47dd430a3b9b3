#include "p11/ckr.hpp"

#include <p11-kit/pkcs11.h>

#include <array>
#include <utility>

namespace ukey::p11 {

namespace {

struct Row {
  unsigned long value;
  std::string_view name;
};

// PKCS#11 v3.0, 5.1 and its pkcs11t.h. The first eight are numbers of our own: the header has no
// names for three that are new in v3.0, and gives five of v2.40 (5.1.6) other numbers than the
// standard does.
constexpr unsigned long kPinTooWeak = 0x1b8;
// clang-format off
#define UKEY_CKR_NAMES(X) \
  X(OK) X(CANCEL) X(HOST_MEMORY) X(SLOT_ID_INVALID) X(GENERAL_ERROR) X(FUNCTION_FAILED) \
  X(ARGUMENTS_BAD) X(NO_EVENT) X(NEED_TO_CREATE_THREADS) X(CANT_LOCK) X(ATTRIBUTE_READ_ONLY) \
  X(ATTRIBUTE_SENSITIVE) X(ATTRIBUTE_TYPE_INVALID) X(ATTRIBUTE_VALUE_INVALID) \
  X(ACTION_PROHIBITED) X(DATA_INVALID) X(DATA_LEN_RANGE) X(DEVICE_ERROR) X(DEVICE_MEMORY) \
  X(DEVICE_REMOVED) X(ENCRYPTED_DATA_INVALID) X(ENCRYPTED_DATA_LEN_RANGE) X(FUNCTION_CANCELED) \
  X(FUNCTION_NOT_PARALLEL) X(FUNCTION_NOT_SUPPORTED) X(KEY_HANDLE_INVALID) X(KEY_SIZE_RANGE) \
  X(KEY_TYPE_INCONSISTENT) X(KEY_NOT_NEEDED) X(KEY_CHANGED) X(KEY_NEEDED) X(KEY_INDIGESTIBLE) \
  X(KEY_FUNCTION_NOT_PERMITTED) X(KEY_NOT_WRAPPABLE) X(KEY_UNEXTRACTABLE) X(MECHANISM_INVALID) \
  X(MECHANISM_PARAM_INVALID) X(OBJECT_HANDLE_INVALID) X(OPERATION_ACTIVE) \
  X(OPERATION_NOT_INITIALIZED) X(PIN_INCORRECT) X(PIN_INVALID) X(PIN_LEN_RANGE) X(PIN_EXPIRED) \
  X(PIN_LOCKED) X(SESSION_CLOSED) X(SESSION_COUNT) X(SESSION_HANDLE_INVALID) \
  X(SESSION_PARALLEL_NOT_SUPPORTED) X(SESSION_READ_ONLY) X(SESSION_EXISTS) \
  X(SESSION_READ_ONLY_EXISTS) X(SESSION_READ_WRITE_SO_EXISTS) X(SIGNATURE_INVALID) \
  X(SIGNATURE_LEN_RANGE) X(TEMPLATE_INCOMPLETE) X(TEMPLATE_INCONSISTENT) X(TOKEN_NOT_PRESENT) \
  X(TOKEN_NOT_RECOGNIZED) X(TOKEN_WRITE_PROTECTED) X(UNWRAPPING_KEY_HANDLE_INVALID) \
  X(UNWRAPPING_KEY_SIZE_RANGE) X(UNWRAPPING_KEY_TYPE_INCONSISTENT) X(USER_ALREADY_LOGGED_IN) \
  X(USER_NOT_LOGGED_IN) X(USER_PIN_NOT_INITIALIZED) X(USER_TYPE_INVALID) \
  X(USER_ANOTHER_ALREADY_LOGGED_IN) X(USER_TOO_MANY_TYPES) X(WRAPPED_KEY_INVALID) \
  X(WRAPPED_KEY_LEN_RANGE) X(WRAPPING_KEY_HANDLE_INVALID) X(WRAPPING_KEY_SIZE_RANGE) \
  X(WRAPPING_KEY_TYPE_INCONSISTENT) X(RANDOM_SEED_NOT_SUPPORTED) X(RANDOM_NO_RNG) \
  X(DOMAIN_PARAMS_INVALID) X(CURVE_NOT_SUPPORTED) X(BUFFER_TOO_SMALL) X(SAVED_STATE_INVALID) \
  X(INFORMATION_SENSITIVE) X(STATE_UNSAVEABLE) X(CRYPTOKI_NOT_INITIALIZED) \
  X(CRYPTOKI_ALREADY_INITIALIZED) X(MUTEX_BAD) X(MUTEX_NOT_LOCKED) X(NEW_PIN_MODE) X(NEXT_OTP) \
  X(FUNCTION_REJECTED)

constexpr std::array kRows{
  Row{0x042, "CKR_AEAD_DECRYPT_FAILED"}, Row{0x201, "CKR_TOKEN_RESOURCE_EXCEEDED"},
  Row{0x202, "CKR_OPERATION_CANCEL_FAILED"},
  Row{0x1b5, "CKR_EXCEEDED_MAX_ITERATIONS"}, Row{0x1b6, "CKR_FIPS_SELF_TEST_FAILED"},
  Row{0x1b7, "CKR_LIBRARY_LOAD_FAILED"}, Row{kPinTooWeak, "CKR_PIN_TOO_WEAK"},
  Row{0x1b9, "CKR_PUBLIC_KEY_INVALID"},
#define UKEY_ROW(name) Row{CKR_##name, "CKR_" #name},
  UKEY_CKR_NAMES(UKEY_ROW)
#undef UKEY_ROW
};
// clang-format on

constexpr bool each_value_once() {
  for (std::size_t i = 0; i < kRows.size(); ++i)
    for (std::size_t j = i + 1; j < kRows.size(); ++j)
      if (kRows[i].value == kRows[j].value) return false;
  return true;
}
static_assert(each_value_once());

}  // namespace

std::string ckr_name(unsigned long rv) {
  for (const auto& row : kRows)
    if (row.value == rv) return std::string{row.name};
  return {};
}

base::Code code_for(unsigned long rv) {
  switch (rv) {
    case CKR_PIN_INCORRECT:
      return base::Code::pin_wrong;
    case CKR_PIN_LOCKED:
      return base::Code::pin_locked;
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
    case kPinTooWeak:
      return base::Code::pin_invalid;
    case CKR_DEVICE_REMOVED:
    case CKR_TOKEN_NOT_PRESENT:
    case CKR_SLOT_ID_INVALID:
      return base::Code::token_removed;
    case CKR_TOKEN_NOT_RECOGNIZED:
      return base::Code::token_unusable;
    case CKR_FUNCTION_NOT_SUPPORTED:
    case CKR_MECHANISM_INVALID:
      return base::Code::not_supported;
    case CKR_DEVICE_MEMORY:
      return base::Code::token_full;
    default:
      return base::Code::token_refused;
  }
}

base::Pkcs11Answer answer_of(std::string_view call, unsigned long rv) {
  return {std::string{call}, rv, ckr_name(rv), {}};
}

base::Error refusal(std::string_view call, unsigned long rv, std::string subject) {
  const base::Error out(code_for(rv), std::move(subject), answer_of(call, rv));
  return rv == CKR_TOKEN_NOT_RECOGNIZED ? out.because(base::Cause::unrecognised) : out;
}

}  // namespace ukey::p11
