#include "practice/registry.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "practice/state_file.hpp"
#include "x509/bundle.hpp"
#include "x509/certificate.hpp"

namespace ukey::practice {

namespace {

namespace fs = std::filesystem;
using base::Code;
using base::Error;

constexpr std::size_t kLargestEntry = 65'536;  // octets of a file
constexpr std::string_view kBlock = "-----BEGIN";

constexpr std::array<std::pair<std::string_view, Brand>, 3> kBrands{
    {{"bjca", Brand::bjca}, {"hbca", Brand::hbca}, {"jsca", Brand::jsca}}};
constexpr std::array<std::pair<std::string_view, IssueState>, 3> kStates{
    {{"issued", IssueState::issued},
     {"confirmed", IssueState::confirmed},
     {"withdrawn", IssueState::withdrawn}}};

template <typename Table, typename Value>
std::string_view name_in(const Table& table, Value value) {
  for (const auto& [name, known] : table) {
    if (known == value) return name;
  }
  return "";
}

template <typename Table, typename Value>
bool set_by_name(const Table& table, std::string_view wanted, Value& value) {
  for (const auto& [name, known] : table) {
    if (name == wanted) return value = known, true;
  }
  return false;
}

bool set_line(Issue& issue, std::string_view key, std::string_view value) {
  if (key == "token") return issue.token = value, !value.empty();
  if (key == "renews") return issue.renews = value, true;
  if (key == "brand") return set_by_name(kBrands, value, issue.brand);
  if (key == "state") return set_by_name(kStates, value, issue.state);
  return false;
}

/// The lines before the certificates; false for one that is not understood.
bool set_lines(Issue& issue, std::string_view text) {
  text = text.substr(0, text.find(kBlock));
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto space = std::min(line.find(' '), line.size());
    const auto value = line.substr(std::min(space + 1, line.size()));
    if (!line.empty() && !set_line(issue, line.substr(0, space), value)) return false;
  }
  return !issue.token.empty();
}

Issue read_issue(const fs::path& file, unsigned long number) {
  try {
    const auto octets = base::read_file(file.string(), kLargestEntry);
    Issue issue;
    issue.number = number;
    if (!set_lines(issue, base::as_text(octets))) throw Error(Code::bad_input);
    for (const auto& der : x509::certificates_in(octets))
      issue.certificates.push_back(x509::parse_certificate(der));
    return issue;
  } catch (const Error& error) {
    throw error.about(file.string());
  }
}

/// The number in a file's name; absent for what is no issue.
std::optional<unsigned long> number_of(const fs::path& file) {
  const auto stem = file.stem().string();
  unsigned long number = 0;
  const auto* const end = stem.data() + stem.size();
  const auto read = std::from_chars(stem.data(), end, number);
  if (file.extension() != ".pem" || read.ec != std::errc{} || read.ptr != end || number == 0)
    return std::nullopt;
  return number;
}

std::vector<std::pair<unsigned long, fs::path>> files_in(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::pair<unsigned long, fs::path>> files;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (const auto number = number_of(at->path())) files.emplace_back(*number, at->path());
  }
  if (failed == std::errc::no_such_file_or_directory) throw Error(Code::bad_input, folder.string());
  if (failed) throw Error(Code::file_io, folder.string());
  std::sort(files.begin(), files.end());
  return files;
}

/// What tells a file from the one that was there before under its name: files are replaced whole.
struct Edition {
  ino_t node = 0;
  long seconds = 0, nanoseconds = 0;
  bool operator==(const Edition&) const = default;
};

std::optional<Edition> edition_of(const fs::path& file) {
  struct stat facts {};
  if (stat(file.c_str(), &facts) != 0) return std::nullopt;
  return Edition{facts.st_ino, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec};
}

}  // namespace

struct Registry::Memory {
  struct Known {
    std::optional<Edition> edition;
    Issue issue;
  };
  std::mutex mutex;
  std::map<unsigned long, Known> issues;
};

Registry::Registry(fs::path folder)
    : folder_(std::move(folder)), memory_(std::make_shared<Memory>()) {}

Entered find_certificate(std::span<const Issue> issues, base::ByteView der) {
  for (const auto& issue : issues) {
    for (const auto& certificate : issue.certificates) {
      if (std::ranges::equal(certificate.der, der)) return {&issue, &certificate};
    }
  }
  return {};
}

Entered last_certificate(std::span<const Issue> issues, std::string_view token, model::Role role) {
  Entered last;
  for (const auto& issue : issues) {
    if (issue.token != token || issue.state == IssueState::withdrawn) continue;
    for (const auto& certificate : issue.certificates) {
      if (certificate.role == role) last = {&issue, &certificate};
    }
  }
  return last;
}

void Registry::establish() const {
  std::error_code failed;
  fs::create_directories(folder_, failed);
  if (failed) throw Error(Code::file_io, folder_.string());
}

bool Registry::exists() const {
  std::error_code ignored;
  return fs::is_directory(folder_, ignored);
}

base::Descriptor Registry::hold() const {
  try {
    return held_file(folder_ / ".lock");
  } catch (const std::system_error&) {
    throw Error(Code::file_io, folder_.string());
  }
}

std::vector<Issue> Registry::issues() const {
  std::vector<Issue> issues;
  const std::lock_guard guard(memory_->mutex);
  for (const auto& [number, file] : files_in(folder_)) {
    const auto edition = edition_of(file);
    auto& known = memory_->issues[number];
    if (!edition || known.edition != edition) known = {edition, read_issue(file, number)};
    issues.push_back(known.issue);
  }
  return issues;
}

unsigned long Registry::add(const Issue& issue) const {
  const auto files = files_in(folder_);
  Issue entered = issue;
  entered.number = files.empty() ? 1 : files.back().first + 1;
  write(entered);
  return entered.number;
}

void Registry::set_state(Issue issue, IssueState state) const {
  issue.state = state;
  write(issue);
}

void Registry::write(const Issue& issue) const {
  auto text = fmt::format("token {}\nbrand {}\nstate {}\n", issue.token,
                          name_in(kBrands, issue.brand), name_in(kStates, issue.state));
  if (!issue.renews.empty()) text += fmt::format("renews {}\n", issue.renews);
  for (const auto& certificate : issue.certificates) text += x509::pem(certificate.der);
  const auto file = folder_ / fmt::format("{:04}.pem", issue.number);
  base::write_file(file.string(), base::as_bytes(text));
}

}  // namespace ukey::practice
