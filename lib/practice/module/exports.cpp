#include "practice/module/acts.hpp"

namespace ukey::practice {

namespace {

/// C_Initialize stands outside the door: it makes what the door looks for.
struct Beginning {
  static CK_RV call(void* arguments) noexcept {
    try {
      return begin(arguments);
    } catch (const Instance::Refused& refused) {
      return refused.rv;
    } catch (const std::bad_alloc&) {
      return CKR_HOST_MEMORY;
    } catch (const std::exception&) {  // no SoftHSM, or a drawer that cannot be read
      return CKR_GENERAL_ERROR;
    }
  }
};

template <auto Member>
constexpr auto entry() {
  if constexpr (kFunction<Member>.name == "C_Initialize") {
    return &Beginning::call;
  } else if constexpr (kFunction<Member>.name == "C_GetFunctionList") {
    return &C_GetFunctionList;
  } else {
    return &Door<Member>::call;
  }
}

CK_FUNCTION_LIST functions = {{2, 40},
#define UKEY_ROW(name, subject) entry<&CK_FUNCTION_LIST::name>(),
                              UKEY_PKCS11_FUNCTIONS(UKEY_ROW)
#undef UKEY_ROW
};

}  // namespace

}  // namespace ukey::practice

/// The only name that the module exports.
extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  if (list == nullptr) return CKR_ARGUMENTS_BAD;
  *list = &ukey::practice::functions;
  return CKR_OK;
}
