// Drivers that remove more than they are told to, or less: what must remain is looked at after each
// removal, a certificate is written again, and a lost key ends the work with its name.
#include "p11/removal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "p11/key_pair.hpp"
#include "p11/writing.hpp"
#include "renewal_scene.hpp"

using namespace ukey;
using namespace ukey::ops;
using namespace ukey::ops::test;
using base::Bytes;
using base::Cause;
using base::Code;
using ledger::Stage;
using model::Role;

namespace {

/// What the driver below does when an object is destroyed.
struct Manners {
  CK_C_DestroyObject really = nullptr;
  std::optional<CK_OBJECT_CLASS> companion{};  // goes along
  bool by_id = true;                           // where it has the same CKA_ID
  bool refuses = false;
  CK_RV answer = CKR_OK;
  int calls = 0;
};
Manners driver;

void take_along(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  auto& module = module_functions();
  std::array<unsigned char, 64> id{};
  CK_ATTRIBUTE of_object{CKA_ID, id.data(), id.size()};
  if (module.C_GetAttributeValue(session, object, &of_object, 1) != CKR_OK) return;
  CK_ATTRIBUTE like[] = {{CKA_CLASS, &*driver.companion, sizeof *driver.companion}, of_object};
  std::array<CK_OBJECT_HANDLE, 8> found{};
  unsigned long count = 0;
  module.C_FindObjectsInit(session, like, driver.by_id ? 2 : 1);
  module.C_FindObjects(session, found.data(), found.size(), &count);
  module.C_FindObjectsFinal(session);
  for (unsigned long i = 0; i < count; ++i)
    if (found[i] != object) driver.really(session, found[i]);
}

CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  ++driver.calls;
  if (driver.refuses) return driver.answer;
  if (driver.companion) take_along(session, object);
  driver.really(session, object);
  return driver.answer;
}

/// The driver with these manners, while it lives.
class Driver {
 public:
  explicit Driver(Manners manners) : tap_(&destroy) {
    driver = manners;
    driver.really = tap_.original;
  }

 private:
  Tap<&CK_FUNCTION_LIST::C_DestroyObject> tap_;
};

const Manners kTakesKey{.companion = CKO_PRIVATE_KEY};

/// What came of finishing a renewal, or of taking it back.
struct End {
  std::optional<base::Error> error;
  Stage stage = Stage::begun;
  model::Generation generation = model::Generation::unknown;
  std::vector<model::Leftover> leftovers;
  std::vector<Bytes> held;
  std::size_t keys = 0;
};

End end_of(const Scene& scene, ledger::Journal journal, void (Installation::*work)()) {
  const Visit visit{*scene.bench, only_token(scene.bench), Access::read_write};
  Installation installation{visit, journal, made, [](model::RenewalStep) {}};
  End out;
  try {
    (installation.*work)();
  } catch (const base::Error& error) {
    out.error = error;
  }
  out.stage = journal.record().stage;
  out.generation = installation.generation();
  out.leftovers = installation.leftovers();
  for (auto& object : p11::read_certificates(visit.session())) out.held.push_back(object.der);
  out.keys = p11::private_key_ids(visit.session()).size();
  return out;
}

const Bytes& former() {
  static const Bytes der = ending(2027);
  return der;
}

const Bytes& fresh() {
  static const Bytes der = ending(2028);
  return der;
}

ledger::Journal answered(const Scene& scene) {
  return scene.journal(Stage::answered, item_of(Role::sign, former(), fresh()));
}

p11::NewCertificate object_of(const Bytes& der, const Bytes& id) {
  return {der, octets("subject"), {}, {}, id, {}};
}

