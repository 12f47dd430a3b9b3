// Files read and written whole, with bounds. It refuses to decide where anything lies.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.hpp"
#include "base/pending_file.hpp"

namespace ukey::base {

/// The contents of the regular file or pipe at `path`, at most `most` octets. Throws Error file_io
/// (subject: path) when it cannot be read or is something else, bad_input when it is larger.
[[nodiscard]] Bytes read_file(const std::string& path, std::size_t most);

/// Writes a whole PendingFile: it appears under its name only when it is complete and on disk.
/// Throws Error file_io (subject: path).
void write_file(const std::string& path, ByteView contents, Readers readers = Readers::all);

/// Makes the folder `path` and those above it that are missing, for their owner alone (mode 0700);
/// those that are there stay as they are. Throws Error file_io about the one that cannot be made.
void make_private_folder(const std::string& path);

}  // namespace ukey::base
