#include "tests/ledger/fixture.hpp"

#include <stdlib.h>

#include <system_error>

namespace ukey::ledger_test {

Folder::Folder() {
  auto name = (std::filesystem::temp_directory_path() / "ukey-ledger-XXXXXX").string();
  path = mkdtemp(name.data());
}

Folder::~Folder() {
  std::error_code failed;
  std::filesystem::remove_all(path, failed);
}

model::Attempt whole_attempt() {
  model::Attempt out;
  out.id = ledger::new_id();
  out.revision = 3;
  out.batch = ledger::new_id();
  out.host = "窗口一";
  out.user = "clerk";
  out.token = {"ukey", "practice UKey", out.id.substr(0, 16)};
  out.label = "练习-主锁 'quoted' \"twice\" :name ?";
  out.holder = "青海练习建设有限公司";
  out.uscc = out.id.substr(0, 18);
  out.holder_kind = model::HolderKind::enterprise;
  out.ca = "bjca";
  out.lock = model::LockKind::master;
  out.verdict = model::Verdict::open;
  out.bids = model::BidStatement{model::BidAnswer::withdrawn,
                                 true,
                                 at("2026-11-22T01:59:00Z"),
                                 {"投标.zip", "b"},
                                 {"说明.pdf"}};
  out.fee_receipt = "收据 1";
  out.begun = at("2026-11-22T02:00:00Z");
  out.changed = at("2026-11-22T02:00:41Z");
  out.judged = at("2026-12-01T00:00:00Z");
  out.result = model::AttemptResult::failed;
  out.reason = "";
  out.steps = {{"verdict", at("2026-11-22T02:00:01Z")}, {"bids", at("2026-11-22T02:00:02Z")}};
  out.certificates = {{model::Role::sign,
                       {"0a", at("2026-12-13T15:59:59Z"), std::string(64, 'a')},
                       {"0b", at("2027-12-13T15:59:59Z"), std::string(64, 'b')}},
                      {model::Role::encrypt, {"0c", at("2026-12-13T15:59:59Z"), "cc"}, {}}};
  out.error = base::Error{base::Code::token_refused, "590bee135b071e59",
                          base::Pkcs11Answer{"C_CreateObject", 0x800000A0UL, "", {}}}
                  .because(base::Cause::unsure)
                  .of_command("renew run")
                  .of_so();
  return out;
}

model::Batch whole_batch() {
  model::Batch out;
  out.id = ledger::new_id();
  out.revision = 1;
  out.host = "窗口一";
  out.user = "clerk";
  out.begun = at("2026-11-22T02:00:00Z");
  out.ended = at("2026-11-22T03:00:00Z");
  out.options = {"--manifest", "名单.csv", "--jobs", "8"};
  out.withdrawn = {"pin-file /run/pin"};
  return out;
}

model::BatchItem whole_item(const std::string& batch, unsigned number) {
  model::BatchItem out;
  out.batch = batch;
  out.number = number;
  out.revision = 1;
  out.line = number + 1;
  out.selector = "590bee135b071e59";
  out.note = "二楼";
  out.token = {"ukey", "practice UKey", "590bee135b071e59"};
  out.label = "练习";
  out.holder = "青海练习建设有限公司";
  out.state = model::ItemState::failed;
  out.reason = "pin_wrong";
  out.attempt = ledger::new_id();
  out.pin_source = "pin-file /run/pin";
  out.changed = at("2026-11-22T02:10:00Z");
  return out;
}

std::optional<base::Error> thrown(const std::function<void()>& work) {
  try {
    work();
  } catch (const base::Error& error) {
    return error;
  }
  return std::nullopt;
}

std::vector<std::string> places(const Folder& folder) {
  std::vector<std::string> out{folder.file("ledger.db")};
  if (const char* url = getenv("UKEY_TEST_POSTGRES")) out.emplace_back(url);
  return out;
}

}  // namespace ukey::ledger_test
