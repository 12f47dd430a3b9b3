#include "cli/pin_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/time.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/recording.hpp"
#include "cli/workplace.hpp"

namespace ukey::cli {

PinLog::PinLog(const Context& context)
    : context_(context), path_(context.arguments().value("--log").value_or("")) {
  if (context.arguments().command->run == cmd_pin_unlock)
    recording_ =
        new_recording(context, open_book(context), new_attempt(model::AttemptKind::pin_unlock));
  if (!context.arguments().flag("--log")) return;
  constexpr int kHow = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  file_ = base::Descriptor{open(path_.c_str(), kHow, 0600)};
  if (file_.number() < 0) throw base::Error{base::Code::file_io, path_};
}

void PinLog::begin(const model::TokenRef& token) {
  add(&token, "begun", nullptr);
  if (!recording_) return;
  recording_->seen(token);
  recording_->began();
}

void PinLog::end(const model::TokenRef* token, model::PinResult result, const base::Error* error) {
  if (recording_ && token != nullptr && result != model::PinResult::not_tried) {
    recording_->seen(*token);
    recording_->ended(model::AttemptResult::unlocked, error);
  }
  if (!lost_) add(token, report::symbol(result), error);
}

void PinLog::add(const model::TokenRef* token, std::string_view result, const base::Error* error) {
  if (file_.number() < 0) return;
  report::Json row;
  row["time"] = base::rfc3339(clock_now());
  row["user"] = user_name();
  row["host"] = host_name();
  row["token"] = nullptr;
  if (token != nullptr) {
    row["token"]["serial"] = token->serial;
    row["token"]["label"] = token->label;
  }
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
