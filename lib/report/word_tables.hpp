// The words of every enumeration that reaches a document: enumerator, Chinese, English. Tables
// only; an enumerator without a row, or a row without a translation, does not compile (words.cpp).
#pragma once

// clang-format off
#define UKEY_HOLDER_KINDS(X) \
  X(enterprise, "企业", "enterprise") \
  X(individual, "个人", "individual") \
  X(unknown, "未知", "unknown")

#define UKEY_ROLES(X) \
  X(sign, "签名", "signing") \
  X(encrypt, "加密", "encryption") \
  X(sign_encrypt, "签名加密", "sign+encrypt") \
  X(ca, "CA证书", "CA") \
  X(other, "其他", "other")

#define UKEY_VALIDITIES(X) \
  X(valid, "有效", "valid") \
  X(not_yet_valid, "尚未生效", "not yet valid") \
  X(expired, "已过期", "EXPIRED")

#define UKEY_CHECKS(X) \
  X(chain, "证书链", "chain") \
  X(dates, "有效期", "dates") \
  X(purpose, "用途", "purpose") \
  X(key_match, "密钥配对", "key match") \
  X(revocation, "吊销状态", "revocation")

#define UKEY_CHECK_RESULTS(X) \
  X(ok, "通过", "ok") \
  X(failed, "不通过", "FAILED") \
  X(not_checked, "未检查", "not checked")

#define UKEY_CHECK_REASONS(X) \
  X(none, "无问题", "nothing to report") \
  X(no_trust, "没有可信的CA证书：用 --ca-file 或 --ca-dir 给出", "no CA certificate to trust: give one with --ca-file or --ca-dir") \
  X(issuer_not_found, "找不到颁发者的证书", "the issuer's certificate was not found") \
  X(bad_signature, "证书的签名不对", "the signature on the certificate is wrong") \
  X(issuer_not_a_ca, "颁发者的证书不是CA证书", "the issuer's certificate is not a CA's") \
  X(not_yet_valid, "尚未生效：请先核对电脑时间", "not yet valid: check this computer's clock first") \
  X(expired, "已过期", "expired") \
  X(issuer_expired, "颁发者的证书已过期", "the issuer's certificate has expired") \
  X(no_key_usage, "既不能签名也不能加密", "neither for signing nor for encryption") \
  X(key_differs, "锁里的密钥与证书不配", "the key on the token is not this certificate's") \
  X(key_missing, "锁里没有这张证书的私钥", "no private key of this certificate is on the token") \
  X(key_not_visible, "没有登录，看不到私钥：加 --login", "private keys do not show without login: add --login") \
  X(no_token, "只看了文件，没有锁可比对", "a file was looked at, without its token") \
  X(no_crl, "没有给出吊销列表", "no revocation list was given") \
  X(crl_not_of_issuer, "吊销列表不是这个颁发者的", "the revocation list is another issuer's") \
  X(crl_expired, "吊销列表已过期", "the revocation list is out of date") \
  X(revoked, "已吊销", "revoked") \
  X(unsupported, "本程序不支持此算法", "the algorithm is not supported here")

#define UKEY_SEAL_ROLES(X) \
  X(unit, "单位公章", "unit seal") \
  X(legal_rep, "法人章", "legal rep. seal") \
  X(signature, "手写签名", "signature")

#define UKEY_SEAL_FORMATS(X) \
  X(png, "PNG图片", "PNG picture") \
  X(jpg, "JPEG图片", "JPEG picture") \
  X(gif, "GIF图片", "GIF picture") \
  X(bmp, "BMP图片", "BMP picture") \
  X(svg, "SVG图形", "SVG drawing") \
  X(ofd, "OFD版式文件", "OFD document") \
  X(ses_v1, "电子印章（第1版）", "e-seal version 1") \
  X(ses_v4, "电子印章（第4版）", "e-seal version 4") \
  X(ses_v5, "电子印章（第5版）", "e-seal version 5") \
  X(bjca_es, "北京CA印章格式", "BJCA seal") \
  X(unknown, "不是印章", "not a seal")

#define UKEY_EVIDENCE_REASONS(X) \
  X(by_label, "按名称认出", "by its label") \
  X(by_content, "内容已核对", "contents read") \
  X(not_a_seal, "内容不是印章", "contents are no seal") \
  X(empty, "空的", "empty") \
  X(not_seen, "没有看到", "not seen") \
  X(unreadable, "读不出来", "unreadable")

