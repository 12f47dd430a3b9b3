// A drawer in a temporary folder and the module over it, for the tests of this room.
#pragma once

#include "base/error.hpp"
#include "base/time.hpp"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "practice/state_file.hpp"
#include "practice/writer.hpp"

namespace ukey::practice::test {

/// A folder that goes with its test.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ukey-practice-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name);
    path_ = name;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;             // removed once
  TempFolder& operator=(const TempFolder&) = delete;  // same
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A store with one empty token for each label.
struct Store {
  explicit Store(const std::vector<std::string>& labels) {
    std::filesystem::create_directories(store_path(folder.path()));
    std::filesystem::create_directories(folder.path() / "state");
    Writer writer(folder.path());
    for (const auto& label : labels) serials.push_back(writer.begin_token(label));
  }

  [[nodiscard]] std::filesystem::path state_file(std::size_t token = 0) const {
    return state_path(folder.path(), serials.at(token));
  }

  /// Changes a token's state as another program would.
  template <typename Change>
  void change(const Change& apply, std::size_t token = 0) const {
    HeldState held(state_file(token));
    apply(held.state);
    held.save();
  }

  void unplug(std::size_t token = 0) const {
    change([](TokenState& state) { state.plugged = false; }, token);
  }

  void plug(std::size_t token = 0) const {
    const auto apply = [](TokenState& state) { state.plugged = true, ++state.insertions; };
    change(apply, token);
  }

  TempFolder folder;
  std::vector<std::string> serials;
};

/// The module loaded anew, with the environment that it reads; finalised and unloaded at the end.
class Loaded {
 public:
  explicit Loaded(const std::filesystem::path& drawer, const std::string& fault = "",
                  const std::string& delay = "0")
      : drawer_("UKEY_PRACTICE", drawer.string()),
        fault_("UKEY_PRACTICE_FAULT", fault),
        delay_("UKEY_PRACTICE_DELAY_MS", delay),
        handle_(::dlopen(UKEY_PRACTICE_MODULE, RTLD_LOCAL | RTLD_NOW)) {
    if (handle_ == nullptr) throw std::runtime_error(::dlerror());
    const auto list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle_, "C_GetFunctionList"));
    if (list == nullptr || list(&functions_) != CKR_OK) throw std::runtime_error("no functions");
    started = functions_->C_Initialize(nullptr);
  }
  ~Loaded() {
    functions_->C_Finalize(nullptr);
    ::dlclose(handle_);
  }
  Loaded(const Loaded&) = delete;             // finalised once
  Loaded& operator=(const Loaded&) = delete;  // same

  CK_FUNCTION_LIST* operator->() const { return functions_; }

  [[nodiscard]] std::vector<CK_SLOT_ID> slots(bool token_present = true) const {
    std::vector<CK_SLOT_ID> ids(16);
    unsigned long count = ids.size();
    if (functions_->C_GetSlotList(token_present, ids.data(), &count) != CKR_OK) return {};
    ids.resize(count);
    return ids;
  }

  [[nodiscard]] CK_SESSION_HANDLE open(CK_SLOT_ID slot) const {
    CK_SESSION_HANDLE session = 0;
    const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
    const auto rv = functions_->C_OpenSession(slot, flags, nullptr, nullptr, &session);
    if (rv != CKR_OK) throw std::runtime_error("C_OpenSession " + std::to_string(rv));
    return session;
  }

  [[nodiscard]] CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user,
                            std::string_view pin) const {
    return functions_->C_Login(session, user, octets(pin), pin.size());
  }

  [[nodiscard]] CK_RV set_pin(CK_SESSION_HANDLE session, std::string_view from,
                              std::string_view to) const {
    return functions_->C_SetPIN(session, octets(from), from.size(), octets(to), to.size());
  }

  [[nodiscard]] CK_TOKEN_INFO token_info(CK_SLOT_ID slot) const {
    CK_TOKEN_INFO info{};
    functions_->C_GetTokenInfo(slot, &info);
    return info;
  }

  [[nodiscard]] static unsigned char* octets(std::string_view text) {
    return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
  }

  CK_RV started = CKR_GENERAL_ERROR;

 private:
  BorrowedVariable drawer_, fault_, delay_;
  void* handle_;
  CK_FUNCTION_LIST* functions_ = nullptr;
};

inline constexpr CK_FLAGS kUserFlags =
    CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED;
inline constexpr CK_FLAGS kSoFlags =
    CKF_SO_PIN_COUNT_LOW | CKF_SO_PIN_FINAL_TRY | CKF_SO_PIN_LOCKED;

/// Runs `body` in a child process; its wait status. What `body` returns is the child's exit status.
template <typename Body>
int in_child(const Body& body) {
  const auto child = ::fork();
  if (child == 0) ::_exit(body());
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

/// What a shell command prints on stdout and stderr.
inline std::string output_of(const std::string& command) {
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

/// 2026-11-22 09:00 in Beijing.
inline const base::Time kNow = *base::parse_time("2026-11-22T01:00:00Z", {});

/// The code of the error that `action` throws; `bug` when it throws none.
template <typename Action>
base::Code code_of(const Action& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error.code();
  }
  return base::Code::bug;
}

}  // namespace ukey::practice::test
