#include "cli/places.hpp"

#include <string.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"

namespace ukey::cli {

namespace fs = std::filesystem;

namespace {

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

/// Where modules with a bare name are looked for, in order.
std::vector<fs::path> module_folders() {
  const fs::path own = fs::path{install_prefix()} / UKEY_MODULE_DIR;
  return {own,
          "/usr/lib/x86_64-linux-gnu/pkcs11",
          "/usr/lib/aarch64-linux-gnu/pkcs11",
          "/usr/lib/pkcs11",
          "/usr/lib64/pkcs11",
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/lib/softhsm",
          "/usr/local/lib"};
}

std::optional<std::string> in_module_folders(const std::string& name) {
  for (const auto& folder : module_folders())
    if (is_file(folder / name)) return (folder / name).string();
  return std::nullopt;
}

}  // namespace

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::shared_ptr<base::Secret> taken_secret(const std::string& name, const std::string& option) {
  char* value = std::getenv(name.c_str());
  if (value == nullptr) return nullptr;
  const auto out = std::make_shared<base::Secret>();
  bool fits = true;
  for (const char* octet = value; fits && *octet != '\0'; ++octet)
    fits = out->push(static_cast<std::uint8_t>(*octet));
  explicit_bzero(value, std::strlen(value));
  unsetenv(name.c_str());
  if (!fits) {
    const base::Error error{base::Code::pin_invalid, option};
    throw option.starts_with("--so-") ? error.of_so() : error;
  }
  return out;
}

std::string install_prefix() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return "/usr/local";
  return program.parent_path().parent_path().string();
}

std::vector<std::string> profile_folders(const std::optional<std::string>& named) {
  std::vector<std::string> out;
  const auto first = named ? named : environment("UKEY_PROFILES");
  if (first) {
    if (!is_folder(*first)) throw base::Error{base::Code::file_io, *first};
    out.push_back(*first);
  }
  if (is_folder("/etc/ukey")) out.emplace_back("/etc/ukey");
  out.push_back((fs::path{install_prefix()} / UKEY_DATA_DIR / "pkcs11-profiles").string());
  return out;
}

std::optional<std::string> module_of(const model::TokenProfile& profile) {
  for (const auto& name : profile.module_files) {
    if (!fs::path{name}.is_absolute()) {
      if (const auto file = in_module_folders(name)) return file;
    } else if (is_file(name)) {
      return name;
    }
  }
  return std::nullopt;
}

std::string module_named(const std::string& name) {
  std::error_code ignored;
  if (fs::exists(name, ignored)) return fs::absolute(name, ignored).lexically_normal().string();
  if (name.find('/') != std::string::npos) return name;
  return in_module_folders(name).value_or(name);
}

std::vector<std::string> trust_folders(const std::optional<std::string>& token_profile) {
  std::vector<std::string> out;
  if (is_folder("/etc/ukey/ca")) out.emplace_back("/etc/ukey/ca");
  if (token_profile != "practice") return out;
  const fs::path drawer = fs::path{practice_folder()} / "ca";
  if (is_folder(drawer)) out.push_back(drawer.string());
  return out;
}

std::string practice_folder() {
  if (const auto named = environment("UKEY_PRACTICE")) return *named;
  if (const auto data = environment("XDG_DATA_HOME")) return *data + "/ukey/practice";
  if (const auto home = environment("HOME")) return *home + "/.local/share/ukey/practice";
  throw base::Error{base::Code::file_io, "HOME"};
}

std::string state_folder() {
  const auto state = environment("XDG_STATE_HOME");
  if (state && state->starts_with('/')) return *state + "/ukey";
  if (const auto home = environment("HOME")) return *home + "/.local/state/ukey";
  return "";
}

}  // namespace ukey::cli
