// Which files the profile directories hold, in order of priority. It opens none of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ukey::profile {

/// The subdirectories, one a kind of file.
inline constexpr std::string_view kTokens = "tokens", kCas = "cas", kPlatforms = "platforms";

struct ProfileFile {
  std::string path;
  bool effective = true;  ///< false: an earlier directory has a file of this kind and name
};

/// The files of one kind, by name, an effective one before those that it hides. Throws Error
/// file_io (subject: the directory) when one cannot be listed.
[[nodiscard]] std::vector<ProfileFile> files_of(const std::vector<std::string>& directories,
                                                std::string_view kind);

/// Throws Error bad_profile (subject: the first directory, or "") when no directory has any of the
/// kinds.
void need_usable(const std::vector<std::string>& directories);

}  // namespace ukey::profile
