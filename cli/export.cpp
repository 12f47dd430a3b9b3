#include "cli/export.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace ukey::cli {

namespace fs = std::filesystem;

namespace {

void make_folder(const std::string& path) {
  std::error_code failed;
  fs::create_directories(path, failed);
  if (failed || !fs::is_directory(path)) throw base::Error{base::Code::file_io, path};
}

/// "a.png", "a-2.png" …: the first that is not taken in this run.
std::string free_name(std::set<std::string>& taken, const std::string& name) {
  const fs::path wanted{name};
  std::string out = name;
  for (int count = 2; !taken.insert(out).second; ++count)
    out = wanted.stem().string() + "-" + std::to_string(count) + wanted.extension().string();
  return out;
}

}  // namespace

std::string safe_name(const std::string& name) {
  std::string out;
  for (const char c : base::printable(name)) out += c == '/' || c == '\\' || c == ' ' ? '_' : c;
  out.erase(
      0, out.find_first_not_of('.') == std::string::npos ? out.size() : out.find_first_not_of('.'));
  return out.empty() ? "unnamed" : out;
}

int export_outputs(Context& context, report::Json document, const std::vector<Output>& outputs,
                   bool joinable) {
  const auto out = context.arguments().value("--out").value_or("-");
  if (out == "-") {
    if (context.json() || (outputs.size() > 1 && !joinable))
      throw base::Error{base::Code::usage, "--out FILE|DIR"}.because(base::Cause::missing_word);
    for (const auto& output : outputs) put(context.out(), base::as_text(output.octets), false);
    return 0;
  }
  std::error_code ignored;
  const bool folder = outputs.size() > 1 || out.ends_with('/') || fs::is_directory(out, ignored);
  if (folder) make_folder(out);
  std::set<std::string> taken;
  std::vector<report::WrittenFile> files;
  for (const auto& output : outputs) {
    const std::string path =
        folder ? (fs::path{out} / free_name(taken, safe_name(output.name))).string() : out;
    base::write_file(path, output.octets);
    files.push_back({base::decoded(base::as_bytes(path)), output.octets.size()});
  }
  document["files"] = report::describe_files(files);
  return context.emit(document);
}

}  // namespace ukey::cli
