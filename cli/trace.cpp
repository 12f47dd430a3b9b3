#include "cli/trace.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"
#include "report/trace.hpp"

namespace ukey::cli {

Trace::Trace(const std::string& file, report::Lang lang) : lang_(lang) {
  if (file.empty() || file == "-") return;
  // A pipe that nobody reads is an error, not a wait; one that is read slowly loses nothing.
  constexpr int kHow = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  file_ = base::Descriptor{open(file.c_str(), kHow, 0600)};
  if (file_.number() < 0 || fcntl(file_.number(), F_SETFL, 0) != 0)
    throw base::Error{base::Code::file_io, file};
}

Trace::~Trace() { say(report::trace_summary(calls_, lang_)); }

void Trace::hear(const model::CallRecord& call) {
  const std::lock_guard guard{mutex_};
  calls_.push_back(call);
  say(report::trace_line(call) + "\n");
}

void Trace::say(const std::string& text) const {
  const int target = file_.number() < 0 ? STDERR_FILENO : file_.number();
  (void)!write(target, text.data(), text.size());  // a trace that cannot be written ends no work
}

}  // namespace ukey::cli
