// The status card as a technician sees it.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "tests/report/sample.hpp"

using namespace ukey;
using namespace ukey::report;
using sample::has;
using sample::lines;
using sample::style;
using sample::widest;

namespace {

std::string shown(const model::Card& card, Lang lang = Lang::en) {
  return render(sample::status({card}), style(lang));
}

/// Column in which the value of the line that begins with `label` starts.
std::size_t value_column(const std::string& line) {
  auto at = line.find("  ", line.find_first_not_of(' '));
  at = line.find_first_not_of(' ', at);
  return base::columns(line.substr(0, at));
}

}  // namespace

TEST_CASE("the card of a main lock in English") {
  CHECK(shown(sample::master()) ==
        R"(● RENEW NOW  青海练习建设有限公司                               main lock · BJCA
  Valid until   2026-12-12 (20 days left)
  Renewal       open 2026-11-12 to 2026-12-12, best by 2026-12-10
  Next step     ask about open bids, then: ukey renew run -t 3f2a9c41
  Holder        enterprise · USCC 91630000TEST00001X
  Certificates  signing      RSA-2048  2025-12-12 to 2026-12-12
                encryption   RSA-2048  2025-12-12 to 2026-12-12
  Seals         unit seal √  legal rep. seal √  signature √ (by label)
  PIN           ok (SO PIN: ok)
  Token         练习-企业主锁 · serial 3f2a9c41 · ukey · practice ·
                ukey-practice.so
)");
}

TEST_CASE("the card of a main lock in Chinese") {
  CHECK(shown(sample::master(), Lang::zh) ==
        R"(● 可以续期  青海练习建设有限公司                                     主锁 · BJCA
  有效期至      2026-12-12（还剩 20 天）
  续期窗口      2026-11-12 至 2026-12-12 可办，最好在 2026-12-10 前办好
  下一步        问清没有投标在进行，再办：ukey renew run -t 3f2a9c41
  持有人        企业 · 信用代码 91630000TEST00001X
  证书          签名         RSA-2048  2025-12-12 至 2026-12-12
                加密         RSA-2048  2025-12-12 至 2026-12-12
  印章          单位公章 √  法人章 √  手写签名 √（按名称判断）
  PIN码         正常（管理员PIN：正常）
  锁            练习-企业主锁 · 序列号 3f2a9c41 · ukey · practice ·
                ukey-practice.so
)");
}

TEST_CASE(
    "every line of a card fits, and every value begins in the same column in both languages") {
  for (const Lang lang : {Lang::en, Lang::zh}) {
    const auto text = shown(sample::master(), lang);
    CHECK(widest(text) <= 80);
    const auto all = lines(text);
    for (std::size_t i = 1; i < all.size(); ++i) {
      CAPTURE(all[i]);
      if (!all[i].starts_with("   ")) CHECK(value_column(all[i]) == 16);
    }
  }
}

TEST_CASE("a long holder keeps the first line and the lock gets its own") {
  auto card = sample::master();
  card.holder.organisation = "青海省练习建设工程咨询管理有限责任公司西宁市第一练习分公司";
  const auto all = lines(shown(card));
  CHECK(has(all[0], "第一练习分公司"));
  CHECK(has(all[1], "main lock · BJCA"));
  card.holder.organisation = std::string(300, 'x');
  CHECK(widest(shown(card)) <= 80);
}

TEST_CASE("a narrow terminal still shows the whole card") {
  auto narrow = style(Lang::zh);
  narrow.width = 40;
  const auto text = render(sample::status({sample::master()}), narrow);
  CHECK(has(text, "ukey renew run"));
  CHECK(widest(text) <= 44);  // a certificate's line is one fact and cut only at the end
}

TEST_CASE("a locked PIN comes before renewing") {
  auto card = sample::master();
  card.pin.user = model::PinLevel::locked;
  const auto text = shown(card);
  CHECK(has(lines(text)[1], "! the PIN is LOCKED"));
  CHECK(has(text, "ukey pin unlock"));
  CHECK(has(text, "ukey guide unlock"));
  CHECK(!has(text, "ukey renew run"));
  card.pin.so = model::PinLevel::locked;
  CHECK(has(shown(card), "scrap"));
  CHECK(!has(shown(card), "ukey pin unlock"));
  CHECK(!has(shown(card), "ukey guide unlock"));
}