/// A key pair with the ID 2 that a renewal has made, and its record.
ledger::Journal in_vain(const Scene& scene, Stage stage, const Bytes& certificate) {
  auto item = item_of(Role::sign, former(), certificate);
  item.new_key = true;
  item.key_id = octets("2");
  auto journal = scene.journal(stage, item);
  const Visit visit{*scene.bench, only_token(scene.bench), Access::read_write};
  (void)p11::generate_pair(visit.session(), {"ec-p256", item.key_id, octets("new"), true});
  if (!certificate.empty())
    (void)p11::write_certificate(visit.session(), object_of(certificate, item.key_id));
  return journal;
}

}  // namespace

TEST_CASE("a key that goes with a retired certificate is told as lost, never as renewed") {
  const Scene scene({former()});
  const auto journal = answered(scene);
  const Driver rough{kTakesKey};
  const auto end = end_of(scene, journal, &Installation::finish);
  REQUIRE(end.error);
  CHECK(end.error->code() == Code::token_refused);
  CHECK(end.error->cause() == Cause::key_lost);
  CHECK(end.error->subject() == base::hex(octets("1")));
  CHECK(end.stage == Stage::lost);
  CHECK(end.generation == model::Generation::renewed);  // as certificates go
  CHECK(end.keys == 0);
  CHECK(end.held == std::vector<Bytes>{fresh()});
  CHECK_FALSE(ledger::Journal::open(scene.folder.path().string(), only_token(scene.bench).ref));
}

TEST_CASE("after one lost key nothing more is removed, and one that opens files comes last") {
  const Scene scene({former()});
  const auto opens = ending(2028, false);
  auto record = answered(scene).record();
  record.items.insert(record.items.begin(), item_of(Role::encrypt, ending(2027, false), opens));
  for (auto& item : record.items)
    item.swapped = ledger::SavedObject{item.former, octets("subject"), {}, {}, item.key_id, {}};
  auto journal = answered(scene);
  journal.put(record);
  {
    const Visit visit{*scene.bench, only_token(scene.bench), Access::read_write};
    for (const auto& item : record.items)
      (void)p11::write_certificate(visit.session(), object_of(item.fresh, item.key_id));
  }
  const Driver rough{kTakesKey};
  const auto end = end_of(scene, journal, &Installation::undo);
  REQUIRE(end.error);
  CHECK(end.error->cause() == Cause::key_lost);
  CHECK(end.stage == Stage::lost);
  CHECK(driver.calls == 1);
  CHECK(std::ranges::count(end.held, opens) == 1);
  CHECK(std::ranges::count(end.held, fresh()) == 0);
}

TEST_CASE("a key pair made in vain may go with its certificate") {
  const Scene scene({former()});
  const auto journal = in_vain(scene, Stage::answered, fresh());
  const Driver rough{kTakesKey};
  const auto end = end_of(scene, journal, &Installation::undo);
  CHECK_FALSE(end.error);
  CHECK(end.stage == Stage::undone);
  CHECK(end.generation == model::Generation::former);
  CHECK(end.keys == 1);
  CHECK(end.leftovers.empty());
}

TEST_CASE("a certificate that goes with another is written again") {
  const Scene scene({former()});
  const auto journal = answered(scene);
  const Driver rough{{.companion = CKO_CERTIFICATE}};
  const auto end = end_of(scene, journal, &Installation::finish);
  CHECK_FALSE(end.error);
  CHECK(end.stage == Stage::renewed);
  CHECK(end.generation == model::Generation::renewed);
  CHECK(end.held == std::vector<Bytes>{fresh()});
  CHECK(end.keys == 1);
}

TEST_CASE("a data object that goes with a certificate is told as lost by its label") {
  const OwnStore store({"one"}, [](Writer& writer) {
    put_certificate(writer, "one", "1", former());
    put_data(writer, "单位公章", octets("seal"));
  });
  const auto bench = bench_over();
  const Asked asked(*bench);
  const Driver rough{{.companion = CKO_DATA, .by_id = false}};
  const Visit visit{*bench, only_token(bench), Access::read_write};
  const auto handle = p11::read_certificates(visit.session()).at(0).handle;
  const auto error = error_of([&] { (void)p11::remove_certificate(visit.session(), handle); });
  CHECK(error.cause() == Cause::object_lost);
  CHECK(error.subject() == "单位公章");
  CHECK(p11::is_loss(error));
}

