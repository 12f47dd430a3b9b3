// A drawer in a temporary folder and the module over it, for the tests of this room.
#pragma once

#include <p11-kit/pkcs11.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "practice/state_file.hpp"
#include "practice/writer.hpp"
#include "tests/practice/temp_folder.hpp"

namespace ukey::practice::test {

/// A store with one empty token for each label.
struct Store {
  explicit Store(const std::vector<std::string>& labels);

  [[nodiscard]] std::filesystem::path state_file(std::size_t token = 0) const;

  /// Changes a token's state as another program would.
  template <typename Change>
  void change(const Change& apply, std::size_t token = 0) const {
    HeldState held(state_file(token));
    apply(held.state);
    held.save();
  }

  void unplug(std::size_t token = 0) const;
  void plug(std::size_t token = 0) const;

  TempFolder folder;
  std::vector<std::string> serials;
};

/// The module loaded anew, with the environment that it reads; finalised and unloaded at the end.
class Loaded {
 public:
  explicit Loaded(const std::filesystem::path& drawer, const std::string& fault = "",
                  const std::string& delay = "0");
  ~Loaded();
  Loaded(const Loaded&) = delete;             // finalised once
  Loaded& operator=(const Loaded&) = delete;  // same

  CK_FUNCTION_LIST* operator->() const { return functions_; }

  [[nodiscard]] std::vector<CK_SLOT_ID> slots(bool token_present = true) const;
  [[nodiscard]] CK_SESSION_HANDLE open(CK_SLOT_ID slot) const;
  [[nodiscard]] CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user,
                            std::string_view pin) const;
  [[nodiscard]] CK_RV set_pin(CK_SESSION_HANDLE session, std::string_view from,
                              std::string_view to) const;
  [[nodiscard]] CK_TOKEN_INFO token_info(CK_SLOT_ID slot) const;
  [[nodiscard]] static unsigned char* octets(std::string_view text);

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
std::string output_of(const std::string& command);

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
