// A module made of a function list in this program: by default it behaves; each test replaces what
// shall lie.
#pragma once

#include <p11-kit/pkcs11.h>

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "base/bytes.hpp"
#include "p11/module.hpp"

namespace ukey::tests {

/// What the fake module has and how it answers; there is one at a time, since C functions carry no
/// state.
struct Fake {
  Fake();
  ~Fake();
  Fake(const Fake&) = delete;
  Fake& operator=(const Fake&) = delete;

  p11::Module module(std::shared_ptr<p11::Door> door = nullptr);

  using Object = std::map<unsigned long, base::Bytes>;
  std::vector<Object> objects;  ///< handle: index + 1
  std::vector<unsigned long> slots{7};
  std::vector<unsigned long> empty_slots;  ///< listed too when slots without token are asked for
  CK_TOKEN_INFO token{};
  std::vector<unsigned long> found;  ///< of the search under way
  int initialised = 0, finalised = 0;

  std::function<CK_RV(CK_C_INITIALIZE_ARGS*)> initialize;
  std::function<CK_RV(unsigned long* slots, unsigned long* count)> slot_list;
  std::function<CK_RV(CK_TOKEN_INFO*)> token_info;
  std::function<CK_RV(unsigned long flags, unsigned long* slot)> slot_event;
  std::function<CK_RV(unsigned long* session)> open_session;
  std::function<CK_RV(unsigned long* handles, unsigned long most, unsigned long* count)> find;
  std::function<CK_RV(unsigned long object, CK_ATTRIBUTE*, unsigned long count)> attributes;
  std::function<CK_RV(unsigned long* list, unsigned long* count)> mechanism_list;
  std::function<CK_RV(unsigned long mechanism, CK_MECHANISM_INFO*)> mechanism_info;
  std::function<CK_RV(unsigned long user, base::ByteView pin)> login;

  CK_FUNCTION_LIST functions{};
};

/// Answers one attribute as v3.0 5.7.5 says; returns CKR_OK or what is wrong with it.
CK_RV give(const Fake::Object& object, CK_ATTRIBUTE& asked);

}  // namespace ukey::tests
