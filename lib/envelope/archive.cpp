#include "envelope/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace ukey::envelope {

namespace {

constexpr std::size_t kBlock = 64 * 1024;
constexpr std::size_t kMostEntries = 10'000;

struct Freed {
  void operator()(archive* owned) const { archive_read_free(owned); }
};
using Archive = std::unique_ptr<archive, Freed>;

bool is_gzip(base::ByteView beginning) {
  return base::as_text(beginning).starts_with("\x1f\x8b\x08");
}

/// What gzip made may be one file of any kind; else only containers are looked into.
Archive reader(bool gzip) {
  Archive out{archive_read_new()};
  const auto has = [](int result) { return result == ARCHIVE_OK; };
  const bool made = out && has(archive_read_support_format_tar(out.get())) &&
                    has(gzip ? archive_read_support_filter_gzip(out.get())
                             : archive_read_support_format_zip(out.get())) &&
                    (!gzip || has(archive_read_support_format_raw(out.get())));
  if (!made) throw base::Error{base::Code::bug, "libarchive"};
  return out;
}

/// What libarchive pulls a container from; an exception waits here until its C code is left.
struct Source {
  Stream& stream;
  std::array<std::uint8_t, kBlock> block{};
  std::exception_ptr failure;
};

la_ssize_t pull(archive* reading, void* data, const void** block) {
  auto& source = *static_cast<Source*>(data);
  try {
    *block = source.block.data();
    return static_cast<la_ssize_t>(source.stream.read(source.block));
  } catch (...) {  // thrown again by `walk`
    source.failure = std::current_exception();
    archive_set_error(reading, EIO, "source");
    return ARCHIVE_FATAL;
  }
}

/// libarchive converts names to the thread's character set, and drops those that do not fit it.
class Utf8Names {
 public:
  Utf8Names() : made_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (made_ != nullptr) before_ = uselocale(made_);
  }
  ~Utf8Names() {
    if (made_ == nullptr) return;
    uselocale(before_);
    freelocale(made_);
  }
  Utf8Names(const Utf8Names&) = delete;             // put back once
  Utf8Names& operator=(const Utf8Names&) = delete;  // same

 private:
  locale_t made_;
  locale_t before_ = nullptr;
};

/// "#3" for the third entry when it has no name.
std::string name_of(archive_entry* entry, std::size_t index) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr || *name == '\0') return "#" + std::to_string(index + 1);
  return base::decoded(base::as_bytes(name));
}

Stream contents_of(archive* reading, Budget& budget) {
  return Stream{[reading, &budget](std::span<std::uint8_t> room) -> std::size_t {
    const auto got = archive_read_data(reading, room.data(), room.size());
    if (got < 0) refuse();
    budget.left -= std::min(budget.left, static_cast<std::uint64_t>(got));
    if (budget.left == 0) refuse();
    return static_cast<std::size_t>(got);
  }};
}

/// Where nothing can be leapt over, libarchive would inflate the rest of an entry unseen.
void drain(archive* reading, Budget& budget) {
  auto rest = contents_of(reading, budget);
  base::Bytes room(kBlock);
  try {
    while (rest.read(room) > 0) {
    }
  } catch (const base::Error&) {  // of this entry alone, or the budget is spent
  }
}

void walk(archive* reading, bool leaps, Budget& budget, const Visit& visit,
          const Complain& complain) {
  const Utf8Names names;
  for (std::size_t count = 0;; ++count) {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(reading, &entry);
    if (result == ARCHIVE_EOF) return;
    if (result < ARCHIVE_WARN || count == kMostEntries || budget.entries == 0) refuse();
    --budget.entries;
    if (archive_entry_filetype(entry) != AE_IFREG) continue;
    const auto name = name_of(entry, count);
    try {
      visit(name, contents_of(reading, budget));
    } catch (const base::Error& error) {
      if (error.code() != base::Code::bad_input) throw;
      complain(name, error);
    }
    if (!leaps || archive_filter_code(reading, 0) != ARCHIVE_FILTER_NONE) drain(reading, budget);
    if (budget.left == 0) refuse();
  }
}

}  // namespace

bool is_container(base::ByteView beginning) {
  constexpr std::size_t kTarMagic = 257;
  const auto text = base::as_text(beginning);
  return text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06") || is_gzip(beginning) ||
         (text.size() > kTarMagic && text.substr(kTarMagic).starts_with("ustar"));
}

void walk_container(const std::string& path, Budget& budget, const Visit& visit,
                    const Complain& complain) {
  const base::Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  std::array<std::uint8_t, 3> beginning{};
  if (file.number() < 0 || pread(file.number(), beginning.data(), beginning.size(), 0) < 0)
    throw base::Error{base::Code::file_io, path};
  const auto reading = reader(is_gzip(beginning));
  if (archive_read_open_fd(reading.get(), file.number(), kBlock) != ARCHIVE_OK) refuse();
  walk(reading.get(), true, budget, visit, complain);
}

void walk_container(Stream& container, Budget& budget, const Visit& visit,
                    const Complain& complain) {
  const auto source = std::make_unique<Source>(Source{container, {}, {}});
  const auto reading = reader(is_gzip(container.peek(kBeginning)));
  try {
    if (archive_read_open(reading.get(), source.get(), nullptr, pull, nullptr) != ARCHIVE_OK)
      refuse();
    walk(reading.get(), false, budget, visit, complain);
  } catch (const base::Error&) {
    if (source->failure) std::rethrow_exception(source->failure);
    throw;
  }
}

}  // namespace ukey::envelope
