#include "p11/module.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <p11-kit/pkcs11.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "p11/call.hpp"
#include "p11/library.hpp"

namespace ukey::p11 {

namespace {

using base::Code;
using base::Error;

constexpr unsigned long kLibraryLoadFailed = 0x1b7;  // v3.0 5.1.6; the header has another number
constexpr std::size_t kUsualSlots = 64;

/// Throws no_module unless the file is loaded afterwards.
void open_file(Library& library) {
  const unsigned long rv = traced(*library.door, "dlopen", library.file, Patience::usual, [&] {
    if (!library.file.empty())  // an empty name would be this program
      // Stays mapped: a module may have set thread-specific data, whose destructors run when our
      // threads end (openCryptoki crashes there when its code is gone).
      library.handle = dlopen(library.file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return library.handle ? CKR_OK : kLibraryLoadFailed;
  });
  if (rv == CKR_OK) return;
  const bool is_path = library.file.find('/') != std::string::npos;
  if (library.file.empty() || (is_path && ::access(library.file.c_str(), F_OK) != 0))
    throw Error(Code::no_module, library.file);
  throw Error(Code::no_module, library.file, answer_of("dlopen", rv));
}

void take_functions(Library& library) {
  constexpr const char* kCall = "C_GetFunctionList";
  const auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library.handle, kCall));
  if (!get)
    throw Error(Code::no_module, library.file, answer_of(kCall, CKR_FUNCTION_NOT_SUPPORTED));
  const unsigned long rv = traced(*library.door, kCall, library.file, Patience::usual,
                                  [&] { return get(&library.functions); });
  if (rv != CKR_OK || !library.functions)
    throw Error(Code::module_broken, library.file, answer_of(kCall, rv));
}

/// v3.0 5.4.1. Whoever finds the module initialised leaves finalising it to the one who did that.
void initialise(Library& library) {
  constexpr const char* kCall = "C_Initialize";
  CK_C_INITIALIZE_ARGS args{};
  args.flags = CKF_OS_LOCKING_OK;
  unsigned long rv = answer_within(Patience::usual, library, kCall, &CK_FUNCTION_LIST::C_Initialize,
                                   static_cast<void*>(&args));
  if (rv == CKR_CANT_LOCK)
    rv = answer_within(Patience::usual, library, kCall, &CK_FUNCTION_LIST::C_Initialize,
                       static_cast<void*>(nullptr));
  library.finalise = rv == CKR_OK;
  if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
    throw Error(Code::module_broken, library.file, answer_of(kCall, rv));
}

template <std::size_t N>
base::Bytes octets(const unsigned char (&field)[N]) {
  return base::Bytes(field, field + N);
}

std::string version_text(const CK_VERSION& version) {
  return fmt::format("{}.{}", version.major, version.minor);
}

/// v3.0 3.2: CK_UNAVAILABLE_INFORMATION, also as a module with 32-bit numbers writes it.
std::optional<unsigned long> memory(unsigned long octets) {
  if (octets == CK_UNAVAILABLE_INFORMATION || octets == 0xffffffffUL) return std::nullopt;
  return octets;
}

model::TokenFlags flags_from(unsigned long flags) {
  const auto has = [flags](unsigned long flag) { return (flags & flag) != 0; };
  model::TokenFlags out;
  out.initialised = has(CKF_TOKEN_INITIALIZED);
  out.login_required = has(CKF_LOGIN_REQUIRED);
  out.write_protected = has(CKF_WRITE_PROTECTED);
  out.protected_path = has(CKF_PROTECTED_AUTHENTICATION_PATH);
  out.user_pin_set = has(CKF_USER_PIN_INITIALIZED);
  out.user_count_low = has(CKF_USER_PIN_COUNT_LOW);
  out.user_final_try = has(CKF_USER_PIN_FINAL_TRY);
  out.user_locked = has(CKF_USER_PIN_LOCKED);
  out.user_to_be_changed = has(CKF_USER_PIN_TO_BE_CHANGED);
  out.so_count_low = has(CKF_SO_PIN_COUNT_LOW);
  out.so_final_try = has(CKF_SO_PIN_FINAL_TRY);
  out.so_locked = has(CKF_SO_PIN_LOCKED);
  out.so_to_be_changed = has(CKF_SO_PIN_TO_BE_CHANGED);
  return out;
}

model::TokenInfo info_from(const CK_TOKEN_INFO& raw) {
  model::TokenInfo out;
  out.raw_label = octets(raw.label);
  out.raw_manufacturer = octets(raw.manufacturerID);
  out.raw_model = octets(raw.model);
  out.raw_serial = octets(raw.serialNumber);
  out.label = base::token_text(out.raw_label);
  out.manufacturer = base::token_text(out.raw_manufacturer);
  out.model = base::token_text(out.raw_model);
  out.serial = base::token_text(out.raw_serial);
  out.flags = flags_from(raw.flags);
  out.min_pin = raw.ulMinPinLen;
  out.max_pin = raw.ulMaxPinLen;
  out.total_public_memory = memory(raw.ulTotalPublicMemory);
  out.free_public_memory = memory(raw.ulFreePublicMemory);
  out.total_private_memory = memory(raw.ulTotalPrivateMemory);
  out.free_private_memory = memory(raw.ulFreePrivateMemory);
  out.hardware_version = version_text(raw.hardwareVersion);
  out.firmware_version = version_text(raw.firmwareVersion);
  return out;
}

/// Asked in the form that makes the module take no note of other slots.
bool lists_slots(const Module& module) {
  std::array<unsigned long, kUsualSlots> slots{};
  unsigned long count = slots.size();
  const unsigned char with_token = CK_TRUE;
  const unsigned long rv = answer(module, "C_GetSlotList", &CK_FUNCTION_LIST::C_GetSlotList,
                                  with_token, slots.data(), &count);
  return rv == CKR_OK || rv == CKR_BUFFER_TOO_SMALL;
}

}  // namespace

