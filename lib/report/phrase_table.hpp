// Sentences and headings of the text output: name, Chinese, English. "{}" marks a datum, in the
// same order in both languages. No mark of ambiguous width is in them, so that columns hold on
// every terminal.
#pragma once

// clang-format off
#define UKEY_PHRASES(X) \
  X(yes, "是", "yes") \
  X(no, "否", "no") \
  X(days, "{} 天", "{} days") \
  X(one_day, "1 天", "1 day") \
  X(octets, "{} 字节", "{} bytes") \
  X(serial_placeholder, "序列号", "SERIAL") \
  /* facts of a card */ \
  X(card_valid, "有效期至", "Valid until") \
  X(card_window, "续期窗口", "Renewal") \
  X(card_next, "下一步", "Next step") \
  X(card_lock, "锁型", "Lock") \
  X(card_holder, "持有人", "Holder") \
  X(card_certificates, "证书", "Certificates") \
  X(card_seals, "印章", "Seals") \
  X(card_pin, "PIN码", "PIN") \
  X(card_token, "锁", "Token") \
  X(card_ca, "CA机构", "CA") \
  X(lock_undetermined, "主副锁未能判定", "kind of lock undetermined") \
  X(lock_blank, "空白锁", "blank lock") \
  X(ca_unknown, "CA未知", "unknown CA") \
  X(no_holder, "持有人未知", "holder unknown") \
  X(no_label, "无名称", "no label") \
  X(serial_is, "序列号 {}", "serial {}") \
  X(uscc_is, "信用代码 {}", "USCC {}") \
  X(id_is, "证件号 {}", "ID {}") \
  X(left_days, "还剩 {} 天", "{} days left") \
  X(left_one_day, "还剩 1 天", "1 day left") \
  X(left_today, "今天是最后一天", "today is the last day") \
  X(ended_days, "已过期 {} 天", "expired {} days ago") \
  X(ended_one_day, "已过期 1 天", "expired 1 day ago") \
  X(ended_today, "今天已过期", "expired today") \
  X(last_full_day, "最后一个整天 {}", "last full day {}") \
  X(date_and_note, "{}（{}）", "{} ({})") \
  X(from_to, "{} 至 {}", "{} to {}") \
  X(window_open, "{} 至 {} 可办", "open {} to {}") \
  X(window_best, "，最好在 {} 前办好", ", best by {}") \
  X(window_opens, "{} 起可办（还有 {} 天），{} 截止", "opens {} (in {} days), closes {}") \
  X(window_opens_tomorrow, "明天（{}）起可办，{} 截止", "opens tomorrow ({}), closes {}") \
  X(window_closed, "已于 {} 截止", "closed on {}") \
  /* next steps */ \
  X(not_a_module, "这个文件不是可用的 PKCS#11 模块", "this file is not a usable PKCS#11 module") \
  X(step_renew, "问清没有投标在进行，再办：{}", "ask about open bids, then: {}") \
  X(step_wait, "今天无需办理，{} 起再来续期", "nothing today; renew from {} on") \
  X(step_wait_undated, "今天无需办理", "nothing today") \
  X(step_first_issue, "按初次办理：{}", "apply as for a first issue: {}") \
  X(step_contact_ca, "联系CA售后，多半要按初次办理：{}", "call the CA's hotline, it will most likely be a first issue: {}") \
  X(step_unreadable, "证书读不出来：重新插拔后再看，仍不行就联系CA售后", "the certificates cannot be read: plug it in anew and look again, then call the CA's hotline") \
  X(hint_none_fits, "没有一把锁是这个序列号或名称；看有哪些：ukey list", "no token has this serial or label; see which there are: ukey list") \
  X(hint_login_refused, "锁没有接受登录：关闭其他使用此锁的程序后重试；看详细过程加 --trace", "the token did not take the login: close other programs that use it and try again; see every call with --trace") \
  X(hint_interrupted_pin, "PIN可能已发给锁，用掉一次机会，或已改成新PIN：先看 ukey pin status", "a PIN may have been on its way: a try may be spent, or the PIN be changed; look first: ukey pin status") \
  X(step_clock, "核对电脑的日期和时间，改正后再看", "set this computer's date and time right, then look again") \
  X(step_login, "登录后再看：{}", "log in and look again: {}") \
  X(step_resume, "先办完中断的续期：{}；或收回：{}", "first finish the interrupted renewal: {}; or take it back: {}") \
  X(step_none, "无需办理", "nothing to do") \
  X(step_unlock, "PIN码已锁死：有管理员PIN的用 {}，没有的带原锁到CA窗口：{}", "the PIN is locked: with the SO PIN use {}, without it take the original UKey to the CA's window: {}") \
  X(step_scrap, "带原锁到CA窗口：{}", "take the original UKey to the CA's window: {}") \
  X(step_initialise, "锁里没有任何内容，须由CA制作：{}", "nothing is on it; the CA has to issue it: {}") \
  X(step_driver, "多半要装另一家CA的驱动：{}", "it probably needs another CA's driver: {}") \
  /* warnings */ \
  X(warn_user_locked, "PIN码已锁死", "the PIN is LOCKED") \
  X(warn_both_locked, "PIN码和管理员PIN都已锁死，这把锁多半要报废补办", "PIN and SO PIN are both LOCKED: this token is most likely scrap") \
  X(warn_so_locked, "管理员PIN已锁死：PIN码一旦锁死就解不开", "the SO PIN is LOCKED: if the PIN locks, it cannot be unlocked") \
  X(warn_final_try, "PIN码只剩最后一次机会：再输错就锁死", "ONE PIN TRY LEFT: a wrong PIN locks it") \
  X(warn_count_low, "PIN码有输错记录：不要再试不确定的PIN", "the PIN was tried wrongly: do not guess again") \
  X(warn_not_set, "PIN码还没有设置", "no PIN is set") \
  X(warn_to_be_changed, "PIN码须先修改：{}", "the PIN must be changed first: {}") \
  X(warn_clock, "证书 {} 才生效，而电脑时间是 {}：电脑时间可能不对", "the certificate starts on {}, this computer says {}: its clock may be wrong") \
  X(warn_clock_undated, "证书还没有生效：电脑时间可能不对", "the certificate has not started: this computer's clock may be wrong") \
  X(warn_expired, "证书已过期，不能再续期", "the certificate has EXPIRED and cannot be renewed any more") \
  X(warn_revoked, "证书已被吊销", "the certificate is REVOKED") \
  X(warn_ca, "{} 的证书不能续期，须按初次办理", "{} certificates are not renewed: apply as for a first issue") \
  X(warn_ca_unknown, "认不出颁发证书的CA，不能续期", "the issuing CA is not known here: no renewal") \
  X(warn_no_certificate, "没有看到可用的证书", "no usable certificate seen on the token") \
  X(warn_missing, "主锁缺章：没有{}", "seals missing on a main lock: {}") \
  X(warn_bad_certificates, "有证书读不出来：{}", "unreadable certificates: {}") \
  X(warn_no_key, "证书没有对应的私钥：{}", "no private key for the certificate: {}") \
  X(warn_lock, "主副锁未能判定：{}", "kind of lock undetermined: {}") \
  /* what would settle an undetermined lock */ \
  X(settle_login, "印章可能要登录后才看得到，用 {} 查看", "seals may appear only after login, use {}") \
  X(settle_client, "此锁的驱动不显示印章，请在CA的客户端里看", "this middleware does not show seals; look in the CA's own client") \
  X(settle_profile, "没有此型号的资料，请在CA的客户端里看（已有资料：{}）", "no profile knows this token; look in the CA's own client (profiles: {})") \
  X(settle_holder, "证书里看不出持有人是企业还是个人，请问持有人", "the certificates do not tell enterprise from individual; ask the holder") \
  X(settle_none_found, "没有看到印章，也没有加密证书，用 {} 查看", "no seal and no certificate for encryption seen, use {}") \
  X(settle_some, "只看到一部分印章，用 {} 查看", "only some of the seals were seen, use {}") \
  X(settle_empty, "没有看到任何内容，用 {} 查看", "nothing was seen on the token, use {}") \
  /* details of a card */ \
  X(older_certificates, "另有 {} 张旧证书：{}", "and {} older: {}") \
  X(no_private_key, "没有私钥", "no private key") \
  X(sub_has_no_seals, "没有（副锁本来就不带章）", "none (sub-locks carry none)") \
  X(by_label, "按名称判断", "by label") \
  X(by_content, "已读内容", "contents read") \
  X(pin_and_so, "{}（管理员PIN：{}）", "{} (SO PIN: {})") \
  X(no_tokens, "没有找到锁", "no token found") \
  X(no_tokens_hint, "检查锁是否插好、驱动是否装好；也可用 -m 文件 指明驱动", "check the plug and the driver; name the driver with -m FILE") \
  X(sighting, "{} {}：{}", "{} {}: {}") \
  X(unnamed_card, "说不出名称的卡（{}）", "a card without a name ({})") \
  X(nothing_here, "没有", "none") \
  X(done, "完成", "done") \
  X(practice_ca_use, "仅供练习：ukey renew run --via cmp --ca-url {}", "practice only: ukey renew run --via cmp --ca-url {}") \
  /* pages */ \
  X(title_holder, "持有人或原因", "Holder, or why not") \
  X(title_name, "名称", "Label") \
  X(title_from, "生效日期", "From") \
  X(title_until, "到期日期", "Until") \
  X(title_days, "剩余", "Days") \
  X(title_private, "私有", "Private") \
  X(title_size, "大小", "Size") \
  X(title_keys, "密钥长度", "Key length") \
  X(current_legend, "* 当前使用", "* in use") \
  X(verify_good, "证书没有问题", "the certificate is good") \
  X(verify_bad, "证书有问题", "the certificate is NOT good") \
  X(verify_open, "没有检查完全，不能说证书没有问题", "not everything was checked: this is no proof that it is good") \
  X(seal_missing, "缺少", "Missing") \
  X(settles, "怎样判定", "To settle it") \
  X(holidays, "建议日期按周一至周五计算，本程序不知道法定节假日", "\"best by\" counts Monday to Friday; public holidays are not known to this program") \
  X(materials_of, "材料（{}）", "Materials ({})") \
  X(materials_none, "不需要", "none needed") \
  X(old_key_needed, "需要带原锁和原证书", "the old UKey with its certificate is needed") \
  X(old_key_not_needed, "不需要原锁", "no old UKey is needed") \
  X(old_key_unknown, "指南没有说是否需要原锁", "the guide does not say whether the old UKey is needed") \
  X(own_mark, "[建议]", "[own advice]") \
  X(own_legend, "[建议] 是本程序的建议，其余出自平台的办理指南", "[own advice] is this program's; all else stands in the platform's guide") \
  X(pin_lengths, "{} 至 {} 个字符", "{} to {} characters") \
  X(pin_length, "PIN码长度", "PIN length") \
  X(pin_limit, "可试次数", "Tries") \
  X(pin_limit_source, "{} 次（按资料，锁本身不说）", "{} (by its profile; the token never tells)") \
  X(pin_limit_unknown, "未知（锁本身不说）", "unknown (the token never tells)") \
  X(pin_verified, "PIN码正确", "the PIN is right") \
  X(pin_changed, "PIN码已修改", "the PIN is changed") \
  X(pin_unlocked, "已解锁：已用新PIN码登录过", "unlocked: the new PIN has logged in") \
  X(pin_not_tried, "演练：没有把任何PIN发给锁", "dry run: no PIN was sent to the token") \
  X(job_steps, "已完成：{}；未完成：{}", "done: {}; not done: {}") \
  X(job_step_unknown, "不知道是否已完成：{}", "not known whether it was done: {}") \
  X(job_now, "锁现在的状态：PIN码{}，管理员PIN{}", "the token now: PIN {}, SO PIN {}") \
  X(job_now_unknown, "锁现在的状态读不出来", "how the token stands now cannot be read") \
  X(renew_until, "新证书至", "New until") \
  X(renew_pair, "{}：{} 至 {}，序列号 {}", "{}: {} to {}, serial {}") \
  X(renew_pair_was_there, "{}（原已在锁里）", "{} (was there already)") \
  X(renew_written, "申请", "Request") \
  X(renew_rehearsed, "已演练", "Rehearsed") \
  X(renew_left, "没有做", "Not done") \
  X(renew_tested, "已读回比对，密钥已试用", "read back, compared, keys tried") \
  X(renew_lacks, "没有续期", "NOT renewed") \
  X(renew_still_until, "{}证书仍到 {}：向CA要它的新证书，再装一次", "{} certificate, still until {}: ask the CA for its successor and install that as well") \
  X(renew_checked, "检验", "Checked") \
  X(renew_old, "旧证书", "Old ones") \
  X(renew_kept, "仍在锁里", "still on the token") \
  X(renew_removed, "签名的已清理，加密的保留", "the signing one is removed, one for encryption stays") \
  X(renew_leftover, "{} {} 没有删掉，留在锁里：{}", "{} {} could not be removed and stays: {}") \
  X(renew_bids, "旧标书", "Old bids") \
  X(renew_bids_kept, "用旧证书加密的文件，这把锁仍能解开（旧加密证书和密钥都留着）；但已上传平台的投标文件须在截止前撤回，用新证书重新生成、加密、上传", "files encrypted to the old certificate still open with this token (that certificate and its key are kept); but bids already uploaded must be withdrawn before the deadline, made anew with the new certificate and uploaded again") \
  X(renew_requested, "把申请交给CA，拿到证书文件（FILE）后：{}", "give the request to the CA; with the file that it answers: {}") \
  X(renew_wait_undone, "锁里仍是原来的证书；申请可以重新办：{}", "the token holds what it held before; to begin anew: {}") \
  X(renew_now_holds, "锁里现在是：{}", "the token now holds: {}") \
  X(renew_resume, "还没有办完。接着办完：{}；要收回：{}", "not finished; to finish it: {}; to take it back instead: {}") \
  X(renew_key_lost, "{}证书（序列号 {}）已没有私钥", "the {} certificate (serial {}) has no private key any more") \
  X(renew_lacking, "{}证书：CA的答复里没有", "{} certificate: the CA's answer has none") \
  X(renew_waiting, "{}：有中断的续期没有办完。先接着办完：{}；或收回：{}", "{}: an interrupted renewal is not finished; first finish it: {}; or take it back: {}") \
  X(renew_unfit, "{}证书（序列号 {}）：", "{} certificate (serial {}):") \
  X(unfit_key, "锁里没有它的私钥", "its private key is not on the token") \
  X(unfit_role, "用途不符：锁里没有同样用途的证书，或它的密钥是另一用途的", "its use does not fit: no such certificate on the token, or its key has another use") \
  X(unfit_double, "另有一张也是这个用途的，两张都不采用", "another came for the same use; neither is taken") \
  X(unfit_holder, "持有人与锁里的证书不同", "it is not the same holder's as on the token") \
  X(unfit_ca, "不是同一家CA，或这家CA的证书不能续期", "it is from another CA, or from one that does not renew") \
  X(unfit_chain, "不是可信的CA签发的", "no CA that is trusted here issued it") \
  X(unfit_trust, "没有可信的CA证书，无法验证：用 --ca-file 给出", "no CA certificate to check it by: give one with --ca-file") \
  X(unfit_begins, "现在不在它的有效期内", "it does not hold today") \
  X(unfit_later, "不比锁里现在的证书晚到期", "it ends no later than the one on the token") \
  X(unfit_term, "期限不是平台允许或所要求的年数", "its term is not one that the platform allows, or not the one asked for") \
  X(envelope_keep, "不要清理这张旧证书和它的密钥；密钥还在不在，登录后才知道（加 --login）", "keep that certificate and its key; whether the key is still there shows only after login (add --login)") \
  X(envelope_keep_key, "不要清理这张旧证书和它的密钥", "keep that certificate and its key") \
  X(envelope_key_gone, "收件证书在锁里，私钥已经不在", "its certificate is on the token, the private key is not") \
  X(envelope_for, "要用 {}", "it is for {}") \
  X(envelope_serial, "序列号 {}（{}）", "serial {} ({})") \
  X(envelope_key_id, "密钥标识 {}", "key ID {}") \
  X(envelope_nobody, "不是给证书的：口令或共享密钥", "no certificate: a password or a shared key") \
  X(envelope_written, "已写入 {}（{} 字节）", "written: {} ({} bytes)") \
  X(plan_count, "{} {}", "{}: {}") \
  X(masters_found, "{}（信用代码 {}）有 {} 把主锁：{}。一个单位只能有一把：问清是否遗失或更换过", "{} (USCC {}) has {} main locks: {}. A unit may hold one: ask whether one was lost or replaced") \
  X(master_seen, "{}（序列号 {}，{} 见过）", "{} (serial {}, seen on {})") \
  X(master_present, "{}（序列号 {}，插着）", "{} (serial {}, plugged in)") \
  X(batch_counts, "已续期 {} · 跳过 {} · 失败 {}", "renewed {}, skipped {}, failed {}") \
  X(batch_until, "至 {}", "until {}") \
  X(batch_left, "还有 {} 个没有办完，接着办：{}", "{} not finished; to go on: {}") \
  X(batch_look, "逐个查看：{}", "one by one: {}") \
  X(batch_bar, "{}/{}，{} 个在办", "{}/{}, {} at work") \
  X(batch_named, "批次 {}（{}）", "batch {} ({})") \
  X(superseded_serial, "{}：{} 起不再算作主锁（{}）", "{}: no main lock any more, as of {} ({})") \
  X(not_in_ledger, "台账没有记过这把锁", "the ledger knows no token of this serial") \
  X(hint_interrupted_batch, "看办到哪里：ukey batch status；接着办：ukey batch resume", "see how far it came: ukey batch status; go on with it: ukey batch resume") \
  X(hint_ledger_serials, "看台账记过哪些锁：ukey batch export（token.serial 一列）", "see the tokens that the ledger knows: ukey batch export (column token.serial)") \
  X(ledger_spooled, "有 {} 条记录还在本机等着送到台账", "{} records wait on this machine for the ledger") \
  X(batch_take_out, "办好了，可以拔下", "done: it may be taken out") \
  X(batch_stopping, "正在收尾：不再开始新的，等在办的到安全之处；再按一次 Ctrl-C 立即停下", "stopping: nothing new is begun, those at work come to a safe point; ctrl-C once more stops at once") \
  X(section_tokens, "锁的驱动", "Token middlewares") \
  X(section_cas, "CA机构", "CAs") \
  X(section_platforms, "平台", "Platforms") \
  X(unconfirmed_keys, "未经实物核实：{}", "not confirmed on hardware: {}")
// clang-format on
