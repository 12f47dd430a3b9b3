// What every error means and what to do next: code, headline zh/en, hint zh/en. Then finer hints by
// the token's own answer. Tables only; a code without a row does not compile (explanation.cpp).
#pragma once

// clang-format off
#define UKEY_EXPLANATIONS(X) \
  X(usage, "命令写法不对", "the command line is wrong", \
    "看用法：{}", "see how it is used: {}") \
  X(no_module, "找不到锁的驱动（PKCS#11 模块）", "no driver (PKCS#11 module) found", \
    "请安装该CA的驱动；已安装的，用 -m 文件 指明模块", "install the CA's driver, or name its module with -m FILE") \
  X(module_broken, "锁的驱动无法使用", "the driver (PKCS#11 module) does not work", \
    "请重装该驱动，并确认智能卡服务（pcscd）在运行；或用 -m 文件 换一个模块", "reinstall the driver and see that the smart card service (pcscd) runs, or try another with -m FILE") \
  X(module_timeout, "锁的驱动没有应答", "the driver did not answer in time", \
    "拔下锁再插上后重试；锁本来就慢的，用 --timeout 秒数 放宽", "unplug the token, plug it in and try again; for a slow token allow more with --timeout SECONDS") \
  X(bad_profile, "资料文件有误或不存在", "a profile is wrong or missing", \
    "检查资料文件：ukey profile check；已有的：ukey profile list", "check the profiles: ukey profile check; list them: ukey profile list") \
  X(no_token, "没有找到锁", "no token found", \
    "检查锁是否插好、驱动是否装好；也可用 -m 文件 指明驱动", "check the plug and the driver; name the driver with -m FILE") \
  X(ambiguous_token, "插着多把锁，不知道要用哪一把", "several tokens fit: which one?", \
    "用 -t 序列号 指定一把，序列号相同的用名称；列出全部：ukey list", "choose with -t SERIAL, or by label where serials are the same; list them: ukey list") \
  X(token_removed, "操作途中锁被拔出", "the token was unplugged while in use", \
    "插好锁后先看状态：ukey status", "plug it in and look first: ukey status") \
  X(token_unusable, "这把锁现在不能用", "this token cannot be used", \
    "看全部锁的状态：ukey list --all；未初始化或损坏的请带到CA窗口", "see the state of all tokens: ukey list --all; take one that is not initialised or damaged to the CA's window") \
  X(pin_wrong, "PIN码不对", "the PIN is wrong", \
    "不要反复试：先看还剩多少余地：ukey pin status", "do not guess: see what is left first: ukey pin status") \
  X(pin_locked, "PIN码已锁死", "the PIN is locked", \
    "有管理员PIN的用 ukey pin unlock；没有的带原锁到CA窗口：ukey guide unlock", "with the SO PIN: ukey pin unlock; without it take the original UKey to the CA's window: ukey guide unlock") \
  X(pin_not_sent, "PIN码没有发给锁：只剩最后一次机会", "the PIN was NOT sent: one try is left", \
    "再错就锁死；先看 ukey pin status；确知PIN码，才加 --use-final-try", "a wrong one locks it; look first: ukey pin status; only if you are sure of the PIN: --use-final-try") \
  X(pin_missing, "需要PIN码，但没有给出", "a PIN is needed and none was given", \
    "在终端里输入，或用 --pin-file、--pin-env、--pin-stdin、--pin-command（新PIN：--new-pin-…）", "type it at a terminal, or give --pin-file, --pin-env, --pin-stdin or --pin-command (a new PIN: --new-pin-...)") \
  X(pin_invalid, "PIN码的长度不合要求，没有发给锁", "the PIN's length is not allowed; it was not sent", \
    "看长度要求：ukey pin status", "see the lengths allowed: ukey pin status") \
  X(token_refused, "锁拒绝了这项操作", "the token refused", \
    "看详细过程：加 --trace；要登录的操作加 --login", "see every call with --trace; what needs a login: --login") \
  X(not_supported, "这把锁不支持此操作", "this token cannot do that", \
    "看它会什么：ukey mechanism list", "see what it can do: ukey mechanism list") \
  X(token_full, "锁的空间不够", "the token is full", \
    "看占用：ukey object list；确认不再解密旧标书后，可清理旧证书", "see what takes the room: ukey object list; old certificates may go once no old bid needs them") \
  X(not_found, "锁里没有要找的东西", "what was asked for is not on the token", \
    "看锁里有什么：ukey object list（私有的要加 --login）", "see what there is: ukey object list (private objects need --login)") \
  X(file_io, "文件读写失败", "a file cannot be read or written", \
    "检查路径、权限和磁盘空间", "check the path, the permissions and the free space") \
  X(bad_input, "文件内容不对", "the input is not what it should be", \
    "检查文件是否完整、格式是否正确", "check that the file is whole and of the right kind") \
  X(ledger, "续期记录无法读写", "the record of renewals cannot be read or written", \
    "检查这个文件或文件夹的权限和磁盘空间；记录损坏的，先留一份再移开，然后看锁：ukey cert list", "check its permissions and the free space; a damaged record: keep a copy, move it away, and look at the token: ukey cert list") \
  X(window_closed, "现在不在可续期的日期内", "today is outside the renewal window", \
    "看日期和下一步：ukey renew check", "see the dates and what to do next: ukey renew check") \
  X(ca_not_renewable, "此CA的证书不能续期", "certificates of this CA are not renewed", \
    "按初次办理：ukey guide first-issue", "apply as for a first issue: ukey guide first-issue") \
  X(bid_unanswered, "还没有回答是否有投标在进行", "whether a bid is open was not answered", \
    "问清持有人：没有投标在进行用 --no-open-bids，已撤回用 --bids-withdrawn", "ask the holder: no bid is open, --no-open-bids; withdrawn, --bids-withdrawn") \
  X(bid_open, "有投标在进行：现在续期，已加密的标书将无法解密", "a bid is open: renewing now makes it impossible to decrypt", \
    "开标以后再续期；等不及的先在平台上撤回投标，再用 --bids-withdrawn 说明", "wait until the bids have been opened, or withdraw the bid first and then say --bids-withdrawn") \
  X(certificate_unfit, "这张证书不适用", "the certificate does not fit", \
    "对照证书看：ukey cert show --file 文件；签发得不对就找CA重发", "look at it: ukey cert show --file FILE; if it is wrong, ask the CA for another") \
  X(busy, "这把锁正由别的程序办理", "another program is working on this token", \
    "等那个程序办完再试", "wait until it has finished, then try again") \
  X(ca_refused, "CA没有受理", "the CA refused the request", \
    "联系该CA：ukey guide renew", "ask the CA: ukey guide renew") \
  X(ca_unreachable, "连不上CA", "the CA cannot be reached", \
    "检查网络和 --ca-url，稍后再试", "check the network and --ca-url, try again later") \
  X(bug, "程序出错（这是 ukey 的缺陷）", "internal error: a bug in ukey", \
    "请用 --trace 重现并报告给维护者", "please repeat it with --trace and report it") \
  X(interrupted, "已中断", "interrupted", \
    "先看状态：ukey status；中断的是续期：ukey renew resume（要收回加 --undo）", "look first: ukey status; when it was a renewal: ukey renew resume (--undo takes it back)")