Library::~Library() {
  try {
    if (finalise)
      answer_within(Patience::usual, *this, "C_Finalize", &CK_FUNCTION_LIST::C_Finalize,
                    static_cast<void*>(nullptr));
  } catch (...) {  // an observer that throws must not end the program here
  }
  if (handle) dlclose(handle);
}

Module Module::load(const std::string& file, std::shared_ptr<Door> door) {
  const auto library = std::make_shared<Library>(file, std::move(door));
  open_file(*library);
  take_functions(*library);
  initialise(*library);
  return Module{library};
}

Module Module::adopt(_CK_FUNCTION_LIST* functions, const std::string& file,
                     std::shared_ptr<Door> door) {
  const auto library = std::make_shared<Library>(file, std::move(door));
  library->functions = functions;
  initialise(*library);
  return Module{library};
}

const std::string& Module::file() const { return library_->file; }

const std::shared_ptr<Door>& Module::door() const { return library_->door; }

std::vector<unsigned long> Module::slots_with_token() const { return list_slots(CK_TRUE); }

std::vector<unsigned long> Module::slots() const { return list_slots(CK_FALSE); }

std::vector<unsigned long> Module::list_slots(unsigned char with_token) const {
  constexpr const char* kCall = "C_GetSlotList";
  for (std::size_t room = kUsualSlots;;) {
    std::vector<unsigned long> slots(room);
    unsigned long count = room;
    const unsigned long rv =
        answer(*this, kCall, &CK_FUNCTION_LIST::C_GetSlotList, with_token, slots.data(), &count);
    if (rv == CKR_OK && count <= room) {
      slots.resize(count);
      return slots;
    }
    if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL) throw refusal(kCall, rv, file());
    if (rv == CKR_OK || room == kMostEntries) throw broken(*this, kCall, rv);
    if (count > kMostEntries && count != CK_UNAVAILABLE_INFORMATION) throw broken(*this, kCall, rv);
    room = std::min(kMostEntries, count > room && count <= kMostEntries ? count : 2 * room);
  }
}

bool is_lost(const Error& error) {
  if (error.code() == Code::module_timeout) return true;
  return error.code() == Code::module_broken && error.answer() &&
         error.answer()->rv == CKR_DEVICE_ERROR;
}

Error refused(const Module& module, std::string_view call, unsigned long rv, std::string subject) {
  if (rv == CKR_DEVICE_ERROR && !lists_slots(module)) return broken(module, call, rv);
  return refusal(call, rv, std::move(subject));
}

void Module::look_again() const {
  const unsigned char with_token = CK_TRUE;
  unsigned long count = 0;
  call(*this, "C_GetSlotList", &CK_FUNCTION_LIST::C_GetSlotList, with_token,
       static_cast<unsigned long*>(nullptr), &count);
}

model::TokenInfo Module::token_info(unsigned long slot) const {
  CK_TOKEN_INFO info{};
  call(*this, "C_GetTokenInfo", &CK_FUNCTION_LIST::C_GetTokenInfo, slot, &info);
  return info_from(info);
}

}  // namespace ukey::p11