TEST_CASE("an interrupted renewal is the next step, both ways, unless the PIN is locked") {
  for (const auto lang : {Lang::en, Lang::zh}) {
    auto card = sample::master();
    auto document = sample::status({card});
    document["tokens"][0]["resume_due"] = true;
    const auto text = render(document, style(lang));
    CHECK(widest(text) <= 80);
    CHECK(has(text, "ukey renew resume -t 3f2a9c41"));
    CHECK(has(text, "ukey renew resume --undo -t 3f2a9c41"));
    CHECK(!has(text, "ukey renew run"));
    card.pin.user = model::PinLevel::locked;
    document = sample::status({card});
    document["tokens"][0]["resume_due"] = true;
    CHECK(!has(render(document, style(lang)), "ukey renew resume"));
  }
}

TEST_CASE("the last PIN try is a warning of its own") {
  auto card = sample::master();
  card.pin.user = model::PinLevel::final_try;
  CHECK(has(shown(card), "! ONE PIN TRY LEFT"));
  CHECK(has(shown(card, Lang::zh), "! PIN码只剩最后一次机会"));
}

TEST_CASE("a missing seal is named") {
  const auto card = sample::incomplete_master();
  CHECK(has(shown(card), "! seals missing on a main lock: legal rep. seal"));
  CHECK(has(shown(card, Lang::zh), "法人章 ×"));
}

TEST_CASE("a sub-lock has no seals and that is no warning") {
  auto card = sample::master();
  card.lock = {
      model::LockKind::sub, model::LockBasis::label, model::LockReason::none_found, {}, {}};
  CHECK(has(shown(card), "none (sub-locks carry none)"));
  CHECK(!has(shown(card), "  ! "));
}

TEST_CASE("every reason for an undetermined lock says in both languages what would settle it") {
  for (const auto reason : enumerators<model::LockReason>()) {
    CAPTURE(symbol(reason));
    auto card = sample::master();
    card.lock.kind = model::LockKind::undetermined;
    card.lock.reason = reason;
    for (auto& row : card.lock.evidence) row.found = false;
    const auto en = lines(shown(card));
    const auto zh = lines(shown(card, Lang::zh));
    CHECK(has(en[0], "kind of lock undetermined"));
    CHECK(has(en[1], "! kind of lock undetermined: "));
    CHECK(en[1].size() > std::string_view{"  ! kind of lock undetermined: "}.size());
    CHECK(has(zh[1], "! 主副锁未能判定："));
    CHECK(has(shown(card), "unit seal ?"));
  }
}

TEST_CASE("every verdict with every next step renders in both languages within the width") {
  for (const auto verdict : enumerators<model::Verdict>())
    for (const auto step : enumerators<model::NextStep>())
      for (const Lang lang : {Lang::en, Lang::zh}) {
        CAPTURE(symbol(verdict));
        CAPTURE(symbol(step));
        auto card = sample::master();
        card.renewal = {verdict, {}, {}, {}, {}, step};
        if (verdict == model::Verdict::no_certificate) card.certificates.clear();
        const auto text = shown(card, lang);
        CHECK(has(lines(text)[0], word(verdict, lang)));
        CHECK(has(text, pick(lang, "下一步", "Next step")));
        CHECK(widest(text) <= 80);
      }
}

TEST_CASE("a window that is not open yet says when it opens") {
  auto card = sample::master();
  card.renewal.verdict = model::Verdict::too_early;
  card.renewal.next_step = model::NextStep::wait;
  card.renewal.opens = sample::time("2026-12-25");
  card.renewal.closes = sample::time("2027-01-24T23:59:59+08:00");
  CHECK(has(shown(card), "opens 2026-12-25 (in 33 days), closes 2027-01-24"));
  CHECK(has(shown(card, Lang::zh), "○ 未到期"));
  CHECK(has(shown(card, Lang::zh), "2026-12-25 起可办（还有 33 天）"));
}

TEST_CASE("the last day, the day after it, and an end in the middle of a day") {
  auto card = sample::master();
  card.renewal.closes = sample::time("2026-11-22T23:59:59+08:00");
  CHECK(has(shown(card), "2026-11-22 (today is the last day)"));
  card.renewal.closes = sample::time("2026-11-23T23:59:59+08:00");
  CHECK(has(shown(card), "2026-11-23 (1 day left)"));
  card.renewal.closes = sample::time("2026-11-21T23:59:59+08:00");
  CHECK(has(shown(card), "2026-11-21 (expired 1 day ago)"));
  card.renewal.closes = sample::time("2026-12-01T10:00:00+08:00");
  CHECK(has(shown(card), "2026-12-01 10:00:00 (9 days left, last full day 2026-11-30)"));
}

TEST_CASE("a certificate from the future points at the clock and shows both times") {
  auto card = sample::master();
  card.renewal = {model::Verdict::not_yet_valid, {}, {}, {}, {}, model::NextStep::check_clock};
  card.certificates[0].certificate.not_before = sample::time("2027-01-01");
  CHECK(has(shown(card), "2027-01-01 00:00:00"));
  CHECK(has(shown(card), "2026-11-22 10:00:00"));
  CHECK(has(shown(card), "clock"));
}

