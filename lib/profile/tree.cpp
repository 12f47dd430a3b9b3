#include "profile/tree.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"

namespace ukey::profile {

namespace {

namespace fs = std::filesystem;

/// False when nothing is there; throws when it cannot be told.
bool is_there(const fs::path& directory) {
  std::error_code fault;
  const auto facts = fs::status(directory, fault);
  if (facts.type() == fs::file_type::not_found) return false;
  if (fault || !fs::is_directory(facts)) throw base::Error(base::Code::file_io, directory.string());
  return true;
}

std::vector<fs::path> listing(const fs::path& directory) {
  std::vector<fs::path> out;
  if (!is_there(directory)) return out;
  std::error_code fault;
  auto entry = fs::directory_iterator(directory, fault);
  for (; !fault && entry != fs::directory_iterator(); entry.increment(fault)) {
    const auto& path = entry->path();
    if (path.extension() == ".toml" && path.filename().string().front() != '.') out.push_back(path);
  }
  if (fault) throw base::Error(base::Code::file_io, directory.string());
  return out;
}

}  // namespace

std::vector<ProfileFile> files_of(const std::vector<std::string>& directories,
                                  std::string_view kind) {
  struct Row {
    std::string name;
    std::string path;
  };
  std::vector<Row> rows;
  for (const auto& directory : directories) {
    if (!is_there(directory)) continue;
    for (const auto& path : listing(fs::path(directory) / kind))
      rows.push_back({path.filename().string(), path.string()});
  }
  std::ranges::stable_sort(rows, {}, &Row::name);
  std::vector<ProfileFile> out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    out.push_back({rows[i].path, i == 0 || rows[i].name != rows[i - 1].name});
  return out;
}

void need_usable(const std::vector<std::string>& directories) {
  for (const auto& directory : directories)
    for (const auto kind : {kTokens, kCas, kPlatforms})
      if (is_there(directory) && is_there(fs::path(directory) / kind)) return;
  throw base::Error(base::Code::bad_profile, directories.empty() ? "" : directories.front());
}

}  // namespace ukey::profile
