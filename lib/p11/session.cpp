#include "p11/session.hpp"

#include <p11-kit/pkcs11.h>

#include <utility>

#include "p11/call.hpp"

namespace ukey::p11 {

Session Session::open(Module module, unsigned long slot, bool read_write) {
  constexpr const char* kCall = "C_OpenSession";
  Session session{std::move(module), slot, read_write};
  const unsigned long flags = CKF_SERIAL_SESSION | (read_write ? CKF_RW_SESSION : 0);
  unsigned long handle = CK_INVALID_HANDLE;
  call(session.module_, kCall, &CK_FUNCTION_LIST::C_OpenSession, slot, flags,
       static_cast<void*>(nullptr), static_cast<CK_NOTIFY>(nullptr), &handle);
  if (handle == CK_INVALID_HANDLE) throw broken(session.module_, kCall, CKR_OK);
  session.handle_ = handle;
  return session;
}

Session::~Session() { close(); }

Session::Session(Session&& other) noexcept
    : module_(std::move(other.module_)),
      slot_(other.slot_),
      handle_(std::exchange(other.handle_, CK_INVALID_HANDLE)),
      read_write_(other.read_write_) {}

Session& Session::operator=(Session&& other) noexcept {
  if (this == &other) return *this;
  close();
  module_ = std::move(other.module_);
  slot_ = other.slot_;
  handle_ = std::exchange(other.handle_, CK_INVALID_HANDLE);
  read_write_ = other.read_write_;
  return *this;
}

void Session::close() noexcept {
  if (handle_ == CK_INVALID_HANDLE) return;
  try {
    answer(module_, "C_CloseSession", &CK_FUNCTION_LIST::C_CloseSession,
           std::exchange(handle_, CK_INVALID_HANDLE));
  } catch (...) {  // an observer that throws must not end the program here
  }
}

}  // namespace ukey::p11
