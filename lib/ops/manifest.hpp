// A manifest read: which tokens a batch is of, as a spreadsheet wrote it down. It opens no PIN file
// and reads no variable.
#pragma once

#include <string>

#include "model/batch.hpp"
#include "model/profile.hpp"

namespace ukey::ops {

/// Reads the file at `path`: CSV in UTF-8 or GBK with a line of titles. A row that cannot be used
/// has an error of its own; lines without anything in them are no rows. `pin_file` comes out
/// absolute: a relative one is looked for in the manifest's folder, or in the current one when the
/// manifest is no regular file. Throws file_io, and bad_input (subject: the file, and the line and
/// the column where there is one; the cause says what is wrong) when nothing of it can be used.
[[nodiscard]] model::Manifest read_manifest(const std::string& path,
                                            const model::Platform& platform);

}  // namespace ukey::ops
