#include <filesystem>
#include <map>
#include <set>

#include "profile/parts.hpp"
#include "profile/reader.hpp"
#include "profile/tree.hpp"

namespace ukey::profile {

namespace {

using Errors = std::vector<base::Error>;

/// Reads one file for its findings; what the reader returns is not wanted.
void examine(Table& root, std::string_view kind) {
  if (kind == kPlatforms)
    static_cast<void>(read_platform_table(root));
  else if (kind == kCas)
    static_cast<void>(read_ca(root));
  else
    static_cast<void>(read_token(root));
  root.finish();
}

std::string kind_of(const std::string& file, const Table& root) {
  const auto parent = std::filesystem::absolute(file).parent_path().filename().string();
  if (parent == kTokens || parent == kCas || parent == kPlatforms) return parent;
  if (root.has("issuers")) return std::string{kCas};
  return std::string{root.has("zone") || root.has("services") ? kPlatforms : kTokens};
}

/// Reads `file` into `findings`; an unreadable one goes to `errors`. An empty `kind` is found out.
void collect(const std::string& file, std::string_view kind, Findings& findings, Errors& errors) {
  try {
    const auto document = load(file);
    Table root(document, {1, ""}, findings);
    examine(root, kind.empty() ? kind_of(file, root) : std::string{kind});
  } catch (const base::Error& error) {
    errors.push_back(error);
  }
}

void append(Errors& errors, const Errors& more) {
  errors.insert(errors.end(), more.begin(), more.end());
}

/// What two effective files of a kind both hold: a finding in the later one.
class Claims {
 public:
  void add(const Findings& findings, Errors& errors) {
    for (const auto& mark : findings.claims())
      if (!seen_.insert(mark.what).second)
        errors.push_back(bad_profile(findings.file(), mark.place));
  }

 private:
  std::set<std::string> seen_;
};

}  // namespace

std::vector<base::Error> check_file(const std::string& file) {
  Errors errors;
  Findings findings(file);
  collect(file, "", findings, errors);
  append(errors, findings.errors());
  return errors;
}

std::vector<base::Error> check_profiles(const std::vector<std::string>& directories) {
  Errors errors;
  std::set<std::string> cas;
  Claims claims;
  try {
    need_usable(directories);
    for (const auto kind : {kTokens, kCas, kPlatforms}) {
      for (const auto& file : files_of(directories, kind)) {
        Findings findings(file.path);
        collect(file.path, kind, findings, errors);
        append(errors, findings.errors());
        if (kind == kCas) cas.insert(std::filesystem::path(file.path).stem().string());
        if (!file.effective) continue;
        claims.add(findings, errors);
        for (const auto& mark : findings.referred())
          if (!cas.contains(mark.what)) errors.push_back(bad_profile(file.path, mark.place));
      }
    }
  } catch (const base::Error& error) {
    errors.push_back(error);
  }
  return errors;
}

}  // namespace ukey::profile