#define UKEY_LOCK_KINDS(X) \
  X(master, "主锁", "main lock") \
  X(partial_master, "缺章的主锁", "main lock (incomplete)") \
  X(sub, "副锁", "sub-lock") \
  X(blank, "空白锁", "blank") \
  X(undetermined, "未能判定", "undetermined")

#define UKEY_LOCK_BASES(X) \
  X(label, "按名称判断（未读内容）", "by label (contents not read)") \
  X(content, "已读内容", "contents read")

#define UKEY_LOCK_REASONS(X) \
  X(all_found, "应有的印章都在", "every required seal is there") \
  X(some_missing, "有印章缺失", "some required seals are missing") \
  X(none_found, "没有印章", "no seal found") \
  X(login_needed, "印章可能登录后才看得到", "seals may appear only after login") \
  X(seals_not_visible, "通过此驱动不能看到全部印章", "not all seals can be seen through this driver") \
  X(no_profile, "不认识此型号的锁", "no profile knows this token") \
  X(holder_unknown, "看不出持有人是企业还是个人", "the kind of holder cannot be read") \
  X(nothing_on_token, "锁里什么也没有", "nothing on the token")

#define UKEY_OBJECT_CLASSES(X) \
  X(data, "数据", "data") \
  X(certificate, "证书", "certificate") \
  X(public_key, "公钥", "public key") \
  X(private_key, "私钥", "private key") \
  X(secret_key, "对称密钥", "secret key") \
  X(other, "其他", "other")

#define UKEY_SEAL_PRIVACIES(X) \
  X(never, "公开可见", "always visible") \
  X(maybe, "可能要登录后才可见", "may need a login") \
  X(hidden, "驱动不显示", "never shown")

#define UKEY_CERTIFICATE_KINDS(X) \
  X(each_key, "每个密钥各申请一张", "one request a key") \
  X(dual, "双证书：只为签名密钥申请", "dual: a request for the signing key only")

#define UKEY_ROUTES(X) \
  X(file, "送交文件", "a file carried there") \
  X(cmp, "CMP联机", "CMP, online") \
  X(command, "本地程序", "a program of this site")

#define UKEY_CMP_COMMANDS(X) \
  X(kur, "更新密钥（kur）", "key update (kur)") \
  X(cr, "申请证书（cr）", "certification (cr)") \
  X(p10cr, "PKCS#10申请（p10cr）", "PKCS#10 (p10cr)")

#define UKEY_SOURCES(X) \
  X(guide, "办理指南", "guide") \
  X(own, "本程序的建议", "own advice")

#define UKEY_SERVICES(X) \
  X(first_issue, "初次办理", "first issue") \
  X(renew, "延期（续期）", "renewal") \
  X(change, "信息变更", "information change") \
  X(unlock, "密码解锁", "PIN unlock") \
  X(lost, "遗失补办", "lost") \
  X(damaged, "损坏补办", "damaged")

#define UKEY_VERDICTS(X) \
  X(no_certificate, "没有证书", "no certificate") \
  X(not_yet_valid, "证书尚未生效", "not yet valid") \
  X(revoked, "证书已吊销", "REVOKED") \
  X(ca_not_renewable, "此CA不能续期", "CA does not renew") \
  X(expired, "已过期", "EXPIRED") \
  X(too_early, "未到期", "not due yet") \
  X(open, "可以续期", "RENEW NOW")

#define UKEY_NEXT_STEPS(X) \
  X(renew_now, "现在续期", "renew now") \
  X(wait, "等到可续期之日", "wait until the window opens") \
  X(first_issue, "按初次办理", "apply as for a first issue") \
  X(contact_ca, "联系CA", "call the CA") \
  X(check_clock, "核对电脑时间", "check this computer's clock") \
  X(login, "登录后再看", "log in and look again") \
  X(none, "无需办理", "nothing to do")

#define UKEY_TOKEN_STATES(X) \
  X(ready, "正常", "ready") \
  X(uninitialised, "未初始化", "not initialised") \
  X(unrecognised, "无法识别", "not recognised") \
  X(failed, "读取失败", "FAILED")

#define UKEY_WATCH_EVENTS(X) \
  X(start, "开始", "begins") \
  X(present, "已插着", "already in") \
  X(plugged, "插入", "in") \
  X(unplugged, "拔出", "out") \
  X(handled, "今天已办", "done today") \
  X(failed, "驱动停用", "driver given up")

