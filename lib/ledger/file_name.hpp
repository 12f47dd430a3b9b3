// Names of files and folders for what may be called anything. It refuses characters that mean
// something to a file system or a shell.
#pragma once

#include <string>
#include <string_view>

namespace ukey::ledger {

/// The beginning of `readable` as far as a file name may hold it, so that people know it again,
/// and a number mixed from `whole`, which tells apart what looks alike.
[[nodiscard]] std::string file_name(std::string_view readable, std::string_view whole);

}  // namespace ukey::ledger