TEST_CASE("a CA that renews nothing leads to a first issue") {
  auto card = sample::master();
  card.ca = {"jsca", {"江苏CA", "Jiangsu CA"}, false};
  card.renewal = {model::Verdict::ca_not_renewable, {}, {}, {}, {}, model::NextStep::first_issue};
  CHECK(has(shown(card), "JSCA certificates are not renewed"));
  CHECK(has(shown(card), "ukey guide first-issue"));
}

TEST_CASE("a failed token shows its error in three lines and its name") {
  auto card = sample::master();
  card.state = model::TokenState::failed;
  card.error = base::Error{base::Code::token_removed, "3f2a9c41",
                           base::Pkcs11Answer{"C_FindObjects", 0x32, "CKR_DEVICE_REMOVED", {}}};
  const auto all = lines(shown(card));
  REQUIRE(all.size() >= 5);
  CHECK(all[0] == "× FAILED  练习-企业主锁");
  CHECK(all[1] == "  the token was unplugged while in use: 3f2a9c41");
  CHECK(all[2] == "  C_FindObjects -> CKR_DEVICE_REMOVED (0x32)");
  CHECK(has(all[3], "ukey status"));
}

TEST_CASE("a command names the token as a shell takes it, or a placeholder where none would do") {
  const auto shown = [](const char* selector) {
    auto card = sample::master();
    card.token.selector = selector;
    card.certificates.push_back(card.certificates.front());
    card.certificates.back().current = false;  // an older certificate leads to "cert list"
    return render(sample::status({card}), style(Lang::en));
  };
  CHECK(has(shown("3f2a9c41"), "ukey cert list -t 3f2a9c41"));
  CHECK(has(shown("练习 主锁"), "ukey cert list -t '练习 主锁'"));
  CHECK(has(shown("pkcs11:slot-id=5"), "ukey cert list -t 'pkcs11:slot-id=5'"));
  CHECK(has(shown("1; rm -rf ~"), "ukey cert list -t '1; rm -rf ~'"));
  for (const char* selector : {"", "-x", "a'b", "a\nb", "a\x1b[0m"})
    CHECK(has(shown(selector), "ukey cert list -t SERIAL"));
}

TEST_CASE("a command that names a token by a label of wide characters is not broken in it") {
  auto card = sample::master();
  card.token.selector = card.token.label;
  for (std::size_t width = 60; width < 100; ++width) {
    auto narrow = style(Lang::zh);
    narrow.width = width;
    CHECK(has(render(sample::status({card}), narrow), "ukey renew run -t '练习-企业主锁'"));
  }
}

TEST_CASE("a list tells tokens with the same names apart by the slot") {
  auto one = sample::master();
  one.token.selector = "pkcs11:slot-id=5";
  auto document = sample::status({one});
  document["command"] = "list";
  CHECK(has(render(document, style(Lang::en)), one.token.label + " slot-id=5"));
}

TEST_CASE("escape sequences from a token never reach the terminal") {
  auto card = sample::master();
  card.token.label = "x\x1b[31m\u202ey\n";
  card.holder.organisation = "a\x1b]0;b\x07";
  card.ca.id = "\x1b[2J";
  card.certificates[0].certificate.algorithm = "\x1b[1m";
  for (const char* command : {"status", "list", "something else"}) {
    auto document = sample::status({card});
    document["command"] = command;
    const auto text = render(document, style(Lang::zh));
    CHECK(!has(text, "\x1b"));
    CHECK(!has(text, "\x07"));
    CHECK(!has(text, "\u202e"));
    CHECK(has(text, "\\x1b"));
  }
}

TEST_CASE("a terminal without UTF-8 gets marks of ASCII and everything in GBK") {
  const auto english = render(sample::status({sample::master()}), style(Lang::en, true));
  CHECK(has(english, "* RENEW NOW"));
  CHECK(has(english, "unit seal OK"));
  const auto chinese = render(sample::status({sample::master()}), style(Lang::zh, true));
  CHECK(base::decoded(base::as_bytes(base::encoded(chinese, "GBK"))) == chinese);
  for (const char* wide : {"●", "○", "√", "×", "·", "…"}) CHECK(!has(chinese, wide));
}

TEST_CASE("a card without colour and one with it say the same") {
  auto colour = style(Lang::zh);
  colour.color = true;
  auto text = render(sample::status({sample::master()}), colour);
  CHECK(has(text, "\x1b["));
  for (auto from = text.find('\x1b'); from != std::string::npos; from = text.find('\x1b'))
    text.erase(from, text.find('m', from) - from + 1);
  CHECK(text == shown(sample::master(), Lang::zh));
}
