#include "practice/module/acts.hpp"

namespace ukey::practice {

CK_RV Act<&CK_FUNCTION_LIST::C_OpenSession>::call(Instance& instance, CK_SLOT_ID id, CK_FLAGS flags,
                                                  void* application, CK_NOTIFY notify,
                                                  CK_SESSION_HANDLE* session) {
  if (session == nullptr) return CKR_ARGUMENTS_BAD;
  instance.sweep(id);
  auto below = instance.below_slot(id);
  const auto slot = below.number;
  const auto rv = below.functions->C_OpenSession(slot, flags, application, notify, &below.number);
  if (rv == CKR_OK) *session = instance.opened(id, below);
  return rv;
}

CK_RV Act<&CK_FUNCTION_LIST::C_CloseSession>::call(Instance& instance, CK_SESSION_HANDLE session) {
  const auto below = instance.below_session(session);
  const auto rv = below.functions->C_CloseSession(below.number);
  if (rv == CKR_OK) instance.closed(session);
  return rv;
}

CK_RV Act<&CK_FUNCTION_LIST::C_CloseAllSessions>::call(Instance& instance, CK_SLOT_ID id) {
  const auto below = instance.read_slot(id);
  const auto rv = below ? below->functions->C_CloseAllSessions(below->number) : CKR_OK;
  if (rv == CKR_OK) instance.closed_all(id);
  return rv;
}

}  // namespace ukey::practice
