// Where things lie on this machine: profiles, modules, the practice drawer. It only finds; reading
// is others' work.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.hpp"
#include "model/profile.hpp"

namespace ukey::cli {

/// The environment variable, absent when unset or empty.
[[nodiscard]] std::optional<std::string> environment(const char* name);

/// The variable's octets, wiped where they stood and unset, so that no child, core or /proc shows
/// them; nullptr when it is not set. Throws Error pin_invalid (subject: the option that named it,
/// for the name may be a PIN) when it is too long for one.
[[nodiscard]] std::shared_ptr<base::Secret> taken_secret(const std::string& name,
                                                         const std::string& option);

/// The folder above the one the program lies in ("/usr/local" for /usr/local/bin/ukey), from
/// /proc/self/exe.
[[nodiscard]] std::string install_prefix();

/// Folders of profiles, most important first: `named` (or UKEY_PROFILES), /etc/ukey, the installed
/// ones. A named folder that does not exist is an Error file_io.
[[nodiscard]] std::vector<std::string> profile_folders(const std::optional<std::string>& named);

/// The first existing file of those that the profile names: absolute ones as they are, bare names
/// in ukey's own module folder and the system's library folders. Absent when this machine has none.
[[nodiscard]] std::optional<std::string> module_of(const model::TokenProfile& profile);

/// The module that a user named: a path as it is (absolute, so that the loader does not search
/// elsewhere); a bare name that is no file here is looked for where modules lie. What is found
/// nowhere comes back unchanged.
[[nodiscard]] std::string module_named(const std::string& name);

/// Folders of CA certificates that are trusted without being named: /etc/ukey/ca and, only for a
/// token of that profile, the practice drawer's.
[[nodiscard]] std::vector<std::string> trust_folders(
    const std::optional<std::string>& token_profile);

/// UKEY_PRACTICE, else the XDG data folder's ukey/practice. Throws Error file_io when there is no
/// home either.
[[nodiscard]] std::string practice_folder();

/// Where runs of this program know of each other: ukey in the XDG state folder (a relative one does
/// not count), else in ~/.local/state. "" when there is no home either.
[[nodiscard]] std::string state_folder();

}  // namespace ukey::cli
