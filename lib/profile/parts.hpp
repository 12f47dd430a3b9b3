// The readers of the three kinds of file, for reader.cpp and check.cpp. They add to the table's
// findings and never throw for what a file says.
#pragma once

#include <cstddef>
#include <string>

#include "model/profile.hpp"
#include "profile/table.hpp"

namespace ukey::profile {

/// Nothing worth reading as a profile is larger, octets.
inline constexpr std::size_t kMostFile = 1024 * 1024;

/// The file as TOML. Throws Error file_io when it cannot be read; bad_profile "FILE" when it is
/// larger than kMostFile, "FILE:LINE" at a syntax error, a multi-line string, or keys dotted past
/// all measure.
[[nodiscard]] toml::table load(const std::string& file);

/// The `id` of the file, which must be the file's name without ".toml".
[[nodiscard]] std::string read_id(Table& root);

/// The optional list `unconfirmed`: paths of keys that must be in this file.
[[nodiscard]] std::vector<std::string> read_unconfirmed(Table& root);

/// The keys of a [contact] table, each optional, at least one given.
[[nodiscard]] model::Contact read_contact(Table& contact);

/// The whole file, by kind; `root.finish()` is left to the caller.
[[nodiscard]] model::TokenProfile read_token(Table& root);
[[nodiscard]] model::CaProfile read_ca(Table& root);
[[nodiscard]] model::Platform read_platform_table(Table& root);

/// Lower-case letters, digits, "-" and "_", a letter or digit first, at most 64.
[[nodiscard]] bool is_id(std::string_view text);

/// Dotted decimal, two arcs or more, no leading zeros.
[[nodiscard]] bool is_oid(std::string_view text);

inline constexpr Symbols<model::SealRole, 3> kSealRoles{
    {{"unit", model::SealRole::unit},
     {"legal_rep", model::SealRole::legal_rep},
     {"signature", model::SealRole::signature}}};

}  // namespace ukey::profile