TEST_CASE("a data object that once could not be read is not taken for lost") {
  for (int nth = 1; nth <= 12; ++nth) {
    const OwnStore store({"one"}, [](Writer& writer) {
      put_certificate(writer, "one", "1", former());
      put_certificate(writer, "two", "1", fresh());
      put_data(writer, "seal", octets("seal"));
    });
    const auto bench = bench_over();
    const Asked asked(*bench);
    const Demand passing(fmt::format("C_GetAttributeValue:{}=0x30", nth));
    const Visit visit{*bench, only_token(bench), Access::read_write};
    try {
      for (const auto& object : p11::read_certificates(visit.session())) {
        if (object.label != "one") continue;
        const auto refusal = p11::remove_certificate(visit.session(), object.handle);
        CHECK_FALSE(refusal);
      }
    } catch (const base::Error& error) {
      CHECK_FALSE(p11::is_loss(error));
    }
  }
}

TEST_CASE("a former certificate that the token does not let go is told, and the renewal stands") {
  for (const CK_RV answer : {CKR_ACTION_PROHIBITED, CKR_FUNCTION_NOT_SUPPORTED, CKR_OK}) {
    const Scene scene({former()});
    const auto journal = answered(scene);
    const Driver stubborn{{.refuses = true, .answer = answer}};
    const auto end = end_of(scene, journal, &Installation::finish);
    CHECK_FALSE(end.error);
    CHECK(end.stage == Stage::renewed);
    CHECK(end.held.size() == 2);
    REQUIRE(end.leftovers.size() == 1);
    CHECK(end.leftovers[0].object_class == model::ObjectClass::certificate);
    CHECK(end.leftovers[0].error.subject() == "1b");
    CHECK(end.leftovers[0].error.answer()->call == "C_DestroyObject");
    CHECK(end.leftovers[0].error.answer()->rv == answer);
  }
}

TEST_CASE("a removal that the token answers with a failure counts as done where it is done") {
  const Scene scene({former()});
  const auto journal = answered(scene);
  const Driver odd{{.answer = CKR_FUNCTION_FAILED}};
  const auto end = end_of(scene, journal, &Installation::finish);
  CHECK_FALSE(end.error);
  CHECK(end.held == std::vector<Bytes>{fresh()});
  CHECK(end.leftovers.empty());
}

TEST_CASE("a key pair that the token does not let go is told, and the rest is taken back") {
  const Scene scene({former()});
  const auto journal = in_vain(scene, Stage::submitted, {});
  const Driver stubborn{{.refuses = true, .answer = CKR_ACTION_PROHIBITED}};
  const auto end = end_of(scene, journal, &Installation::undo);
  CHECK_FALSE(end.error);
  CHECK(end.stage == Stage::undone);
  REQUIRE(end.leftovers.size() == 1);
  CHECK(end.leftovers[0].object_class == model::ObjectClass::private_key);
  CHECK(end.leftovers[0].error.subject() == base::hex(octets("2")));
  CHECK(driver.calls == 1);  // the public half stays with the private one
  CHECK(end.keys == 2);
}

TEST_CASE("certificates that go with a key pair made in vain are written again") {
  const Scene scene({former()});
  const auto journal = in_vain(scene, Stage::submitted, {});
  const Driver rough{{.companion = CKO_CERTIFICATE, .by_id = false}};
  const auto end = end_of(scene, journal, &Installation::undo);
  CHECK_FALSE(end.error);
  CHECK(end.stage == Stage::undone);
  CHECK(end.held == std::vector<Bytes>{former()});
  CHECK(end.keys == 1);
}
