// The words of every key of a document: key, Chinese, English, how its value is shown, tone. Tables
// only.
#pragma once

// clang-format off
#define UKEY_KEYS(X) \
  X(command, "命令", "Command", text, plain) \
  X(as_of, "判断时间", "As of", time, plain) \
  X(as_of_overridden, "实际时间", "Real time", time, attention) \
  X(tokens, "锁", "Tokens", list, plain) \
  X(token, "锁", "Token", text, plain) \
  X(uri, "URI", "URI", text, quiet) \
  X(serial, "序列号", "Serial", text, plain) \
  X(label, "名称", "Label", text, plain) \
  X(manufacturer, "厂商", "Maker", text, plain) \
  X(model, "型号", "Model", text, plain) \
  X(modules, "驱动模块", "Modules", list, plain) \
  X(profile, "资料", "Profile", text, plain) \
  X(state, "状态", "State", symbol, plain) \
  X(error, "错误", "Error", text, bad) \
  X(pin, "PIN码", "PIN", text, plain) \
  X(user, "用户PIN", "User PIN", symbol, plain) \
  X(so, "管理员PIN", "SO PIN", symbol, plain) \
  X(min_length, "最短长度", "Least length", number, plain) \
  X(max_length, "最长长度", "Most length", number, plain) \
  X(retry_limit, "可试次数（资料所载）", "Tries allowed (by profile)", number, plain) \
  X(holder, "持有人", "Holder", symbol, plain) \
  X(name, "名称", "Name", text, strong) \
  X(organisation, "单位", "Organisation", text, plain) \
  X(uscc, "统一社会信用代码", "Credit code (USCC)", text, plain) \
  X(person_id, "证件号码", "Person's ID", text, plain) \
  X(kind, "类别", "Kind", symbol, strong) \
  X(ca, "CA", "CA", upper, plain) \
  X(id, "标识", "ID", text, plain) \
  X(renewable, "可续期", "Renewable", yes_no, plain) \
  X(lock, "锁型", "Lock", text, plain) \
  X(basis, "依据", "Basis", symbol, plain) \
  X(reason, "原因", "Reason", symbol, plain) \
  X(evidence, "证据", "Evidence", list, plain) \
  X(seal, "印章", "Seal", symbol, plain) \
  X(found, "找到", "Found", yes_no, plain) \
  X(object, "对象", "Object", text, plain) \
  X(format, "格式", "Format", symbol, plain) \
  X(bytes, "大小", "Size", bytes, plain) \
  X(missing, "缺少", "Missing", symbol, attention) \
  X(certificates, "证书", "Certificates", list, plain) \
  X(role, "用途", "For", symbol, plain) \
  X(current, "当前使用", "Current", yes_no, plain) \
  X(subject, "主体", "Subject", text, plain) \
  X(issuer, "颁发者", "Issuer", text, plain) \
  X(not_before, "生效", "Valid from", time, plain) \
  X(not_after, "到期", "Valid until", time, strong) \
  X(days_left, "剩余天数", "Days left", days, plain) \
  X(algorithm, "算法", "Algorithm", upper, plain) \
  X(key_id, "密钥标识", "Key ID", hex, plain) \
  X(has_private_key, "有私钥", "Private key", yes_no, plain) \
  X(sha256, "SHA-256", "SHA-256 of DER", hex, quiet) \
  X(renewal, "续期", "Renewal", text, plain) \
  X(verdict, "结论", "Verdict", symbol, strong) \
  X(opens, "可续期起", "Window opens", time, plain) \
  X(closes, "可续期止", "Window closes", time, plain) \
  X(recommended_by, "建议最晚", "Best by", date, plain) \
  X(next_step, "下一步", "Next step", symbol, strong) \
  X(file, "文件", "File", text, plain) \
  X(files, "文件", "Files", list, plain) \
  X(checks, "检查", "Checks", list, plain) \
  X(check, "检查项", "Check", symbol, plain) \
  X(steps, "步骤", "Steps", list, plain) \
  X(step, "步骤", "Step", symbol, plain) \
  X(done, "已完成", "Done", yes_no, plain) \
  X(result, "结果", "Result", symbol, plain) \
  X(generation, "锁里现在是", "The token holds", symbol, strong) \
  X(resume_due, "须继续办完", "Resume due", yes_no, attention) \
  X(bids, "投标情况", "Bids", text, plain) \
  X(answer, "回答", "Answer", symbol, plain) \
  X(unread, "读不出的", "Unread", list, attention) \
  X(typed, "在终端回答", "Typed", yes_no, plain) \
  X(at, "时间", "At", time, plain) \
  X(new_key, "新密钥", "New key", yes_no, plain) \
  X(was_there, "原已在锁里", "Was there already", yes_no, plain) \
  X(fitness, "核对", "Fitness", list, plain) \
  X(old_removed, "旧证书已清理", "Old one removed", yes_no, plain) \
  X(seals, "印章", "Seals", list, plain) \
  X(private, "私有（登录后可见）", "Private", yes_no, plain) \
  X(vendor, "厂商标识", "Vendor", text, plain) \
  X(type, "类型", "Type", number, plain) \
  X(created, "制作时间", "Made", time, plain) \
  X(valid_from, "生效", "Valid from", time, plain) \
  X(valid_to, "失效", "Valid until", time, plain) \
  X(picture, "图像", "Picture", text, plain) \
  X(width, "宽（像素）", "Width, pixels", number, plain) \
  X(height, "高（像素）", "Height, pixels", number, plain) \
  X(width_mm, "宽（毫米）", "Width, mm", number, plain) \
  X(height_mm, "高（毫米）", "Height, mm", number, plain) \
  X(signers, "可用章的证书数", "Signer certificates", number, plain) \
  X(objects, "对象", "Objects", list, plain) \
  X(class, "类别", "Class", symbol, plain) \
  X(class_number, "类别编号", "Class number", hex, quiet) \
  X(size, "大小", "Size", number, plain) \
  X(key_type, "密钥类型", "Key type", upper, plain) \
  X(usage, "用途", "Usage", symbol, plain) \
  X(modifiable, "可修改", "Modifiable", yes_no, plain) \
  X(sensitive, "敏感", "Sensitive", yes_no, plain) \
  X(extractable, "可导出", "Extractable", yes_no, plain) \
  X(application, "所属应用", "Application", text, plain) \
  X(mechanisms, "算法机制", "Mechanisms", list, plain) \
  X(number, "编号", "Number", hex, plain) \
  X(min_key, "最短密钥", "Least key", number, plain) \
  X(max_key, "最长密钥", "Most key", number, plain) \
  X(guide, "办理指南", "Guide", text, plain) \
  X(service, "业务", "Service", symbol, strong) \
  X(platform, "平台", "Platform", text, plain) \
  X(platforms, "平台", "Platforms", list, plain) \
  X(needs_old_key, "需带原锁", "Old UKey needed", yes_no, plain) \
  X(materials, "材料", "Materials", list, plain) \
  X(items, "项目", "Items", list, plain) \
  X(channels, "办理方式", "Channels", list, plain) \
  X(terms, "办理时限", "Terms", list, plain) \
  X(warnings, "注意", "Warnings", list, attention) \
  X(fee, "费用", "Fee", list, plain) \
  X(registration, "先行登记", "Registration first", list, plain) \
  X(contacts, "联系方式", "Contacts", list, plain) \
  X(contact, "联系方式", "Contact", text, plain) \
  X(counter, "窗口电话", "Counter", text, plain) \
  X(hotline, "售后热线", "After-sales", text, plain) \
  X(qq_group, "QQ群", "QQ group", text, plain) \
  X(online, "网上办理", "Online", text, plain) \
  X(place, "办理地点", "Place", list, plain) \
  X(site, "平台网站", "Platform site", list, plain) \
  X(text, "内容", "Text", words, plain) \
  X(sources, "数据出处", "Sources", symbol, quiet) \
  X(source, "出处", "Source", symbol, quiet) \
  X(match, "匹配", "Matches", list, plain) \
  X(module_files, "驱动文件", "Module files", list, plain) \
  X(autoload, "自动加载", "Loaded unasked", yes_no, plain) \
  X(concurrent, "可并行", "Concurrent", yes_no, plain) \
  X(seal_privacy, "印章可见性", "Seals visible", symbol, plain) \
  X(seal_labels, "印章名称", "Seal labels", list, plain) \
  X(key_types, "密钥类型", "Key types", list, plain) \
  X(errors, "错误码", "Errors", list, plain) \
  X(hints, "下一步", "What to do next", list, plain) \
  X(advice, "办法", "Advice", words, plain) \
  X(unconfirmed, "未经实物核实", "Not confirmed on hardware", list, attention) \
  X(notes, "说明", "Notes", words, plain) \
  X(rv, "返回值", "Answer", hex, plain) \
  X(meaning, "含义", "Meaning", words, plain) \
  X(issuers, "颁发者名称", "Issuer names", list, plain) \
  X(certificate_kind, "证书制式", "Certificates", symbol, plain) \
  X(trust_sha256, "可信CA证书", "Trusted CA SHA-256", list, quiet) \
  X(unique_id_oids, "唯一标识OID", "Unique-ID OIDs", list, quiet) \
  X(via, "办理途径", "By way of", symbol, plain) \
  X(cmp_command, "CMP请求", "CMP request", symbol, plain) \
  X(recipient, "收件人", "Recipient", text, plain) \
  X(program, "本地程序", "Program", text, plain) \
  X(timeout_seconds, "时限（秒）", "Time limit, seconds", number, plain) \
  X(implicit_confirm, "免确认", "Without confirmation", yes_no, plain) \
  X(zone, "时区", "Zone", text, plain) \
  X(window_days, "可续期天数", "Window, days", number, plain) \
  X(grace_days, "过期宽限天数", "Grace, days", number, plain) \
  X(term_years, "证书年限", "Terms, years", list, plain) \
  X(term_tolerance_days, "年限误差天数", "Term tolerance, days", number, plain) \
  X(renewable_cas, "可续期的CA", "Renewable CAs", list, plain) \
  X(required_seals, "应有印章", "Required seals", list, plain) \
  X(services, "业务", "Services", symbol, plain) \
  X(practice, "练习锁", "Practice tokens", list, plain) \
  X(drawer, "练习抽屉", "Practice drawer", text, plain) \
  X(url, "地址", "URL", text, plain) \
  X(years, "年限", "Years", number, plain) \
  X(plugged, "已插入", "Plugged in", yes_no, plain) \
  X(cas, "CA机构", "CAs", list, plain) \
  X(code, "错误类别", "Code", text, plain) \
  X(message, "说明", "Message", text, bad) \
  X(hint, "下一步", "Hint", text, plain) \
  X(call, "调用", "Call", text, plain) \
  X(ckr, "锁的回答", "Token's answer", text, plain) \
  X(unit, "单位公章", "Unit seal", list, plain) \
  X(legal_rep, "法人章", "Legal rep. seal", list, plain) \
  X(signature, "手写签名", "Signature", list, plain) \
  X(enterprise, "企业", "Enterprise", symbol, plain) \
  X(individual, "个人", "Individual", symbol, plain) \
  X(requests, "证书请求", "Requests", list, plain) \
  X(old, "原证书", "Old", text, plain) \
  X(new, "新证书", "New", text, plain) \
  X(changed, "已修改", "Changed", yes_no, plain) \
  X(path, "路径", "Path", text, plain) \
  X(envelopes, "加密文件", "Envelopes", list, plain) \
  X(entry, "容器内文件", "Entry", text, plain) \
  X(recipients, "收件证书", "Recipients", list, plain) \
  X(certificate, "锁里的证书", "Token's certificate", hex, plain) \
  X(manifest, "清单", "Manifest", text, plain) \
  X(line, "行", "Line", number, plain) \
  X(selector, "序列号或名称", "Serial or label", text, plain) \
  X(note, "备注", "Note", text, plain) \
  X(findings, "留意", "Findings", list, attention) \
  X(finding, "留意", "Finding", symbol, attention) \
  X(present, "插着", "Plugged in", yes_no, plain) \
  X(seen, "最近见到", "Last seen", time, plain) \
  X(batch, "批次", "Batch", text, strong) \
  X(begun, "开始", "Begun", time, plain) \
  X(ended, "结束", "Ended", time, plain) \
  X(host, "主机", "Host", text, plain) \
  X(attempt, "办理编号", "Attempt", text, quiet) \
  X(judged, "按此时间判断", "Judged as of", time, plain) \
  X(fee_receipt, "缴费凭据", "Fee receipt", text, plain) \
  X(renewed, "已续期", "Renewed", number, plain) \
  X(skipped, "跳过", "Skipped", number, plain) \
  X(failed, "失败", "Failed", number, plain) \
  X(left, "未办完", "Left", number, plain) \
  X(attempts, "办理记录", "Attempts", list, plain) \
  X(batches, "批次", "Batches", list, plain) \
  X(superseded, "不再算作主锁", "Superseded", list, plain) \
  X(spooled, "待补记", "Waiting records", number, plain)
// clang-format on