#define UKEY_PIN_LEVELS(X) \
  X(ok, "正常", "ok") \
  X(to_be_changed, "须先修改", "must be changed first") \
  X(not_set, "未设置", "not set") \
  X(count_low, "输错过", "wrong tries") \
  X(final_try, "只剩最后一次", "ONE TRY LEFT") \
  X(locked, "已锁死", "LOCKED")

#define UKEY_MODULE_STATES(X) \
  X(ready, "可用", "ready") \
  X(failed, "不可用", "FAILED")

#define UKEY_PIN_STEPS(X) \
  X(so_login, "管理员登录", "SO login") \
  X(init_pin, "设置新PIN码", "set the new PIN") \
  X(so_logout, "管理员退出", "SO logout") \
  X(login, "登录", "login") \
  X(change, "修改PIN码", "change the PIN")

#define UKEY_PIN_RESULTS(X) \
  X(ok, "成功", "ok") \
  X(failed, "失败", "FAILED") \
  X(not_tried, "未尝试", "not tried")

#define UKEY_RENEWAL_STEPS(X) \
  X(verdict, "判断能否续期", "window") \
  X(bids, "问投标情况", "bid question") \
  X(login, "登录", "login") \
  X(key_pair, "生成新密钥", "new key pair") \
  X(request, "生成申请", "request") \
  X(submit, "提交CA", "send to the CA") \
  X(judge, "核对新证书", "check the new certificates") \
  X(write, "写入", "write") \
  X(read_back, "读回比对", "read back") \
  X(key_test, "试签名和解密", "key test") \
  X(retire, "清理旧证书", "remove the old one")

#define UKEY_RENEWAL_RESULTS(X) \
  X(renewed, "已续期", "RENEWED") \
  X(requested, "已生成申请", "REQUESTED") \
  X(not_due, "未到期，没有办理", "not due, nothing done") \
  X(nothing_to_resume, "没有未完成的续期", "no interrupted renewal") \
  X(undone, "已恢复原状", "UNDONE") \
  X(failed, "失败", "FAILED") \
  X(not_tried, "演练，没有办理", "dry run, nothing done")

#define UKEY_GENERATIONS(X) \
  X(former, "办理前的证书", "the certificates from before") \
  X(renewed, "新证书", "the new certificates") \
  X(unknown, "未能确定", "not known")

#define UKEY_FITNESSES(X) \
  X(key, "锁里有它的私钥", "its key is on the token") \
  X(role, "用途与锁里的证书对应", "for the same use as one on the token") \
  X(holder, "持有人不变", "same holder") \
  X(ca, "同一家可续期的CA", "the same CA, one that renews") \
  X(chain, "出自可信的CA", "chains to the CA's trust") \
  X(begins, "现在有效", "valid now") \
  X(later, "比旧证书晚到期", "ends later than the old one") \
  X(term, "期限为平台允许的年数", "a term that the platform allows")

#define UKEY_BID_ANSWERS(X) \
  X(none_open, "没有投标在进行", "no bid is open") \
  X(withdrawn, "投标已撤回", "bids withdrawn") \
  X(open, "有投标在进行", "a bid is open")

#define UKEY_ENVELOPE_KINDS(X) \
  X(enveloped, "加密信封", "envelope") \
  X(auth_enveloped, "带校验的加密信封", "authenticated envelope") \
  X(signed_and_enveloped, "签名加密信封", "signed envelope")

#define UKEY_ENVELOPE_OPENINGS(X) \
  X(current, "能用锁里现在的证书打开", "opens with the current certificate of this token") \
  X(older, "要用锁里的旧证书打开", "opens with an OLDER certificate of this token") \
  X(no, "这把锁打不开", "does NOT open with this token")

#define UKEY_PLAN_VERDICTS(X) \
  X(bad_row, "此行有误", "BAD ROW") \
  X(not_present, "没有插着", "not plugged in") \
  X(unknown_token, "不在办理之列", "unknown token") \
  X(ambiguous, "对应不止一把", "fits several") \
  X(repeated, "前面已有此锁", "repeated") \
  X(interrupted, "有中断的续期", "INTERRUPTED") \
  X(no_certificate, "没有证书", "no certificate") \
  X(wrong_ca, "此CA不能续期", "CA does not renew") \
  X(revoked, "证书已吊销", "REVOKED") \
  X(not_yet_valid, "证书尚未生效", "not yet valid") \
  X(expired, "已过期", "EXPIRED") \
  X(not_due, "未到期", "not due yet") \
  X(locked, "PIN已锁死", "PIN LOCKED") \
  X(final_try, "PIN只剩一次", "ONE PIN TRY LEFT") \
  X(no_pin, "没有PIN来源", "no PIN") \
  X(renew, "应续期", "RENEW")

