#include "cli/trust.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "cli/places.hpp"
#include "x509/bundle.hpp"

namespace ukey::cli {

namespace {

constexpr std::size_t kMost = 16U << 20;

bool holds_list(const std::string& file) {
  return !x509::read_bundle(base::read_file(file, kMost)).crls.empty();
}

}  // namespace

x509::Trust trust_of(const Arguments& arguments, const std::optional<std::string>& token_profile) {
  auto folders = trust_folders(token_profile);
  for (const auto& folder : arguments.list("--ca-dir")) folders.push_back(folder);
  auto files = arguments.list("--ca-file");
  for (const auto& file : arguments.list("--crl")) {
    if (!holds_list(file)) throw base::Error{base::Code::bad_input, file};
    files.push_back(file);
  }
  return x509::read_trust(files, folders);
}

}  // namespace ukey::cli
