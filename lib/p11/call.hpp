// How this room calls a module's functions: by name and member of the function list, through the
// door.
#pragma once

#include <p11-kit/pkcs11.h>

#include <string>
#include <string_view>
#include <utility>

#include "p11/ckr.hpp"
#include "p11/door.hpp"
#include "p11/library.hpp"

namespace ukey::p11 {

/// Calls that make a key may last longer than others.
[[nodiscard]] constexpr Patience patience_for(std::string_view call) {
  return call == "C_GenerateKeyPair" || call == "C_GenerateKey" ? Patience::long_call
                                                                : Patience::usual;
}

/// What the module answers to the function `member`, named `call`; CKR_FUNCTION_NOT_SUPPORTED when
/// its list has none.
template <class Function, class... Args>
unsigned long answer_within(Patience patience, const Library& library, std::string_view call,
                            Function CK_FUNCTION_LIST::*member, Args... args) {
  const Function function = library.functions->*member;
  return traced(*library.door, std::string{call}, library.file, patience, [&]() -> unsigned long {
    return function ? function(args...) : CKR_FUNCTION_NOT_SUPPORTED;
  });
}

template <class Function, class... Args>
unsigned long answer(const Module& module, std::string_view call,
                     Function CK_FUNCTION_LIST::*member, Args... args) {
  return answer_within(patience_for(call), module.library(), call, member, args...);
}

/// The error for a call that did not answer CKR_OK, about `subject`. A general failure of the
/// device may be one of the whole module, which then does not even list its slots any more: it is
/// lost, and the error is module_broken about its file.
[[nodiscard]] base::Error refused(const Module& module, std::string_view call, unsigned long rv,
                                  std::string subject);

/// As `answer`, for a call that must answer CKR_OK; throws what `refused` makes of another, about
/// the module's file.
template <class Function, class... Args>
void call(const Module& module, std::string_view name, Function CK_FUNCTION_LIST::*member,
          Args... args) {
  const unsigned long rv = answer(module, name, member, args...);
  if (rv != CKR_OK) throw refused(module, name, rv, module.file());
}

/// The error for an answer that cannot be true, about the module's file.
[[nodiscard]] inline base::Error broken(const Module& module, std::string_view call,
                                        unsigned long rv) {
  return base::Error(base::Code::module_broken, module.file(), answer_of(call, rv));
}

}  // namespace ukey::p11