// The same for the security officer's PIN, where it is another matter: that one cannot be unlocked.
#define UKEY_SO_EXPLANATIONS(X) \
  X(pin_wrong, "管理员PIN不对", "the SO PIN is wrong", \
    "不要再试：管理员PIN锁死，这把锁多半报废；先看：ukey pin status", "do not guess: a token whose SO PIN locks is scrap; look first: ukey pin status") \
  X(pin_locked, "管理员PIN已锁死，没有发送PIN", "the SO PIN is locked; no PIN was sent", \
    "这把锁解不开了，带它到CA窗口：ukey guide damaged", "this token cannot be unlocked; take it to the CA's window: ukey guide damaged") \
  X(pin_not_sent, "管理员PIN没有发给锁：只剩最后一次，再错这把锁就报废", "the SO PIN was NOT sent: one try is left, and a wrong one makes the token scrap", \
    "没有十分把握就带原锁到CA窗口：ukey guide unlock；确知管理员PIN，才加 --use-final-try", "unless you are sure, take the original UKey to the CA's window: ukey guide unlock; only if you are: --use-final-try") \
  X(pin_missing, "需要管理员PIN，但没有给出", "the SO PIN is needed and was not given", \
    "在终端里输入，或用 --so-pin-file、--so-pin-env、--so-pin-stdin、--so-pin-command；没有的到CA窗口：ukey guide unlock", "type it at a terminal, or give --so-pin-file, --so-pin-env, --so-pin-stdin or --so-pin-command; without it: ukey guide unlock") \
  X(pin_invalid, "管理员PIN的长度不合要求，没有发给锁", "the SO PIN's length is not allowed; it was not sent", \
    "看长度要求：ukey pin status；没有管理员PIN的到CA窗口：ukey guide unlock", "see the lengths allowed: ukey pin status; without the SO PIN: ukey guide unlock")

