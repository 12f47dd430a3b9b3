#include "profile/reader.hpp"

#include "profile/parts.hpp"
#include "profile/tree.hpp"

namespace ukey::profile {

namespace {

template <class Model>
Model read_one(const std::string& file, Model (*read)(Table&)) {
  const auto document = load(file);
  Findings findings(file);
  Table root(document, {1, ""}, findings);
  Model model = read(root);
  root.finish();
  findings.throw_first();
  return model;
}

template <class Model>
std::vector<Model> read_kind(const std::vector<std::string>& directories, std::string_view kind,
                             Model (*read)(Table&)) {
  std::vector<Model> out;
  for (const auto& file : files_of(directories, kind))
    if (file.effective) out.push_back(read_one(file.path, read));
  return out;
}

}  // namespace

model::TokenProfile read_token_profile(const std::string& file) {
  return read_one(file, read_token);
}

model::CaProfile read_ca_profile(const std::string& file) { return read_one(file, read_ca); }

model::Platform read_platform(const std::string& file) {
  return read_one(file, read_platform_table);
}

model::Profiles read_profiles(const std::vector<std::string>& directories) {
  need_usable(directories);
  return {read_kind(directories, kTokens, read_token), read_kind(directories, kCas, read_ca),
          read_kind(directories, kPlatforms, read_platform_table)};
}

}  // namespace ukey::profile
