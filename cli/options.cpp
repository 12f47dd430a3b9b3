#include "cli/options.hpp"

#include <algorithm>
#include <array>

namespace ukey::cli {

namespace {

using enum Kind;
using enum Offer;

// clang-format off
constexpr auto kGlobal = std::to_array<OptionRow>({
  {"--token", "-t", value, "SELECTOR", nothing, "用哪个锁：序列号、标签或 pkcs11: URI", "which token: serial, label or pkcs11: URI"},
  {"--module", "-m", list, "FILE|PROFILE", files, "只加载这个 PKCS#11 模块（文件或资料，可重复）", "load exactly this PKCS#11 module (file or token profile; repeatable)"},
  {"--json", "", flag, "", nothing, "输出一个 JSON 文档", "one JSON document on stdout"},
  {"--lang", "", value, "zh|en", choices, "语言", "language"},
  {"--color", "", value, "auto|always|never", choices, "颜色", "colour"},
  {"--quiet", "-q", flag, "", nothing, "不输出提示和进度", "no notes, no progress"},
  {"--show-ids", "", flag, "", nothing, "完整显示个人证件号", "show persons' ID numbers in full"},
  {"--as-of", "", value, "TIME", nothing, "按此时间判断（RFC 3339 或日期）", "judge as of this time (RFC 3339, or a date)"},
  {"--platform", "", value, "NAME", nothing, "按哪个平台的规则判断（默认 qinghai）", "which platform's rules (default qinghai)"},
  {"--profiles", "", value, "DIR", directories, "先在此目录找资料", "look for profiles here first"},
  {"--ca-file", "", list, "FILE", files, "受信任的 CA 证书文件（可重复）", "trusted CA certificates (repeatable)"},
  {"--ca-dir", "", list, "DIR", directories, "受信任的 CA 证书目录（可重复）", "folder of trusted CA certificates (repeatable)"},
  {"--timeout", "", value, "SECONDS", nothing, "单次 PKCS#11 调用的时限（默认 30，生成密钥 180）", "limit for one PKCS#11 call (default 30, key generation 180)"},
  {"--trace", "", optional_value, "FILE", files, "记录每次 PKCS#11 调用（写到 stderr，或 =FILE）", "show each PKCS#11 call (on stderr, or =FILE)"},
  {"--login", "", flag, "", nothing, "读取前登录（询问 PIN）", "log in before reading (asks for the PIN)"},
  {"--pin-file", "", value, "FILE", files, "PIN 在此文件中", "the PIN is in this file"},
  {"--pin-env", "", value, "NAME", nothing, "PIN 在此环境变量中", "the PIN is in this environment variable"},
  {"--pin-stdin", "", flag, "", nothing, "PIN 从标准输入读取", "the PIN comes on standard input"},
  {"--pin-command", "", value, "COMMAND", nothing, "PIN 由此命令输出（{serial} 换成序列号）", "this command prints the PIN ({serial} is replaced)"},
  {"--so-pin-file", "", value, "FILE", files, "管理员 PIN 在此文件中", "the SO PIN is in this file"},
  {"--so-pin-env", "", value, "NAME", nothing, "管理员 PIN 在此环境变量中", "the SO PIN is in this environment variable"},
  {"--so-pin-stdin", "", flag, "", nothing, "管理员 PIN 从标准输入读取", "the SO PIN comes on standard input"},
  {"--so-pin-command", "", value, "COMMAND", nothing, "管理员 PIN 由此命令输出", "this command prints the SO PIN"},
  {"--new-pin-file", "", value, "FILE", files, "新 PIN 在此文件中", "the new PIN is in this file"},
  {"--new-pin-env", "", value, "NAME", nothing, "新 PIN 在此环境变量中", "the new PIN is in this environment variable"},
  {"--new-pin-stdin", "", flag, "", nothing, "新 PIN 从标准输入读取", "the new PIN comes on standard input"},
  {"--new-pin-command", "", value, "COMMAND", nothing, "新 PIN 由此命令输出", "this command prints the new PIN"},
  {"--pin-as-is", "", flag, "", nothing, "含全角、空格等特殊字符的 PIN 也照样发送", "send a PIN of other than plain characters as it is"},
  {"--use-final-try", "", flag, "", nothing, "允许用掉最后一次 PIN 机会", "allow spending the last PIN try"},
  {"--yes", "", flag, "", nothing, "不再询问确认（不回答投标问题）", "do not ask to confirm (never answers the bid question)"},
  {"--dry-run", "", flag, "", nothing, "只演练，不写锁，不问 CA", "do all but write to the token and ask the CA"},
  {"--help", "-h", flag, "", nothing, "帮助", "help"},
  {"--version", "", flag, "", nothing, "版本", "version"},
});

constexpr auto kCommand = std::to_array<OptionRow>({
  {"--all", "-a", flag, "", nothing, "全部（list：含未初始化的锁；practice remove：整个抽屉）", "everything (list: uninitialised tokens too; practice remove: the whole drawer)"},
  {"--file", "", value, "FILE", files, "看文件，不看锁", "look at this file instead of a token"},
  {"--out", "-o", value, "FILE|DIR", files, "写到此文件（- 为标准输出；多个输出时为目录）", "write here (- is stdout; several outputs: a folder)"},
  {"--format", "", value, "pem|der", choices, "写成什么编码（默认 pem）", "encoding of what is written (default pem)"},
  {"--raw", "", flag, "", nothing, "导出印章原文，不只是图片", "export the seal as it is, not only its picture"},
  {"--auth", "", flag, "", nothing, "AES-256-GCM，改动必被发现；投标工具未必能读", "use AES-256-GCM (a change is always found); not every bid tool reads it"},
  {"--crl", "", list, "FILE", files, "吊销列表文件（可重复）", "certificate revocation list (repeatable)"},
  {"--holder", "", value, "enterprise|individual", choices, "只看企业或个人（专家）", "only for an enterprise or an individual (expert)"},
  {"--ca", "", value, "ID", nothing, "只看这家 CA 的联系方式", "only this CA's contacts"},
  {"--log", "", value, "FILE", files, "在此文件末尾记一行（何人何时哪把锁何结果，绝无 PIN）", "append a line to this file (who, when, which token, result; never a PIN)"},
  {"--years", "", value, "N", nothing, "新证书几年（平台允许的年数）", "term of the new certificate in years (one that the platform allows)"},
  {"--via", "", value, "file|cmp|command", choices, "申请怎样到 CA（默认按 CA 资料）", "how the request reaches the CA (default: by the CA's profile)"},
  {"--ca-url", "", value, "URL", nothing, "CA 的 CMP 服务地址", "address of the CA's CMP server"},
  {"--ca-secret-file", "", value, "FILE", files, "CA 给的共享口令在此文件中（CMP）", "the secret shared with the CA is in this file (CMP)"},
  {"--ca-reference", "", value, "NAME", nothing, "共享口令在 CA 的名称（CMP）", "the secret's name at the CA (CMP)"},
  {"--cmp-command", "", value, "kur|cr|p10cr", choices, "CMP 申请的种类（默认 kur）", "kind of CMP request (default kur)"},
  {"--ca-command", "", value, "COMMAND", nothing, "由此程序向 CA 申请（PEM 进，证书出）", "this program asks the CA (PEM in, certificates out)"},
  {"--no-open-bids", "", flag, "", nothing, "持有人确认没有投标在进行", "the holder confirms that no bid is open"},
  {"--bid-files", "", list, "PATH", files, "先查这些投标文件（可重复）", "look into these bid files first (repeatable)"},
  {"--bids-withdrawn", "", flag, "", nothing, "投标已撤回", "the bids have been withdrawn"},
  {"--rekey", "", flag, "", nothing, "在锁里生成新密钥", "make a new key pair on the token"},
  {"--retire-old", "", flag, "", nothing, "办完后清理旧的签名证书", "afterwards remove the former signing certificate"},
  {"--if-due", "", flag, "", nothing, "还不到续期的日子算成功，什么也不做", "not due yet is a success that does nothing"},
  {"--fee-receipt", "", value, "TEXT", nothing, "记下缴费凭据", "record this receipt of the fee"},
  {"--manifest", "", value, "FILE", files, "清单：办理哪些锁（CSV，UTF-8 或 GBK）", "which tokens: a list in CSV (UTF-8 or GBK)"},
  {"--csv", "", flag, "", nothing, "输出表格（CSV，Excel 可直接打开）", "a table in CSV, as spreadsheets open it"},
  {"--undo", "", flag, "", nothing, "不再问 CA，恢复原状（batch status：撤回 --superseded）", "do not ask the CA again: take back (batch status: take --superseded back)"},
  {"--jobs", "-j", value, "N", nothing, "同时办几把（默认：资料说可以同时办的 8，否则 1）", "how many at once (default: 8 where the profiles say so, else 1)"},
  {"--item-timeout", "", value, "SECONDS", nothing, "一把锁最多办多久（默认 900）", "limit for the whole work on one token (default 900)"},
  {"--ledger", "", value, "PATH|URL", files, "台账：文件，或 postgresql:// 地址", "the ledger: a file, or a postgresql:// URL"},
  {"--superseded", "", value, "SERIAL", nothing, "此主锁已遗失或被替换，不再算数（--undo 撤回）", "this main lock was lost or replaced and counts no more (--undo takes it back)"},
  {"--count", "", value, "N", nothing, "practice create：每种做 N 把，编号 -01、-02……，单位各不相同；watch：插入 N 把后结束", "practice create: N numbered copies of each token, each of another holder; watch: end after N tokens came"},
  {"--renew", "", flag, "", nothing, "每插入一把到期的锁：问投标、要 PIN、续期、说可以拔下", "renew each due token that comes: ask about bids and for the PIN, say when it is done"},
  {"--allow-inserted", "", flag, "", nothing, "开始时已插着的也办", "those that are in at the start too"},
  {"--for", "", value, "SECONDS", nothing, "看这么多秒就结束", "end after this time"},
  {"--force", "", flag, "", nothing, "替换已有的练习抽屉", "replace the practice drawer that is there"},
  {"--listen", "", value, "ADDRESS:PORT", nothing, "在此本机地址应答（默认 127.0.0.1:0，0 为任一空闲端口）", "answer on this loopback address (default 127.0.0.1:0; 0: any free port)"},
  {"--reject", "", value, "TEXT", nothing, "练习故障：一律以此理由拒绝", "fault to train with: refuse everything for this reason"},
  {"--poll", "", value, "N", nothing, "练习故障：先答 N 次“请等待”", "fault to train with: say \"waiting\" N times first"},
  {"--delay-ms", "", value, "N", nothing, "练习故障：每次应答晚 N 毫秒", "fault to train with: every answer comes N milliseconds late"},
  {"--wrong-key", "", flag, "", nothing, "练习故障：证书里放别的公钥", "fault to train with: certify another key"},
});
// clang-format on

}  // namespace

std::span<const OptionRow> global_options() { return kGlobal; }

const OptionRow& command_option(std::string_view name) {
  return *std::ranges::find(kCommand, name, &OptionRow::name);
}

}  // namespace ukey::cli