// Why, where that says more than the code: headline zh/en and hint zh/en ("": the code's own hint).
#define UKEY_CAUSES(X) \
  X(locked_now, "PIN码被拒绝，现已锁死", "the PIN was refused, and is LOCKED now", \
    "有管理员PIN的用 ukey pin unlock；没有的带原锁到CA窗口：ukey guide unlock", "with the SO PIN: ukey pin unlock; without it take the original UKey to the CA's window: ukey guide unlock") \
  X(source_withdrawn, "PIN码没有发给锁：此前用同一来源的PIN码登录没有成功", "the PIN was NOT sent: a login with a PIN from the same source failed before", \
    "核对这个来源的PIN码，再另开一批", "make sure of that source's PIN, then begin another batch") \
  X(child_died, "驱动模块在这把锁上崩溃", "the module crashed on this token", \
    "更新CA的驱动；再单独看它：ukey status", "update the CA's driver; then look at it alone: ukey status") \
  X(unsure, "", "", \
    "可能已用掉一次PIN机会：重新插好锁，先看 ukey pin status，再决定是否重试", "a PIN try may have been spent: plug the token in anew and look before you try again: ukey pin status") \
  X(refused_form, "锁不接受PIN码的长度或字符", "the token refused the PIN for its length or characters", \
    "看长度要求：ukey pin status", "see the lengths allowed: ukey pin status") \
  X(new_pin_form, "新PIN码的长度不合要求，什么也没有发给锁", "the NEW PIN's length is not allowed; nothing was sent", \
    "看长度要求：ukey pin status", "see the lengths allowed: ukey pin status") \
  X(new_pin_refused, "锁不接受新PIN码的长度或字符", "the token refused the NEW PIN for its length or characters", \
    "看长度要求：ukey pin status；换一个新PIN码再试", "see the lengths allowed: ukey pin status; then take another new PIN") \
  X(empty, "给出的PIN是空的", "the source of the PIN gave nothing", \
    "检查这个来源：它应当只给出PIN码这一行", "look at that source: the PIN must be its only line") \
  X(unset, "这个选项指明的环境变量没有设置", "the environment variable that this option names is not set", \
    "先设置并导出（export）该变量，再运行", "set and export the variable, then run it again") \
  X(command_failed, "取PIN码的命令失败（括号里是退出状态或信号）", "the command for the PIN failed (with this exit status or signal)", \
    "单独运行它看看：它应当只输出PIN码，并以状态 0 结束", "run it by hand: it must print nothing but the PIN, and end with status 0") \
  X(command_slow, "取PIN码的命令没有及时结束", "the command for the PIN did not end in time", \
    "单独运行它看看：它应当只输出PIN码，并马上结束", "run it by hand: it must print nothing but the PIN, and end at once") \
  X(command_missing, "这个命令无法启动", "this command cannot be started", \
    "检查它的路径和执行权限；不经过 shell，写不了管道和变量", "check its path and that it may be executed; no shell runs it, so no pipes or variables") \
  X(shared_serial, "这个序列号不是这把锁独有的，没有按它取PIN码", "this serial number is not the token's alone: no PIN was asked for by it", \
    "用 -t 指定这把锁，PIN码换一个不含 {serial} 的来源，如 --pin-file", "name the token with -t, and its PIN by a source without {serial}, such as --pin-file") \
  X(typed_twice, "两次输入的新PIN不一样，没有发给锁", "the two entries of the new PIN differ; nothing was sent", \
    "重新运行，两次输入同一个新PIN", "run it again and type the same new PIN twice") \
  X(control_key, "输入里有控制键或方向键，没有发给锁", "a control or arrow key was typed; nothing was sent", \
    "重新运行再输入；输错时 Ctrl-U 从头输入，退格键删一个字符", "run it again; ctrl-U begins the PIN anew, the erase key takes one character back") \
  X(full_width, "输入的是全角字符，没有发给锁", "these are full-width characters; nothing was sent", \
    "请切换到英文输入法再输一次；PIN确实如此的，加 --pin-as-is", "switch the input method to English and type it again; if the PIN is really so, add --pin-as-is") \
  X(not_ascii, "含有英文字母、数字和符号以外的字符，没有发给锁", "a character that is no plain letter, digit or sign; nothing was sent", \
    "请切换到英文输入法再输一次；PIN确实如此的，加 --pin-as-is", "switch the input method to English and type it again; if the PIN is really so, add --pin-as-is") \
  X(unseen_character, "头尾有空格，或含有看不见的字符，没有发给锁", "a blank at an end, or a character that cannot be seen; nothing was sent", \
    "不要复制，手工再输一次；PIN确实如此的，加 --pin-as-is", "do not copy it, type it by hand; if the PIN is really so, add --pin-as-is") \
  X(byte_order_mark, "开头有BOM，或者是UTF-16编码，没有发给锁", "it begins with a byte-order mark or is UTF-16; nothing was sent", \
    "在记事本里另存为，编码选 ANSI", "save it anew as plain text: in Notepad, with the encoding ANSI") \
  X(several_lines, "不止一行，没有发给锁", "more than one line; nothing was sent", \
    "只留PIN这一行，后面不留空行", "keep the line of the PIN alone, without empty lines behind it") \
  X(unknown_word, "没有这个命令", "no such command", "", "") \
  X(unknown_option, "没有这个选项", "no such option", "", "") \
  X(unwanted_word, "多余的词", "a word too many", "", "") \
  X(unwanted_secret, "PIN码不能写在命令行上（这里不重复它）", "a PIN never comes on the command line (it is not repeated here)", \
    "在终端里输入，或用 --pin-file、--pin-env、--pin-stdin、--pin-command；它可能已留在shell的历史里", "type it at a terminal, or give --pin-file, --pin-env, --pin-stdin or --pin-command; the shell's history may have kept it") \
  X(missing_command, "后面缺少命令", "a command is missing after", "", "") \
  X(missing_word, "缺少", "missing", "", "") \
  X(missing_value, "选项缺少值", "the option lacks its value", "", "") \
  X(unwanted_value, "这个选项不带值", "the option takes no value", "", "") \
  X(bad_value, "这个值不对", "not a possible value", "", "") \
  X(repeated, "选项只能给一次", "the option can be given only once", "", "") \
  X(two_sources, "同一个PIN码给了几个来源", "one PIN from several sources", \
    "只留一个", "keep one of them") \
  X(one_input, "标准输入里只能有一个PIN码", "standard input holds one PIN only", \
    "另一个用文件、环境变量或命令给出", "give the other by file, environment variable or command") \
  X(unconfirmed, "没有得到确认", "this was not confirmed", \
    "在终端里回答 y，或加 --yes", "answer y at the terminal, or give --yes") \
  X(over_source, "输出文件就是被读的那个文件，它可能是唯一的一份", "the output is the file that is read, which may be the only copy", \
    "用 --out 另取一个文件名", "give another name with --out") \
  X(no_route, "没有说申请怎样交给CA", "nothing says how the request reaches the CA", \
    "给出一种：--ca-url 地址（联机）、--ca-command 程序，或 --out 文件（自己送交）", "give --ca-url URL (online), --ca-command COMMAND or --out FILE (carry it there)") \
  X(no_trust, "没有可信的CA证书，认不出CA的应答", "no CA certificate is trusted, so its answers cannot be verified", \
    "用 --ca-file 或 --ca-dir 给出，或放进 /etc/ukey/ca；CA给了口令的用 --ca-secret-file", "give one with --ca-file or --ca-dir, put it into /etc/ukey/ca, or use --ca-secret-file") \
  X(only_ca, "只有CA自己的证书，没有给这把锁的", "only a CA's own certificates, none for this token", \
    "向CA要这把锁的新证书", "ask the CA for this token's new certificate") \
  X(no_former, "锁里已没有它之前的证书，也没有留存，退不回去", "the certificate before it is neither on the token nor kept, so there is no way back", \
    "把续期办完：ukey renew resume", "finish the renewal: ukey renew resume") \
  X(key_lost, "驱动在删除时把一个私钥也一起删掉了，找不回来", "in removing something the driver took a private key along, and that is lost", \
    "这把锁不要再用 --retire-old 或 --undo；还剩什么：ukey object list --login；丢了的密钥只能找CA重办：ukey guide damaged", "use no --retire-old and no --undo with this token again; see what is left: ukey object list --login; only the CA can help: ukey guide damaged") \
  X(object_lost, "驱动在删除时把别的对象也一起删掉了，找不回来", "in removing something the driver took another object along, and that is lost", \
    "这把锁不要再用 --retire-old 或 --undo；还剩什么：ukey object list --login；丢了的（例如印章）请CA重新写入", "use no --retire-old and no --undo with this token again; see what is left: ukey object list --login; have the CA write it anew") \
  X(no_successor, "CA没有给这张证书签发新的", "the CA issued nothing to follow this certificate", \
    "联系该CA：ukey guide renew", "ask the CA: ukey guide renew") \
  X(renewal_waits, "这把锁有中断的续期没有办完", "an interrupted renewal of this token is not finished", \
    "接着办完：ukey renew resume；要收回：ukey renew resume --undo", "to finish it: ukey renew resume; to take it back: ukey renew resume --undo") \
  X(no_certificate, "锁里没有可以续期的证书", "the token has no certificate to renew", \
    "先办初次办理：ukey guide first-issue；登录后才看得到证书的锁：ukey status --login", "apply for a first issue: ukey guide first-issue; where a token shows them only after login: ukey status --login") \
  X(foreign_key, "CA签发的证书不是给这把锁的密钥的", "the CA's certificate is not for this token's key", \
    "没有写入锁；请CA按申请里的公钥重发：ukey guide renew", "it was not written; ask the CA for one of the requested key: ukey guide renew") \
  X(odd_answer, "CA的答复看不懂，不是证书也不是拒绝", "the CA's answer is not understood: neither a certificate nor a refusal", \
    "核对 --ca-url、--cmp-command 或 --ca-command 是否写对；对的就联系该CA：ukey guide renew", "check --ca-url, --cmp-command or --ca-command; if they are right ask the CA: ukey guide renew") \
  X(foreign_answer, "不能证明答复出自这家CA", "nothing proves that the answer is from this CA", \
    "多半缺CA的证书：用 --ca-file 给出，或放进 /etc/ukey/ca；用口令的核对 --ca-secret-file", "most likely its certificate is missing: give it with --ca-file or put it into /etc/ukey/ca; with a secret check --ca-secret-file") \
  X(ca_command_slow, "--ca-command 的程序没有在时限内结束", "the program of --ca-command did not end within its time limit", \
    "单独运行它看看；时限是CA资料里的 timeout_seconds", "run it by hand; the limit is timeout_seconds in the CA's profile") \
  X(ca_waits, "CA到时限还没有办好，叫以后再来", "the CA asks to wait longer than the time limit", \
    "稍后再办，或问该CA：ukey guide renew；时限是CA资料里的 timeout_seconds", "try again later, or ask the CA: ukey guide renew; the limit is timeout_seconds in the CA's profile") \
  X(untrusted_server, "服务器的证书不可信", "the certificate of the server is not trusted", \
    "用 --ca-file 给出签发它的CA证书，并核对 --ca-url 里的主机名", "give the certificate of the CA that issued it with --ca-file, and check the host in --ca-url") \
  X(bad_secret, "CA口令的文件内容不对（空的、太长，或不是一行纯文本）", "the file of the CA's secret holds none (empty, too long, or not one line of plain text)", \
    "--ca-secret-file 应当只有口令这一行，不带BOM", "the secret must be the only line of --ca-secret-file, without a byte-order mark") \
  X(large_file, "文件太大", "the file is too large", \
    "检查是不是给错了文件；括号里是上限", "check that it is the right file; the limit stands in the brackets") \
  X(contradiction, "这两个选项互相矛盾", "these options contradict each other", \
    "只留符合实情的一个", "keep the one that is true") \
  X(batch_at_work, "这一批正由别的程序办理", "another program is carrying out this batch", \
    "等它办完；看办到哪里：ukey batch status", "wait until it has finished; how far it is: ukey batch status") \
  X(unwanted_password, "数据库口令不能写在命令行上（这里不重复它）", "a database's password never comes on the command line (it is not repeated here)", \
    "写进 ~/.pgpass（权限 0600）或 PGPASSFILE 指明的文件；它可能已留在shell的历史里", "put it into ~/.pgpass (mode 0600) or the file that PGPASSFILE names; the shell's history may have kept it") \
  X(unreachable, "连不上台账数据库，或它不让这个用户进", "the ledger's database cannot be reached, or does not let this user in", \
    "看数据库自己怎么说：psql 地址；口令写在 ~/.pgpass", "hear what the database says itself: psql URL; the password belongs into ~/.pgpass") \
  X(newer_ledger, "台账由更新的 ukey 写成，这个版本不能用", "the ledger was written by a newer ukey; this one must not touch it", \
    "升级这台机器上的 ukey", "install the newer ukey on this machine as well") \
  X(no_ledger, "这里没有台账：没有这个文件，或者它不是台账", "there is no ledger: no such file, or a file of another kind", \
    "检查 --ledger 的路径；台账损坏的，先留一份再移开", "check the path of --ledger; a damaged ledger: keep a copy, then move it away") \
  X(no_batch, "台账里没有这一批", "the ledger knows no such batch", \
    "看有哪些：ukey batch status --all；用别的台账的加 --ledger", "see which there are: ukey batch status --all; give --ledger for another ledger") \
  X(unknown_column, "清单里有不认识的列", "the manifest has a column that is not known", \
    "可用的列：serial、label、years、pin_file、pin_env、no_open_bids、note；第一行必须是列名", "the columns are serial, label, years, pin_file, pin_env, no_open_bids and note; the first line must name them") \
  X(missing_column, "清单没有 serial 列，也没有 label 列", "the manifest has neither a column serial nor a column label", \
    "第一行必须是列名，至少有 serial 或 label", "the first line must name the columns, serial or label among them") \
  X(repeated_column, "清单里这一列出现了两次", "the manifest has this column twice", \
    "只留一列", "keep one of them") \
  X(not_text, "清单既不是 UTF-8 也不是 GBK 的文本", "the manifest is text neither in UTF-8 nor in GBK", \
    "在表格软件里另存为 CSV（UTF-8）", "save it from the spreadsheet as CSV (UTF-8)") \
  X(bad_quote, "引号缺了一半，或位置不对", "a quotation mark is missing or in the wrong place", \
    "内容里的引号要写两个，整个内容再用引号括起来", "write a quotation mark inside a field twice, and put the whole field between two") \
  X(too_large, "清单太大，或其中一格太长", "the manifest, or a field of it, is too large", \
    "最多 16 MiB、100000 行，每格最多 4096 字节；可分成几份", "at most 16 MiB, 100000 rows, 4096 octets a field; make several of it") \
  X(no_selector, "这一行没有写是哪把锁", "this row names no token", \
    "填上序列号（serial）或名称（label）", "fill in its serial number or label") \
  X(rounded_number, "序列号被表格软件改成了科学计数，末尾几位已丢失", "a spreadsheet turned the serial number into a rounded number; its last digits are lost", \
    "先把该列设为“文本”格式，再重新填写序列号", "format that column as text first, then type the serial number again") \
  X(extra_field, "这一格没有列名", "this field belongs to no column", \
    "内容里有逗号的，整个内容用引号括起来", "put a field with a comma in it between quotation marks") \
  X(unrecognised, "没有装驱动，或者不认识这张卡", "driver missing or card not recognised", \
    "装好签发它的CA的驱动，再插一次；本程序知道的驱动：ukey profile list", "install the driver of the CA that issued it and plug it in again; drivers known here: ukey profile list")

