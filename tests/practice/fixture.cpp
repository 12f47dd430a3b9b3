#include "fixture.hpp"

#include <dlfcn.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace ukey::practice::test {

Store::Store(const std::vector<std::string>& labels) {
  std::filesystem::create_directories(store_path(folder.path()));
  std::filesystem::create_directories(folder.path() / "state");
  Writer writer(folder.path());
  for (const auto& label : labels) serials.push_back(writer.begin_token(label));
}

std::filesystem::path Store::state_file(std::size_t token) const {
  return state_path(folder.path(), serials.at(token));
}

void Store::unplug(std::size_t token) const {
  change([](TokenState& state) { state.plugged = false; }, token);
}

void Store::plug(std::size_t token) const {
  change([](TokenState& state) { state.plugged = true, ++state.insertions; }, token);
}

Loaded::Loaded(const std::filesystem::path& drawer, const std::string& fault,
               const std::string& delay)
    : drawer_("UKEY_PRACTICE", drawer.string()),
      fault_("UKEY_PRACTICE_FAULT", fault),
      delay_("UKEY_PRACTICE_DELAY_MS", delay),
      handle_(::dlopen(UKEY_PRACTICE_MODULE, RTLD_LOCAL | RTLD_NOW)) {
  if (handle_ == nullptr) throw std::runtime_error(::dlerror());
  const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle_, "C_GetFunctionList"));
  if (list == nullptr || list(&functions_) != CKR_OK) throw std::runtime_error("no functions");
  started = functions_->C_Initialize(nullptr);
}

Loaded::~Loaded() {
  functions_->C_Finalize(nullptr);
  ::dlclose(handle_);
}

std::vector<CK_SLOT_ID> Loaded::slots(bool token_present) const {
  std::vector<CK_SLOT_ID> ids(16);
  unsigned long count = ids.size();
  if (functions_->C_GetSlotList(token_present, ids.data(), &count) != CKR_OK) return {};
  ids.resize(count);
  return ids;
}

CK_SESSION_HANDLE Loaded::open(CK_SLOT_ID slot) const {
  CK_SESSION_HANDLE session = 0;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
  const auto rv = functions_->C_OpenSession(slot, flags, nullptr, nullptr, &session);
  if (rv != CKR_OK) throw std::runtime_error("C_OpenSession " + std::to_string(rv));
  return session;
}

CK_RV Loaded::login(CK_SESSION_HANDLE session, CK_USER_TYPE user, std::string_view pin) const {
  return functions_->C_Login(session, user, octets(pin), pin.size());
}

CK_RV Loaded::set_pin(CK_SESSION_HANDLE session, std::string_view from, std::string_view to) const {
  return functions_->C_SetPIN(session, octets(from), from.size(), octets(to), to.size());
}

CK_TOKEN_INFO Loaded::token_info(CK_SLOT_ID slot) const {
  CK_TOKEN_INFO info{};
  functions_->C_GetTokenInfo(slot, &info);
  return info;
}

unsigned char* Loaded::octets(std::string_view text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
}

std::string output_of(const std::string& command) {
  const auto close = [](FILE* pipe) { ::pclose(pipe); };
  const std::unique_ptr<FILE, decltype(close)> pipe(::popen((command + " 2>&1").c_str(), "r"),
                                                    close);
  std::string text;
  std::array<char, 4096> part{};
  while (const auto size = std::fread(part.data(), 1, part.size(), pipe.get())) {
    text.append(part.data(), size);
  }
  return text;
}

}  // namespace ukey::practice::test
