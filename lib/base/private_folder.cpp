#include "base/private_folder.hpp"

#include <cstdlib>
#include <mutex>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"

namespace ukey::base {

namespace {

namespace fs = std::filesystem;

/// Those that there are now; never destroyed, since a thread may ask while the process ends.
struct Known {
  std::mutex mutex;
  std::set<fs::path> paths;
};
Known& known() {
  static auto* const all = new Known;
  return *all;
}

}  // namespace

PrivateFolder::PrivateFolder() {
  const std::lock_guard guard{known().mutex};
  std::error_code error;
  auto name = (fs::temp_directory_path(error) / "ukey-XXXXXX").string();
  if (error || mkdtemp(name.data()) == nullptr) throw Error{Code::file_io, name};
  path_ = name;
  known().paths.insert(path_);
}

PrivateFolder::~PrivateFolder() {
  const std::lock_guard guard{known().mutex};
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  known().paths.erase(path_);
}

std::string PrivateFolder::put(std::string_view name, std::string_view contents) const {
  const std::lock_guard guard{known().mutex};
  auto file = (path_ / name).string();
  write_file(file, as_bytes(contents), Readers::owner);
  return file;
}

void remove_private_folders() {
  known().mutex.lock();  // for ever: nothing may come after this
  std::error_code ignored;
  for (const auto& path : known().paths) fs::remove_all(path, ignored);
}

}  // namespace ukey::base
