// An open session on a token. It holds its module, so it cannot outlive it, and closes itself.
#pragma once

#include "p11/module.hpp"

namespace ukey::p11 {

class Session {
 public:
  /// Opens a session on the token in `slot` (C_OpenSession, v3.0 5.6.1). Throws the refusal about
  /// the module's file; module_broken when the module gives no handle.
  [[nodiscard]] static Session open(Module module, unsigned long slot, bool read_write);

  ~Session();
  Session(Session&& other) noexcept;
  Session& operator=(Session&& other) noexcept;
  Session(const Session&) = delete;  // a session is closed once
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const Module& module() const { return module_; }
  [[nodiscard]] unsigned long slot() const { return slot_; }
  /// The module's number for it, never 0.
  [[nodiscard]] unsigned long handle() const { return handle_; }
  [[nodiscard]] bool read_write() const { return read_write_; }

 private:
  Session(Module module, unsigned long slot, bool read_write)
      : module_(std::move(module)), slot_(slot), read_write_(read_write) {}
  void close() noexcept;

  Module module_;
  unsigned long slot_;
  unsigned long handle_ = 0;  // 0: closed, or moved away
  bool read_write_;
};

}  // namespace ukey::p11
