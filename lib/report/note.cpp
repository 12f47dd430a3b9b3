#include "report/note.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/explanation.hpp"
#include "report/phrases.hpp"
#include "report/table.hpp"

namespace ukey::report {

namespace {

std::string warned(std::string_view text, const Style& style) {
  return fmt::format("{}{}", pick(style.lang, "警告：", "warning: "), text);
}

std::string noted(std::string_view text, const Style& style) { return warned(text, style) + "\n"; }

/// A token; the tokens of a batch where it is none.
std::string whom(std::string_view token, Lang lang) {
  if (token.empty()) return std::string{pick(lang, "本批各把锁", "the tokens of this batch")};
  return printable(token);
}

}  // namespace

std::string module_note(const model::ModuleRow& module, const Style& style) {
  const auto words = explain(module.error->about(module.file), style.lang);
  std::string line = printable(words.headline);
  if (!words.technical.empty()) line += dot(style) + printable(words.technical);
  if (module.profile)
    line = say(Phrase::date_and_note, style.lang, line, printable(*module.profile));
  return fmt::format("{}{}\n", style.lang == Lang::zh ? "注意：" : "note: ", line);
}

std::string pin_question(PinAsked which, std::string_view token, Lang lang) {
  const auto words = [&]() -> std::string_view {
    switch (which) {
      case PinAsked::user:
        return pick(lang, "请输入 PIN：", "PIN of");
      case PinAsked::so:
        return pick(lang, "请输入管理员 PIN：", "SO PIN of");
      case PinAsked::fresh:
        return pick(lang, "请输入新 PIN：", "New PIN of");
      case PinAsked::again:
        break;
    }
    return pick(lang, "请再输入一遍新 PIN：", "Once more, the new PIN of");
  }();
  const auto subject = whom(token, lang);
  return lang == Lang::zh ? fmt::format("{}{}：", words, subject)
                          : fmt::format("{} {}: ", words, subject);
}

std::string readable_file_note(std::string_view file, const Style& style) {
  const auto text = pick(style.lang, "别人也能读这个 PIN 文件（请 chmod 600）：",
                         "others can read this PIN file (chmod 600 it): ");
  return noted(std::string{text} + printable(file), style);
}

std::string dressed_note(std::string_view source, const Style& style) {
  const auto text =
      pick(style.lang, "这个PIN带着引号，或前面有字样，会一并发给锁：",
           "this PIN has quotation marks or words about it, which are sent as well: ");
  return noted(std::string{text} + printable(source), style);
}

std::string as_is_question(std::string_view token, Lang lang) {
  if (lang == Lang::zh)
    return fmt::format("输入的 PIN 含有全角、空格等特殊字符。照样发给 {} 吗？(y/N) ",
                       whom(token, lang));
  return fmt::format("This PIN has other than plain characters. Send it to {} as it is? (y/N) ",
                     whom(token, lang));
}

std::string unused_pin_note(std::string_view options, const Style& style) {
  const auto text = pick(style.lang, "这个PIN在锁的键盘上输入，给出的不用：",
                         "this PIN is typed on the token itself; what was given is not used: ");
  return noted(std::string{text} + printable(options), style);
}

std::string typed_there_note(PinAsked which, std::string_view token, const Style& style) {
  const auto words = [&]() -> std::string_view {
    switch (which) {
      case PinAsked::user:
        return pick(style.lang, "请在锁的键盘上输入PIN：",
                    "now type the PIN on the token itself: ");
      case PinAsked::so:
        return pick(style.lang, "请在锁的键盘上输入管理员PIN：",
                    "now type the SO PIN on the token itself: ");
      case PinAsked::fresh:
      case PinAsked::again:
        break;
    }
    return pick(style.lang, "请在锁的键盘上输入新PIN：",
                "now type the NEW PIN on the token itself: ");
  }();
  return fmt::format("{}{}\n", words, printable(token));
}

std::string as_of_note(const Style& style) {
  return noted(pick(style.lang, "给了 --as-of：判断按那个时间，锁却是现在改动",
                    "--as-of was given: judged as of that time, but the token is changed now"),
               style);
}

std::string doubt_note(model::PinDoubt doubt, std::string_view token, const Style& style) {
  const auto words = [&]() -> std::string_view {
    switch (doubt) {
      case model::PinDoubt::not_locked:
        return pick(style.lang, "这把锁的 PIN 没有锁死，解锁会换掉现在的 PIN",
                    "the PIN is not locked; unlocking replaces the PIN that it has");
      case model::PinDoubt::same_pin:
        return pick(style.lang, "新 PIN 与旧 PIN 相同", "the new PIN is the old one");
      case model::PinDoubt::well_known_pin:
        break;
    }
    return pick(style.lang, "新 PIN 是人人皆知的出厂 PIN",
                "the new PIN is a well-known default that anybody would try");
  }();
  return noted(fmt::format("{}{}{}", printable(token), pick(style.lang, "：", ": "), words), style);
}

std::string doubt_question(std::string_view token, Lang lang) {
  if (lang == Lang::zh) return fmt::format("仍要为 {} 设置新 PIN 吗？(y/N) ", printable(token));
  return fmt::format("Set a new PIN on {} all the same? (y/N) ", printable(token));
}

std::string bid_question(std::string_view token, std::string_view holder, Lang lang) {
  const auto danger = pick(lang, "续期以后，已用现在的证书加密上传的投标文件将无法解密。",
                           "After a renewal, bid files already encrypted and uploaded with the "
                           "present\ncertificate cannot be decrypted.");
  const auto question = pick(lang, "持有人确认没有投标正在进行吗？(y/N) ",
                             "Does the holder confirm that no bid is open? (y/N) ");
  const auto whose = say(Phrase::date_and_note, lang, printable(token), printable(holder));
  return fmt::format("{}\n{}\n{}", whose, danger, question);
}

std::string interrupted_renewal_note(std::string_view token, const Style& style) {
  const auto text = warned(say(Phrase::renew_waiting, style.lang, printable(token),
                               unbroken("ukey renew resume"), unbroken("ukey renew resume --undo")),
                           style);
  return finished(paragraph(text, 0, style));
}

std::string unreadable_record_note(const base::Error& error, const Style& style) {
  return noted(printable(explain(error, style.lang).headline), style);
}

std::string unread_bids_note(std::string_view files, const Style& style) {
  const auto text = pick(style.lang, "这些投标文件里没有读得出的加密信封，不能说明投标情况：",
                         "no readable envelope in these bid files, so they say nothing of a bid: ");
  return noted(std::string{text} + printable(files), style);
}

std::string inserted_note(std::string_view token, const Style& style) {
  const auto text = pick(style.lang, "：开始时已插着，没有办理；拔下再插，或加 --allow-inserted",
                         ": it was in at the start and is left alone; put it in anew, or say "
                         "--allow-inserted");
  return noted(printable(token) + std::string{text}, style);
}

std::string handled_note(std::string_view token, const Style& style) {
  const auto text = pick(style.lang, "：今天已经办过", ": it was renewed today already");
  return noted(printable(token) + std::string{text}, style);
}

std::string spooled_note(const base::Error& why, const Style& style) {
  const auto text = pick(style.lang, "台账暂时够不着，记录先留在本机，连上后自动补记：",
                         "the ledger is away; records stay on this machine and follow later: ");
  return noted(std::string{text} + printable(explain(why, style.lang).headline), style);
}

std::string waiting_note(std::size_t records, const Style& style) {
  return noted(say(Phrase::ledger_spooled, style.lang, records), style);
}

std::string unasked_ledger_note(const base::Error& why, const Style& style) {
  const auto text =
      pick(style.lang, "没有查台账里的主锁：", "the ledger was not asked for other main locks: ");
  return noted(std::string{text} + printable(explain(why, style.lang).headline), style);
}

std::string renewal_question(std::string_view token, std::string_view holder, Lang lang) {
  if (lang == Lang::zh)
    return fmt::format("{}\n{}\n现在为它办理续期吗？(y/N) ", printable(token), printable(holder));
  return fmt::format("{}\n{}\nRenew its certificates now? (y/N) ", printable(token),
                     printable(holder));
}

std::string progress_note(model::RenewalStep step, const Style& style) {
  return fmt::format("  {} {}\n", mark(Mark::yes, style), word(step, style.lang));
}

std::string removal_question(std::string_view subject, Lang lang) {
  if (lang == Lang::zh) return fmt::format("将永久删除：{}。确定吗？(y/N) ", printable(subject));
  return fmt::format("This erases {} for good. Go on? (y/N) ", printable(subject));
}

std::string drawer_note(bool missing, const Style& style) {
  if (missing)
    return noted(pick(style.lang, "还没有练习抽屉；制作：ukey practice create",
                      "there is no practice drawer; make one: ukey practice create"),
                 style);
  return noted(
      pick(style.lang, "抽屉是旧版本制作的；重新制作：ukey practice create --force",
           "the drawer is of an older version; make it anew: ukey practice create --force"),
      style);
}

std::string watching_note(const Style& style) {
  return fmt::format("{}\n", pick(style.lang, "注意：正在等锁插入，按 Ctrl-C 结束",
                                  "note: waiting for tokens; ctrl-C ends it"));
}

std::string replacement_question(std::string_view path, Lang lang) {
  if (lang == Lang::zh) return fmt::format("文件已存在：{}。要替换吗？(y/N) ", printable(path));
  return fmt::format("{} is there already. Replace it? (y/N) ", printable(path));
}

std::string rehearsal_note(std::string_view command, Lang lang) {
  if (lang == Lang::zh) return fmt::format("演练：没有执行 {}，什么都没有改变\n", command);
  return fmt::format("dry run: {} was not tried, nothing was changed\n", command);
}

bool is_yes(std::string_view answer) {
  const auto said = base::ascii_lower(base::trimmed(answer));
  return said == "y" || said == "yes" || said == "是";
}

bool is_no(std::string_view answer) {
  const auto said = base::ascii_lower(base::trimmed(answer));
  return said == "n" || said == "no" || said == "否" || said == "不是";
}

}  // namespace ukey::report
