// A private copy of SoftHSM over one store: it coexists in a process with plain SoftHSM and with
// other stores, which the shared library alone would not. Header only, for the module and the
// factory; it refuses to know tokens.
#pragma once

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "practice/state_file.hpp"

namespace ukey::practice {

/// The file of libsofthsm2: `named` unless that is empty, else where distributions put it. Absent
/// when none exists.
[[nodiscard]] inline std::optional<std::filesystem::path> find_softhsm(
    const std::filesystem::path& named) {
  if (!named.empty()) return named;
  for (const char* folder : {"/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm",
                             "/usr/lib/aarch64-linux-gnu/softhsm", "/usr/local/lib/softhsm"}) {
    const auto file = std::filesystem::path(folder) / "libsofthsm2.so";
    if (std::filesystem::exists(file)) return file;
  }
  return std::nullopt;
}

/// An environment variable with another value while this lives. Not thread-safe, as setenv is not.
class BorrowedVariable {
 public:
  BorrowedVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~BorrowedVariable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }
  BorrowedVariable(const BorrowedVariable&) = delete;             // restored once
  BorrowedVariable& operator=(const BorrowedVariable&) = delete;  // same

 private:
  const char* name_;
  std::optional<std::string> old_;
};

/// The loaded copy. Whoever initialised it finalises it before this dies.
class SoftHsm {
 public:
  /// Copies libsofthsm2 (`named`, or the usual one when that is empty) into memory and loads the
  /// copy. Throws std::runtime_error with the file or the loader's answer.
  explicit SoftHsm(const std::filesystem::path& named = {})
      : image_(memory_file("libsofthsm2.so")) {
    const auto library = find_softhsm(named);
    if (!library) throw std::runtime_error("libsofthsm2.so");
    fill(*library);
    // The loader knows libraries by their names, hence image_ stays open: its number must not come
    // again.
    handle_.reset(::dlopen(path_of(image_).c_str(), RTLD_LOCAL | RTLD_NOW));
    if (!handle_) throw std::runtime_error(::dlerror());
    const auto list =
        reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle_.get(), "C_GetFunctionList"));
    if (list == nullptr || list(&functions_) != CKR_OK) throw std::runtime_error(*library);
  }

  [[nodiscard]] CK_FUNCTION_LIST& functions() const { return *functions_; }

  /// C_Initialize over this store, by which the tokens in it are read; SOFTHSM2_CONF is as before
  /// when it returns.
  [[nodiscard]] CK_RV initialise(const std::filesystem::path& store) const {
    const auto made = memory_file("softhsm2.conf");
    write_through(made.number(),
                  "directories.tokendir = " + store.string() +
                      "\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n",
                  "softhsm2.conf");
    const BorrowedVariable variable("SOFTHSM2_CONF", path_of(made));
    CK_C_INITIALIZE_ARGS arguments{};
    arguments.flags = CKF_OS_LOCKING_OK;
    return functions_->C_Initialize(&arguments);
  }

 private:
  struct Unload {
    void operator()(void* handle) const { ::dlclose(handle); }
  };

  [[nodiscard]] static base::Descriptor memory_file(const char* name) {
    const int number = ::memfd_create(name, MFD_CLOEXEC);
    if (number < 0) throw std::system_error(errno, std::generic_category(), name);
    return base::Descriptor(number);
  }

  [[nodiscard]] static std::string path_of(const base::Descriptor& file) {
    return "/proc/self/fd/" + std::to_string(file.number());
  }

  void fill(const std::filesystem::path& library) const {
    const auto source = open_file(library, O_RDONLY);
    struct stat about {};
    if (::fstat(source.number(), &about) != 0) throw std::runtime_error(library);
    for (auto left = about.st_size; left > 0;) {
      const auto sent =
          ::sendfile(image_.number(), source.number(), nullptr, static_cast<size_t>(left));
      if (sent <= 0) throw std::runtime_error(library);
      left -= sent;
    }
  }

  base::Descriptor image_;
  std::unique_ptr<void, Unload> handle_;
  CK_FUNCTION_LIST* functions_ = nullptr;
};

}  // namespace ukey::practice
