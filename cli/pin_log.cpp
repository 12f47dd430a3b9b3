#include "cli/pin_log.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/context.hpp"

namespace ukey::cli {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return base::decoded(base::as_bytes(name.data()));
}

/// The name of who runs this, the number when it has none; the environment is not asked.
std::string user_name() {
  std::array<char, 4096> room{};
  passwd row{};
  passwd* found = nullptr;
  if (getpwuid_r(getuid(), &row, room.data(), room.size(), &found) != 0 || found == nullptr)
    return std::to_string(getuid());
  return base::decoded(base::as_bytes(row.pw_name));
}

}  // namespace

PinLog::PinLog(const Context& context)
    : context_(context), path_(context.arguments().value("--log").value_or("")) {
  if (!context.arguments().flag("--log")) return;
  constexpr int kHow = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  file_ = base::Descriptor{open(path_.c_str(), kHow, 0600)};
  if (file_.number() < 0) throw base::Error{base::Code::file_io, path_};
}

void PinLog::begin(const model::TokenRef& token) { add(&token, "begun", nullptr); }

void PinLog::end(const model::TokenRef* token, model::PinResult result, const base::Error* error) {
  if (!lost_) add(token, report::symbol(result), error);
}

void PinLog::add(const model::TokenRef* token, std::string_view result, const base::Error* error) {
  if (file_.number() < 0) return;
  report::Json row;
  row["time"] = base::rfc3339(clock_now());
  row["user"] = user_name();
  row["host"] = host_name();
  row["token"] = nullptr;
  if (token != nullptr)
    row["token"] = report::Json{{"serial", token->serial}, {"label", token->label}};
  row["command"] = context_.arguments().command->name;
  row["result"] = result;
  row["error"] = error != nullptr ? report::Json(base::name(error->code())) : report::Json(nullptr);
  const std::string line = report::json_line(row);
  const ssize_t written = write(file_.number(), line.data(), line.size());
  lost_ = written != static_cast<ssize_t>(line.size()) ||
          (fsync(file_.number()) != 0 && (errno == EIO || errno == ENOSPC || errno == EDQUOT));
  if (lost_) throw base::Error{base::Code::file_io, path_};
}

}  // namespace ukey::cli
