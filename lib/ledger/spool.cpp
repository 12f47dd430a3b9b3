#include "ledger/spool.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ledger/file_name.hpp"
#include "ledger/place.hpp"

namespace ukey::ledger {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestEntry = 16U << 20;  // octets of one entry

std::optional<Entry> read_entry_file(const std::string& path) {
  try {
    return read_entry(base::as_text(base::read_file(path, kLargestEntry)));
  } catch (const base::Error&) {
    return std::nullopt;  // gone to the database meanwhile, or nothing that we can read
  }
}

/// One name for one ledger, whatever folder a program stands in.
fs::path folder_of(const std::string& place) {
  if (is_server(place)) return file_name("postgresql", place);
  const auto path = fs::absolute(place).lexically_normal();
  return file_name(path.filename().string(), path.string());
}

}  // namespace

Spool::Spool(const std::string& folder, const std::string& place)
    : folder_((fs::path{folder} / folder_of(place)).string()) {}

void Spool::keep(const Entry& entry) const {
  const auto path = (fs::path{folder_} / (entry_key(entry) + ".json")).string();
  try {
    base::make_private_folder(folder_);
    base::write_file(path, base::as_bytes(entry_text(entry)));
  } catch (const base::Error& error) {
    throw base::Error{base::Code::ledger, error.subject()};
  }
}

std::vector<std::string> Spool::files() const {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator at{folder_, failed}, end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".json") out.push_back(at->path().string());
  std::ranges::sort(out);
  return out;
}

std::vector<Spool::Waiting> Spool::waiting() const {
  std::vector<Waiting> out;
  for (auto& path : files())
    if (auto entry = read_entry_file(path)) out.push_back({std::move(path), std::move(*entry)});
  return out;
}

void Spool::remove(const Waiting& entry) { unlink(entry.path.c_str()); }

std::size_t Spool::size() const { return files().size(); }

}  // namespace ukey::ledger
