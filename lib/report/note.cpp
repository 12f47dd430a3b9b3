#include "report/note.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/explanation.hpp"

namespace ukey::report {

std::string module_note(const model::ModuleRow& module, const Style& style) {
  const auto words = explain(module.error->about(module.file), style.lang);
  std::string line = printable(words.headline);
  if (!words.technical.empty()) line += dot(style) + printable(words.technical);
  if (module.profile) line += fmt::format(" ({})", printable(*module.profile));
  return fmt::format("{}{}\n", style.lang == Lang::zh ? "提示: " : "note: ", line);
}

std::string pin_question(std::string_view token, Lang lang) {
  return fmt::format("{} {}: ", lang == Lang::zh ? "请输入 PIN:" : "PIN of", printable(token));
}

std::string removal_question(std::string_view subject, Lang lang) {
  if (lang == Lang::zh) return fmt::format("将永久删除:{}。确定吗?(y/N) ", printable(subject));
  return fmt::format("This erases {} for good. Go on? (y/N) ", printable(subject));
}

std::string rehearsal_note(std::string_view command, Lang lang) {
  if (lang == Lang::zh) return fmt::format("演练：没有执行 {}，什么都没有改变\n", command);
  return fmt::format("dry run: {} was not tried, nothing was changed\n", command);
}

bool is_yes(std::string_view answer) {
  const auto said = base::ascii_lower(base::trimmed(answer));
  return said == "y" || said == "yes" || said == "是";
}

}  // namespace ukey::report
