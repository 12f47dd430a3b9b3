#include "p11/mechanism.hpp"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/bytes.hpp"
#include "p11/call.hpp"
#include "p11/search.hpp"

namespace ukey::p11 {

namespace {

constexpr std::size_t kUsualMechanisms = 512;

constexpr std::array<std::pair<unsigned long, std::string_view>, 12> kMechanismUsages{
    {{CKF_ENCRYPT, "encrypt"},
     {CKF_DECRYPT, "decrypt"},
     {CKF_DIGEST, "digest"},
     {CKF_SIGN, "sign"},
     {CKF_SIGN_RECOVER, "sign_recover"},
     {CKF_VERIFY, "verify"},
     {CKF_VERIFY_RECOVER, "verify_recover"},
     {CKF_GENERATE, "generate"},
     {CKF_GENERATE_KEY_PAIR, "generate_key_pair"},
     {CKF_WRAP, "wrap"},
     {CKF_UNWRAP, "unwrap"},
     {CKF_DERIVE, "derive"}}};

std::vector<unsigned long> numbers(const Module& module, unsigned long slot) {
  constexpr const char* kCall = "C_GetMechanismList";
  constexpr std::size_t kMost = Module::kMostEntries;
  for (std::size_t room = kUsualMechanisms;;) {
    std::vector<unsigned long> list(room);
    unsigned long count = room;
    const unsigned long rv =
        answer(module, kCall, &CK_FUNCTION_LIST::C_GetMechanismList, slot, list.data(), &count);
    if (rv == CKR_OK && count <= room) {
      list.resize(count);
      return list;
    }
    if (rv != CKR_OK && rv != CKR_BUFFER_TOO_SMALL) throw refused(module, kCall, rv, module.file());
    if (rv == CKR_OK || room == kMost) throw broken(module, kCall, rv);
    room = std::min(kMost, count > room && count <= kMost ? count : 2 * room);
  }
}

std::string name_of(unsigned long number, const std::map<unsigned long, std::string>& vendor) {
  if (auto name = mechanism_name(number); !name.empty()) return name;
  const auto found = vendor.find(number);
  return found != vendor.end() ? found->second : base::hex_number(number);
}

void fill(model::Mechanism& mechanism, const Module& module, unsigned long slot) {
  CK_MECHANISM_INFO info{};
  call(module, "C_GetMechanismInfo", &CK_FUNCTION_LIST::C_GetMechanismInfo, slot, mechanism.number,
       &info);
  mechanism.min_key = info.ulMinKeySize;
  mechanism.max_key = info.ulMaxKeySize;
  for (const auto& [flag, word] : kMechanismUsages)
    if ((info.flags & flag) != 0) mechanism.usage.emplace_back(word);
}

}  // namespace

std::vector<model::Mechanism> read_mechanisms(
    const Module& module, unsigned long slot,
    const std::map<unsigned long, std::string>& vendor_names) {
  std::vector<model::Mechanism> out;
  for (const unsigned long number : numbers(module, slot)) {
    model::Mechanism mechanism;
    mechanism.number = number;
    mechanism.name = name_of(number, vendor_names);
    mechanism.vendor = number >= CKM_VENDOR_DEFINED;
    try {
      fill(mechanism, module, slot);
    } catch (const base::Error& error) {
      if (ends_session(error)) throw;
      mechanism.error = error.about(mechanism.name);
    }
    out.push_back(std::move(mechanism));
  }
  return out;
}

}  // namespace ukey::p11