// The same for the security officer's PIN.
#define UKEY_SO_CAUSES(X) \
  X(refused_form, "锁不接受管理员PIN的长度或字符", "the token refused the SO PIN for its length or characters", \
    "看长度要求：ukey pin status；没有管理员PIN的到CA窗口：ukey guide unlock", "see the lengths allowed: ukey pin status; without the SO PIN: ukey guide unlock") \
  X(locked_now, "管理员PIN被拒绝，现已锁死：这把锁再也解不开", "the SO PIN was refused, and is LOCKED now: nothing unlocks this token any more", \
    "这把锁多半报废，带它到CA窗口：ukey guide damaged", "it is scrap as a rule; take it to the CA's window: ukey guide damaged")

// What is not known when one of these calls (without the prefix) ended in mid-air (cause unsure).
#define UKEY_UNSURE_HINTS(X) \
  X(SetPIN, "可能已用掉一次PIN机会，新PIN也可能已生效：重新插好锁，先看 ukey pin status，再用新PIN核对", "a PIN try may have been spent, or the new PIN be set already: plug the token in anew, look first: ukey pin status, then verify the NEW PIN") \
  X(InitPIN, "不知道新PIN是否已生效：先看 ukey pin status，再重新解锁", "the new PIN may be set or not: look at ukey pin status, then unlock it again")

