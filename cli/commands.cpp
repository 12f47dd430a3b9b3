#include "cli/commands.hpp"

namespace ukey::cli {

namespace {

constexpr std::string_view kServiceWords = "first-issue|renew|change|unlock|lost|damaged";

// clang-format off
const std::vector<CommandRow> kTable{
    {"status", "每个锁一张卡：是什么、谁的、到何时、今天能否续期、下一步", "a card for each token: what, whose, until when, renewable today, what next", {}, {"--crl", "--ledger"}, cmd_status},
    {"list", "每个锁一行", "one line a token", {}, {"--all"}, cmd_list},
    {"cert list", "锁或文件中的证书", "the certificates of a token or file", {}, {"--file"}, cmd_cert_list},
    {"cert show", "证书的全部内容", "all that a certificate says", {"SELECTOR", 0, 1, ""}, {"--file"}, cmd_cert_show},
    {"cert export", "导出证书", "write certificates to a file", {"SELECTOR", 0, 1, ""}, {"--file", "--out", "--format"}, cmd_cert_export},
    {"cert verify", "验证证书：证书链、日期、用途、密钥、吊销", "check chain, dates, purpose, key and revocation", {"SELECTOR", 0, 1, ""}, {"--file", "--crl"}, cmd_cert_verify},
    {"lock", "主锁还是副锁，连同证据（读印章内容）", "main lock or sub-lock, with the evidence (reads the seals)", {}, {}, cmd_lock},
    {"seal list", "锁上的印章", "the seals of a token", {}, {"--file"}, cmd_seal_list},
    {"seal show", "印章的内容", "what a seal says", {"SELECTOR", 0, 1, ""}, {"--file"}, cmd_seal_show},
    {"seal export", "导出印章图片", "write the seals' pictures to files", {"SELECTOR", 0, 1, ""}, {"--file", "--out", "--raw"}, cmd_seal_export},
    {"renew check", "今天能否续期（能：退出码 0；不能：1）", "may it be renewed today (yes: exit 0; no: 1)", {}, {"--crl"}, cmd_renew_check},
    {"renew request", "生成证书申请（PKCS#10），交给 CA", "make the certificate request (PKCS#10) for the CA", {}, {"--years", "--rekey", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--fee-receipt", "--out", "--format", "--ledger"}, cmd_renew_request},
    {"renew install", "把 CA 签发的证书安全地写入锁", "put issued certificates on the token, safely", {"FILE", 1, 16, ""}, {"--years", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--fee-receipt", "--retire-old", "--ledger"}, cmd_renew_install},
    {"renew run", "一次办完：判断、问投标、申请、提交、写入", "check, bids, request, submit and install in one", {}, {"--if-due", "--years", "--via", "--ca-url", "--ca-secret-file", "--ca-reference", "--cmp-command", "--ca-command", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--rekey", "--retire-old", "--fee-receipt", "--out", "--format", "--ledger"}, cmd_renew_run},
    {"renew resume", "把中断的续期办完，或恢复原状", "finish or undo an interrupted renewal", {}, {"--undo", "--ca-url", "--ca-secret-file", "--ca-reference", "--ca-command", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--ledger"}, cmd_renew_resume},
    {"batch plan", "每把锁、清单的每一行：会怎样办理，为什么", "every token, every row of a manifest: what would be done, and why", {}, {"--manifest", "--csv", "--crl", "--ledger"}, cmd_batch_plan},
    {"batch run", "批量续期：每把锁一个进程，到期的办，其余跳过", "renew many tokens, each in a process of its own; skip those not due", {}, {"--manifest", "--jobs", "--item-timeout", "--ledger", "--years", "--via", "--ca-url", "--ca-secret-file", "--ca-reference", "--cmp-command", "--ca-command", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--rekey", "--retire-old", "--fee-receipt", "--out", "--format"}, cmd_batch_run, true},
    {"batch resume", "接着办中断的一批", "go on with a batch that was interrupted", {"BATCH", 0, 1, ""}, {"--manifest", "--jobs", "--item-timeout", "--ledger", "--ca-url", "--ca-secret-file", "--ca-reference", "--ca-command", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--out"}, cmd_batch_resume, true},
    {"batch status", "一批办得怎样；一把锁办过什么（-t）", "how a batch went; what was done to a token (-t)", {"BATCH", 0, 1, ""}, {"--all", "--ledger", "--superseded", "--undo"}, cmd_batch_status},
    {"batch export", "导出台账（CSV，Excel 可直接打开；或 --json）", "write the ledger as CSV that Excel opens (or --json)", {"BATCH", 0, 1, ""}, {"--ledger", "--out"}, cmd_batch_export},
    {"pin status", "两个 PIN 的状态和长度要求（不登录）", "how both PINs stand, and their lengths (no login)", {}, {}, cmd_pin_status},
    {"pin verify", "核对 PIN（只试一次）", "is the PIN right (one try)", {}, {"--log"}, cmd_pin_verify},
    {"pin change", "修改 PIN", "change the PIN", {}, {"--log"}, cmd_pin_change},
    {"pin unlock", "用管理员 PIN 解锁并设置新 PIN", "unlock with the SO PIN: set a new PIN", {}, {"--log", "--ledger"}, cmd_pin_unlock},
    {"envelope check", "这把锁能不能打开这些加密文件（不需要 PIN）", "may this token open these encrypted files (no PIN needed)", {"FILE", 1, 10'000, ""}, {}, cmd_envelope_check},
    {"envelope encrypt", "加密给锁或文件中的证书", "encrypt a file to the token's certificate, or to others", {"FILE", 1, 1, ""}, {"--out", "--file", "--auth"}, cmd_envelope_encrypt},
    {"envelope decrypt", "用锁解密", "decrypt a file with the token", {"FILE", 1, 1, ""}, {"--out"}, cmd_envelope_decrypt},
    {"watch", "等锁插入：每插一把就显示它的卡，拔出也说一声，直到 Ctrl-C", "show the card of each token as it is plugged in, until ctrl-C", {}, {"--crl", "--for", "--count", "--renew", "--allow-inserted", "--ledger", "--years", "--via", "--ca-url", "--ca-secret-file", "--ca-reference", "--cmp-command", "--ca-command", "--no-open-bids", "--bid-files", "--bids-withdrawn", "--rekey", "--retire-old", "--fee-receipt"}, cmd_watch, true},
    {"guide", "办事指南：材料、渠道、联系方式、提醒", "materials, channel, contacts and warnings for a service", {"SERVICE", 1, 1, kServiceWords}, {"--holder", "--ca"}, cmd_guide},
    {"object list", "锁上的全部对象", "every object on the token", {}, {}, cmd_object_list},
    {"mechanism list", "锁支持的机制", "the mechanisms of the token", {}, {}, cmd_mechanism_list},
    {"profile list", "所知的锁、CA 和平台", "the tokens, CAs and platforms that are known", {}, {}, cmd_profile_list},
    {"profile show", "一个资料的内容", "one profile", {"NAME", 1, 1, ""}, {}, cmd_profile_show},
    {"profile check", "检查资料文件", "check profile files", {"PATH", 0, 16, ""}, {}, cmd_profile_check},
    {"practice create", "制作练习锁", "make practice tokens", {"NAME", 0, 16, ""}, {"--count", "--force"}, cmd_practice_create},
    {"practice list", "抽屉里的练习锁", "the practice tokens in the drawer", {}, {}, cmd_practice_list},
    {"practice plug", "插上练习锁", "plug practice tokens in", {"NAME", 1, 256, ""}, {}, cmd_practice_plug},
    {"practice unplug", "拔下练习锁", "unplug practice tokens", {"NAME", 1, 256, ""}, {}, cmd_practice_unplug},
    {"practice remove", "删除练习锁", "remove practice tokens", {"NAME", 0, 256, ""}, {"--all"}, cmd_practice_remove},
    {"practice ca", "练习用CA：在本机应答续期请求（CMP），直到 Ctrl-C", "the practice CA: answers renewals (CMP) on this machine until ctrl-C", {}, {"--listen", "--years", "--reject", "--poll", "--delay-ms", "--wrong-key"}, cmd_practice_ca},
    {"completion", "输出 shell 补全脚本", "print a shell completion script", {"SHELL", 1, 1, "bash|zsh|fish"}, {}, cmd_completion},
};
// clang-format on

}  // namespace

std::span<const CommandRow> commands() { return kTable; }

const CommandRow* find_command(std::string_view name) {
  for (const auto& row : kTable)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace ukey::cli
