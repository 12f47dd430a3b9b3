// read_trust: files and directories.
#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "x509/bundle.hpp"
#include "x509/chain.hpp"

namespace ukey::x509 {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestFile = 16U << 20;
constexpr std::size_t kMostTrusted = 1000;
constexpr std::array<std::string_view, 6> kEndings{".pem", ".crt", ".cer", ".der", ".p7b", ".crl"};

std::vector<std::string> trust_files_of(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator it{directory, error}, end; !error && it != end; it.increment(error)) {
    const auto ending = base::ascii_lower(it->path().extension().string());
    std::error_code unreadable;  // a dangling link is no file; opening what remains tells the rest
    if (std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end() &&
        it->is_regular_file(unreadable))
      paths.push_back(it->path().string());
  }
  if (error) throw base::Error{base::Code::file_io, directory};
  std::sort(paths.begin(), paths.end());
  return paths;
}

void add(std::vector<base::Bytes>& to, std::vector<base::Bytes> from, const std::string& path) {
  for (auto& der : from) {
    if (std::find(to.begin(), to.end(), der) != to.end()) continue;
    if (to.size() == kMostTrusted) throw base::Error{base::Code::bad_input, path};
    to.push_back(std::move(der));
  }
}

void add_file(Trust& trust, const std::string& path) {
  const auto octets = base::read_file(path, kLargestFile);
  try {
    auto bundle = read_bundle(octets);
    add(trust.certificates, std::move(bundle.certificates), path);
    add(trust.crls, std::move(bundle.crls), path);
  } catch (const base::Error& error) {
    throw error.about(path);
  }
}

}  // namespace

Trust read_trust(const std::vector<std::string>& files,
                 const std::vector<std::string>& directories) {
  Trust trust;
  for (const auto& file : files) add_file(trust, file);
  for (const auto& directory : directories)
    for (const auto& file : trust_files_of(directory)) add_file(trust, file);
  return trust;
}

}  // namespace ukey::x509
