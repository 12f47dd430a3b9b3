#include "cli/trust.hpp"

#include "cli/places.hpp"

namespace ukey::cli {

x509::Trust trust_of(const Arguments& arguments, const std::optional<std::string>& token_profile) {
  auto folders = trust_folders(token_profile);
  for (const auto& folder : arguments.list("--ca-dir")) folders.push_back(folder);
  auto files = arguments.list("--ca-file");
  for (const auto& file : arguments.list("--crl")) files.push_back(file);
  return x509::read_trust(files, folders);
}

}  // namespace ukey::cli
