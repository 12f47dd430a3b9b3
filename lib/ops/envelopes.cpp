#include "ops/envelopes.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include "envelope/finding.hpp"
#include "ops/certificates.hpp"

namespace ukey::ops {

namespace fs = std::filesystem;

namespace {

using model::EnvelopeOpens;

constexpr std::size_t kMostFiles = 100'000;
constexpr int kMostLevels = 32;

model::EnvelopeRow failed(const std::string& path, base::Code code) {
  model::EnvelopeRow row;
  row.file = path;
  row.error.emplace(code, path);
  return row;
}

/// The files below a folder, and what of it cannot be read.
struct Listing {
  std::vector<std::string> files;
  std::vector<model::EnvelopeRow> errors;
};

Listing list(const std::string& folder) {
  Listing out;
  std::error_code failure;
  fs::recursive_directory_iterator at{folder, failure};
  for (; !failure && at != fs::recursive_directory_iterator{}; at.increment(failure)) {
    std::error_code unknown;
    if (at->is_directory(unknown)) {
      if (at->is_symlink(unknown) || at.depth() + 1 >= kMostLevels) at.disable_recursion_pending();
      if (at.depth() + 1 >= kMostLevels)
        out.errors.push_back(failed(at->path().string(), base::Code::bad_input));
    } else {
      out.files.push_back(at->path().string());
    }
    if (out.files.size() > kMostFiles) {
      out.errors.push_back(failed(folder, base::Code::bad_input));
      break;
    }
  }
  if (failure) out.errors.push_back(failed(folder, base::Code::file_io));
  if (out.files.empty() && out.errors.empty())
    out.errors.push_back(failed(folder, base::Code::bad_input));
  std::ranges::sort(out.files);
  return out;
}

void add(std::vector<model::EnvelopeRow>& to, std::vector<model::EnvelopeRow> rows) {
  std::ranges::move(rows, std::back_inserter(to));
}

}  // namespace

std::vector<model::EnvelopeRow> examine_envelopes(
    std::span<const std::string> paths, std::span<const model::CertificateRow> certificates) {
  std::vector<model::EnvelopeRow> rows;
  for (const auto& path : paths) {
    std::error_code unknown;
    if (!fs::is_directory(path, unknown)) {
      add(rows, envelope::find_envelopes(path, certificates));
      continue;
    }
    auto listing = list(path);
    for (const auto& file : listing.files) add(rows, envelope::find_envelopes(file, certificates));
    add(rows, std::move(listing.errors));
  }
  return rows;
}

TokenEnvelopes check_envelopes(const SharedBench& bench, std::span<const std::string> paths) {
  const auto read = read_token_certificates(bench, false);
  return {read.token, examine_envelopes(paths, read.rows)};
}

bool all_open(std::span<const model::EnvelopeRow> rows) {
  return !rows.empty() && std::ranges::all_of(rows, [](const auto& row) {
    return !row.error && row.opens != EnvelopeOpens::no;
  });
}

BidEnvelopes bid_envelopes(std::span<const std::string> paths,
                           std::span<const model::CertificateRow> certificates) {
  BidEnvelopes out;
  for (auto& row : examine_envelopes(paths, certificates)) {
    if (row.error)
      out.unread.push_back(std::move(row));
    else if (row.opens == EnvelopeOpens::current)
      out.current.push_back(std::move(row));
    else
      ++out.others;
  }
  return out;
}

}  // namespace ukey::ops
