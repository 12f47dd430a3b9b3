// --trace: each PKCS#11 call as it returns, and a summary at the end.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "model/token.hpp"
#include "report/words.hpp"

namespace ukey::cli {

class Trace {
 public:
  /// Writes to `file` ("-" or "": stderr), which is made anew with mode 0600. Throws Error file_io.
  Trace(const std::string& file, report::Lang lang);
  /// Writes the summary.
  ~Trace();
  Trace(const Trace&) = delete;  // one summary
  Trace& operator=(const Trace&) = delete;

  /// One call; may come from several threads.
  void hear(const model::CallRecord& call);

 private:
  void say(const std::string& text) const;

  std::mutex mutex_;
  base::Descriptor file_;  ///< none: stderr
  report::Lang lang_;
  std::vector<model::CallRecord> calls_;
};

}  // namespace ukey::cli