// A finer hint by what the token answered (CKR_… without the prefix), whatever the code.
#define UKEY_ANSWER_HINTS(X) \
  X(TOKEN_NOT_PRESENT, "插好锁后重试", "plug the token in and try again") \
  X(TOKEN_WRITE_PROTECTED, "锁被写保护：请用该CA自己的工具，或到CA窗口", "the token is write-protected: use the CA's own tool, or its window") \
  X(PIN_EXPIRED, "先改PIN码：ukey pin change", "change the PIN first: ukey pin change") \
  X(PIN_LEN_RANGE, "PIN码长度不对：看允许的长度：ukey pin status", "the PIN has a wrong length: see what is allowed: ukey pin status") \
  X(USER_PIN_NOT_INITIALIZED, "PIN码还没有设置：有管理员PIN的用 ukey pin unlock，没有的到CA窗口办理", "no user PIN is set yet: with the SO PIN use ukey pin unlock, without it go to the CA's window") \
  X(USER_NOT_LOGGED_IN, "此操作要登录：加 --login", "this needs a login: add --login") \
  X(SESSION_COUNT, "锁的会话用完了：关闭其他使用此锁的程序（CA客户端、浏览器）", "no session is free: close other programs that use the token (the CA's client, browsers)") \
  X(CANT_LOCK, "驱动不支持多线程：关闭其他使用此锁的程序后重试", "the driver cannot be shared: close other programs that use the token") \
  X(DEVICE_REMOVED, "插好锁后先看状态：ukey status", "plug it in and look first: ukey status") \
  X(DEVICE_ERROR, "换一个USB口，不经过集线器再试；仍不行则锁可能已损坏（ukey guide damaged）", "try another USB port without a hub; if it stays, the token may be damaged (ukey guide damaged)") \
  X(DEVICE_MEMORY, "看占用：ukey object list；确认不再解密旧标书后，可清理旧证书", "see what takes the room: ukey object list; old certificates may go once no old bid needs them")
// clang-format on
