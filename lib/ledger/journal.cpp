#include "ledger/journal.hpp"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ledger/file_name.hpp"

namespace ukey::ledger {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestRecord = 16U << 20;  // octets of one record

/// One folder a token, recognisable by people; the record itself is compared too.
fs::path folder_of(const std::string& folder, const std::string& manufacturer,
                   const std::string& model, const std::string& serial, const std::string& label) {
  const std::string whole =
      manufacturer + '\0' + model + '\0' + serial + '\0' + (serial.empty() ? label : "");
  return fs::path{folder} / "renewals" / file_name(serial, whole);
}

bool is_of(const Record& record, const model::TokenInfo& token) {
  return record.manufacturer == token.manufacturer && record.model == token.model &&
         record.serial == token.serial && (!token.serial.empty() || record.label == token.label);
}

/// "20261122T160000Z", and a number when that second has one already.
fs::path free_name(const fs::path& folder, base::Time begun) {
  std::string stem;
  for (const char c : base::rfc3339(begun))
    if (c != '-' && c != ':') stem += c;
  for (int number = 0;; ++number) {
    auto path = folder / (stem + (number == 0 ? "" : "-" + std::to_string(number)) + ".json");
    if (!fs::exists(path)) return path;
  }
}

void make_private(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) fs::permissions(folder, fs::perms::owner_all, fs::perm_options::replace, failed);
  if (failed) throw base::Error{base::Code::ledger, folder.string()};
}

/// Whatever else bears the name of a record would be waited for, or is none.
Record read_file(const std::string& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) throw base::Error{base::Code::ledger, path};
  try {
    return read_record(base::as_text(base::read_file(path, kLargestRecord)));
  } catch (const base::Error&) {
    throw base::Error{base::Code::ledger, path};
  }
}

/// The records of this token, the newest first.
std::vector<fs::path> files_of(const std::string& folder, const model::TokenInfo& token) {
  const auto place = folder_of(folder, token.manufacturer, token.model, token.serial, token.label);
  std::error_code failed;
  std::vector<fs::path> files;
  for (fs::directory_iterator at{place, failed}, end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".json") files.push_back(at->path());
  const bool nowhere =
      failed == std::errc::no_such_file_or_directory || failed == std::errc::not_a_directory;
  if (failed && !nowhere) throw base::Error{base::Code::ledger, place.string()};
  std::ranges::sort(files, std::greater{});
  return files;
}

}  // namespace

Journal Journal::begin(const std::string& folder, const Record& record) {
  try {
    const auto place =
        folder_of(folder, record.manufacturer, record.model, record.serial, record.label);
    make_private(place.parent_path());
    make_private(place);
    Journal out{free_name(place, record.begun).string(), {}};
    out.put(record);
    return out;
  } catch (const fs::filesystem_error& error) {
    throw base::Error{base::Code::ledger, error.path1().string()};
  }
}

std::optional<Journal> Journal::open(const std::string& folder, const model::TokenInfo& token) {
  for (const auto& file : files_of(folder, token)) {
    auto record = read_file(file.string());
    if (!is_over(record.stage) && is_of(record, token)) return Journal{file.string(), record};
  }
  return std::nullopt;
}

std::optional<Journal> Journal::open(const std::string& folder, const model::TokenRef& token) {
  return open(folder, token.info());
}

std::optional<Record> Journal::of_attempt(const std::string& folder, const model::TokenRef& token,
                                          const std::string& attempt) {
  const auto info = token.info();
  for (const auto& file : files_of(folder, info)) {
    auto record = read_file(file.string());
    if (record.attempt == attempt && is_of(record, info)) return record;
  }
  return std::nullopt;
}

void Journal::put(const Record& record) {
  try {
    base::write_file(path_, base::as_bytes(record_text(record)));
  } catch (const base::Error&) {
    throw base::Error{base::Code::ledger, path_};
  }
  record_ = record;
}

}  // namespace ukey::ledger
