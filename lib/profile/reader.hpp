// Reads pkcs11-profiles/ strictly: what a file says and nobody understands is an error, with the
// line and the key. It refuses to judge, to search for modules, and to know where profiles are
// installed.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "model/profile.hpp"

namespace ukey::profile {

/// One file each. Throws Error bad_profile with subject "FILE:LINE: KEY" (the first finding by
/// line; "FILE:LINE" at a syntax error, "FILE" when it is larger than 1 MiB), or file_io (subject:
/// the file) when it cannot be read.
[[nodiscard]] model::TokenProfile read_token_profile(const std::string& file);
[[nodiscard]] model::CaProfile read_ca_profile(const std::string& file);
[[nodiscard]] model::Platform read_platform(const std::string& file);

/// Every profile of `directories`, of each kind by id. Of two files of one kind and name, the one
/// in the earlier directory is read and the other is not looked at. A directory that is not there
/// is skipped; so is whatever in it does not end in ".toml" or begins with a dot. Throws what the
/// readers above throw, file_io (subject: the directory) when one cannot be listed, bad_profile
/// (subject: the first directory, or "") when none has tokens/, cas/ or platforms/.
[[nodiscard]] model::Profiles read_profiles(const std::vector<std::string>& directories);

/// Everything that is wrong in `file`; its kind is that of the directory it lies in, else it is
/// told by its keys. Empty: nothing.
[[nodiscard]] std::vector<base::Error> check_file(const std::string& file);

/// Everything that is wrong in `directories`, files that others take the place of included, and
/// between the files that `read_profiles` would take: a CA that a platform names and no file
/// describes; a match, an issuer pattern that two files hold.
[[nodiscard]] std::vector<base::Error> check_profiles(const std::vector<std::string>& directories);

/// The labels by which seals are known when a profile says nothing else, or a token matches no
/// profile.
[[nodiscard]] model::SealLabels default_seal_labels();

}  // namespace ukey::profile
