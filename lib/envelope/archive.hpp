// The files in a container (ZIP, tar, what gzip made), streamed one after another. It refuses to
// write any of them down, to follow their names, and to inflate without end.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "envelope/stream.hpp"

namespace ukey::envelope {

/// As much of a file's beginning as tells a container.
inline constexpr std::size_t kBeginning = 512;

/// True for the beginning of a ZIP file (APPNOTE 4.3.7, 4.3.16), of a tar file (POSIX.1-1988 and
/// later), or of anything that gzip made.
[[nodiscard]] bool is_container(base::ByteView beginning);

/// What containers, those inside one another together, may still hold; what goes beyond it is
/// bad_input.
struct Budget {
  std::uint64_t left = 0;        ///< octets to be inflated
  std::size_t entries = 50'000;  ///< files, folders, links
};

/// Called for each file in the container, with its name in UTF-8. Reading what cannot be inflated
/// throws Error bad_input, which may leave `visit`; it concerns that file alone.
using Visit = std::function<void(const std::string& name, Stream contents)>;
/// Hears which file of the container an Error that left `visit` is about.
using Complain = std::function<void(const std::string& name, const base::Error& error)>;

/// Visits each regular file in the container at `path`, which is read with seeks, a ZIP file
/// by its directory.
/// Throws Error file_io (subject: path); bad_input when the container is broken or has more than
/// 10,000 entries.
void walk_container(const std::string& path, Budget& budget, const Visit& visit,
                    const Complain& complain);
/// The same with a container that streams by: what is passed over is inflated, and counts.
void walk_container(Stream& container, Budget& budget, const Visit& visit,
                    const Complain& complain);

}  // namespace ukey::envelope