#define UKEY_ITEM_STATES(X) \
  X(waiting, "等待", "waiting") \
  X(running, "办理中", "running") \
  X(renewed, "已续期", "RENEWED") \
  X(skipped, "跳过", "skipped") \
  X(failed, "失败", "FAILED")

#define UKEY_ATTEMPT_KINDS(X) \
  X(renewal, "续期", "renewal") \
  X(pin_unlock, "解锁PIN", "PIN unlock")

#define UKEY_ATTEMPT_RESULTS(X) \
  X(running, "未见结束", "no end recorded") \
  X(renewed, "已续期", "RENEWED") \
  X(requested, "已生成申请", "REQUESTED") \
  X(undone, "已恢复原状", "UNDONE") \
  X(unlocked, "已解锁", "UNLOCKED") \
  X(skipped, "跳过", "skipped") \
  X(failed, "失败", "FAILED")

#define UKEY_FINDINGS(X) \
  X(several_masters, "同一单位不止一把主锁", "several main locks of one unit")

// What a key or a mechanism may be used for: not an enumeration of the model, yet words of documents.
#define UKEY_USAGES(X) \
  X(encrypt, "加密", "encrypt") X(decrypt, "解密", "decrypt") X(digest, "摘要", "digest") \
  X(sign, "签名", "sign") X(sign_recover, "可恢复签名", "sign-recover") \
  X(verify, "验签", "verify") X(verify_recover, "可恢复验签", "verify-recover") \
  X(generate, "生成密钥", "generate") X(generate_key_pair, "生成密钥对", "key pairs") \
  X(wrap, "包装", "wrap") X(unwrap, "解包", "unwrap") X(derive, "派生", "derive")

// Every enumeration with its table. The order decides which word a symbol of several enumerations has where its
// enumeration is not known (any_word).
#define UKEY_VOCABULARIES(V) \
  V(model::Verdict, UKEY_VERDICTS) V(model::NextStep, UKEY_NEXT_STEPS) \
  V(model::LockKind, UKEY_LOCK_KINDS) V(model::LockBasis, UKEY_LOCK_BASES) \
  V(model::LockReason, UKEY_LOCK_REASONS) V(model::EvidenceReason, UKEY_EVIDENCE_REASONS) \
  V(model::HolderKind, UKEY_HOLDER_KINDS) V(model::PinLevel, UKEY_PIN_LEVELS) \
  V(model::TokenState, UKEY_TOKEN_STATES) V(model::ModuleState, UKEY_MODULE_STATES) \
  V(model::SealRole, UKEY_SEAL_ROLES) V(model::SealFormat, UKEY_SEAL_FORMATS) \
  V(model::Role, UKEY_ROLES) V(model::Validity, UKEY_VALIDITIES) \
  V(model::Check, UKEY_CHECKS) V(model::CheckResult, UKEY_CHECK_RESULTS) \
  V(model::CheckReason, UKEY_CHECK_REASONS) V(model::ObjectClass, UKEY_OBJECT_CLASSES) \
  V(model::SealPrivacy, UKEY_SEAL_PRIVACIES) V(model::CertificateKind, UKEY_CERTIFICATE_KINDS) \
  V(model::Source, UKEY_SOURCES) V(model::Service, UKEY_SERVICES) \
  V(model::PinStep, UKEY_PIN_STEPS) V(model::PinResult, UKEY_PIN_RESULTS) \
  V(model::RenewalStep, UKEY_RENEWAL_STEPS) V(model::RenewalResult, UKEY_RENEWAL_RESULTS) \
  V(model::Generation, UKEY_GENERATIONS) V(model::Fitness, UKEY_FITNESSES) \
  V(model::BidAnswer, UKEY_BID_ANSWERS) V(model::Route, UKEY_ROUTES) \
  V(model::CmpCommand, UKEY_CMP_COMMANDS) V(model::WatchEvent, UKEY_WATCH_EVENTS) \
  V(model::EnvelopeKind, UKEY_ENVELOPE_KINDS) V(model::EnvelopeOpens, UKEY_ENVELOPE_OPENINGS) \
  V(model::PlanVerdict, UKEY_PLAN_VERDICTS) V(model::ItemState, UKEY_ITEM_STATES) \
  V(model::AttemptKind, UKEY_ATTEMPT_KINDS) V(model::AttemptResult, UKEY_ATTEMPT_RESULTS) \
  V(model::Finding, UKEY_FINDINGS)
// clang-format on
