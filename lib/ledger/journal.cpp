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

std::string name_of(const Record& record) {
  return model::lasting_name({record.manufacturer, record.model, record.serial}, record.label);
}

std::string name_of(const model::TokenRef& token) {
  return model::lasting_name(token.identity(), token.label);
}

/// One folder a name, recognisable by people; the record itself is compared too.
fs::path folder_of(const std::string& folder, const std::string& serial, const std::string& name) {
  return fs::path{folder} / "renewals" / file_name(serial, name);
}

enum class Owner { this_token, another, unknown };

/// Whose the record is, by the certificates of a token with its name: of each item the former one
/// or the new one is there, unless the former was taken off a full token.
Owner owner_of(const Record& record, const std::vector<model::CertificateRow>& rows) {
  const auto holds = [&rows](const base::Bytes& der) {
    return std::ranges::any_of(rows, [&](const auto& row) { return row.certificate.der == der; });
  };
  auto out = Owner::unknown;
  for (const auto& item : record.items) {
    if (item.former.empty() || rows.empty()) continue;
    const bool there = holds(item.former) || (!item.fresh.empty() && holds(item.fresh));
    if (!there && !item.swapped) return Owner::another;
    if (there) out = Owner::this_token;
  }
  return out;
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
std::vector<fs::path> files_of(const std::string& folder, const model::TokenRef& token) {
  const auto place = folder_of(folder, token.serial, name_of(token));
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
    const auto place = folder_of(folder, record.serial, name_of(record));
    make_private(place.parent_path());
    make_private(place);
    Journal out{free_name(place, record.begun).string(), {}};
    out.put(record);
    return out;
  } catch (const fs::filesystem_error& error) {
    throw base::Error{base::Code::ledger, error.path1().string()};
  }
}

std::optional<Journal> Journal::open(const std::string& folder, const model::TokenRef& token) {
  for (const auto& file : files_of(folder, token)) {
    auto record = read_file(file.string());
    const bool of_token = record.label == token.label && name_of(record) == name_of(token);
    if (of_token && !is_over(record.stage)) return Journal{file.string(), std::move(record)};
  }
  return std::nullopt;
}

std::optional<Journal> Journal::open(const std::string& folder, const model::Card& card) {
  std::optional<Journal> out;
  for (const auto& file : files_of(folder, card.token)) {
    Journal one{file.string(), read_file(file.string())};
    const auto& record = one.record();
    if (is_over(record.stage) || name_of(record) != name_of(card.token)) continue;
    const auto owner = owner_of(record, card.certificates);
    if (owner == Owner::this_token) return one;
    if (owner == Owner::unknown && record.label == card.token.label && !out) out = std::move(one);
  }
  return out;
}

std::optional<Record> Journal::of_attempt(const std::string& folder, const model::TokenRef& token,
                                          const std::string& attempt) {
  for (const auto& file : files_of(folder, token)) {
    auto record = read_file(file.string());
    if (record.attempt == attempt && name_of(record) == name_of(token)) return record;
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
